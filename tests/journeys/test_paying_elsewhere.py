"""To a provider's or a bank's own page and back, in a browser: under the strict policy, with the session kept."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from seatkeeper.domain.payments.models import Method
from tests.adapters.stripes import point_at
from tests.support.organisation import Organisation
from tests.support.steps import Person, faults
from tests.support.stripe_server import StripeServer
from tests.support.visited import address


def test_a_card_is_entered_at_stripes_page(
    anna: Person, contoso: Organisation, live_server: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    with StripeServer() as stripe:
        point_at(stripe.address, monkeypatch, settings)
        settings.METHOD_GATEWAYS = {"card": "stripe", "direct_debit": "sandbox"}
        settings.METHOD_PAGE_ORIGINS = {"stripe": stripe.address}
        settings.PUBLIC_ADDRESS = live_server.url
        anna.open("/bills/methods/add")
        expect(anna.page.get_by_role("radio", name="Card")).to_be_checked()
        assert not faults(anna.page)
        anna.push("main form button[type=submit]")
        expect(anna.page.locator("h1")).to_have_text("Stripe")
        anna.follow("Save card")
        expect(anna.page.locator("main")).to_contain_text("Visa ending 4242 is added.")
        assert Method.objects.filter(account_id=contoso.account, gateway="stripe").count() == 1


def test_a_payment_is_confirmed_at_the_banks_page(anna: Person, contoso: Organisation) -> None:
    Method.objects.filter(account_id=contoso.account).update(token="sandbox_confirm")
    anna.open(address(contoso, "/products/{standard}/licences?seats=12")).confirm()
    assert anna.receipt() == "Your bank wants you to confirm this payment"
    assert not faults(anna.page)
    anna.follow("Confirm €16.59 at your bank")
    expect(anna.page.locator("h1")).to_have_text("Your bank (sandbox)")
    assert not faults(anna.page)
    anna.push('button[value="confirm"]')
    assert "12 licences" in anna.receipt()
