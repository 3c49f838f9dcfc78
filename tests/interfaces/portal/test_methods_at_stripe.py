"""Adding a card at Stripe's own page, from the portal and back (DOMAIN.md 9.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from seatkeeper.adapters.gateways.stripe.models import StripeVisit
from seatkeeper.domain.accounts.models import Seller
from seatkeeper.domain.payments.models import Method
from tests.adapters.stripes import point_at
from tests.support.organisation import Organisation
from tests.support.portal import signed_in
from tests.support.stripe_server import StripeServer

ADD = "/bills/methods/add"


@pytest.fixture
def stripe(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[StripeServer]:
    settings.METHOD_GATEWAYS = {"card": "stripe", "direct_debit": "stripe"}
    with StripeServer() as server:
        point_at(server.address, monkeypatch, settings)
        yield server


def test_a_card_is_entered_at_stripe_and_comes_back_as_a_method(contoso: Organisation, stripe: StripeServer) -> None:
    client = signed_in(contoso)
    page = client.get(ADD)
    policy = page.headers["Content-Security-Policy"]
    assert "form-action 'self' https://checkout.stripe.com" in policy
    there = client.post(ADD, {"back": "/bills"})["Location"]
    assert there.startswith(stripe.address)
    session = stripe.objects[urlsplit(there).path.rpartition("/")[2]]
    assert session["client_reference_id"] == str(contoso.account)
    back = urlsplit(session["success_url"])
    address = f"{back.path}?{back.query}"
    assert client.get(address).status_code == 404, "nothing was entered yet"
    stripe.complete(session["id"])
    assert client.get(address)["Location"] == "/bills"
    made = Method.objects.filter(account_id=contoso.account).latest("id")
    assert (made.gateway, made.kind, made.brand, made.last_four) == ("stripe", "card", "Visa", "4242")
    assert client.get(address)["Location"] == "/bills", "a reload adds nothing"
    assert Method.objects.filter(account_id=contoso.account).count() == 3


def test_leaving_stripe_adds_nothing_and_says_so(contoso: Organisation, stripe: StripeServer) -> None:
    client = signed_in(contoso)
    there = client.post(ADD)["Location"]
    session = stripe.objects[urlsplit(there).path.rpartition("/")[2]]
    left = urlsplit(session["cancel_url"])
    assert "Nothing was added" in client.get(f"{left.path}?{left.query}").content.decode()


def test_a_provider_that_is_away_is_said_and_nothing_is_lost(contoso: Organisation, stripe: StripeServer) -> None:
    client = signed_in(contoso)
    there = client.post(ADD)["Location"]
    session = stripe.objects[urlsplit(there).path.rpartition("/")[2]]
    stripe.complete(session["id"])
    stripe.trouble = lambda number, when, path: "drop"
    answer = client.post(ADD)
    assert answer.status_code == 503 and "does not answer now" in answer.content.decode()
    back = urlsplit(session["success_url"])
    told = client.get(f"{back.path}?{back.query}")
    assert told.status_code == 200 and "load this page again" in told.content.decode()
    stripe.trouble = lambda number, when, path: ""
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    assert Method.objects.filter(account_id=contoso.account).count() == 3


def test_a_seller_chooses_gateways_by_kind_and_the_page_asks_which(contoso: Organisation, stripe: StripeServer) -> None:
    Seller.objects.filter(id=contoso.seller).update(gateways={"direct_debit": "sandbox"})
    client = signed_in(contoso)
    html = client.get(ADD).content.decode()
    assert 'name="gateway" value="stripe" checked' in html and 'name="gateway" value="sandbox"' in html
    assert "Direct debit" in html
    page = client.post(ADD, {"gateway": "sandbox"})["Location"]
    assert page.startswith("/provider/")
    offered = client.get(page).content.decode()
    assert "NL91 ABNA" in offered and "Mastercard" not in offered
    assert client.post(ADD, {"gateway": "nonsense"})["Location"].startswith(stripe.address)


def test_a_visit_of_another_organisation_is_not_there(contoso: Organisation, stripe: StripeServer) -> None:
    client = signed_in(contoso)
    there = client.post(ADD)["Location"]
    session = stripe.objects[urlsplit(there).path.rpartition("/")[2]]
    stripe.complete(session["id"])
    setup = urlsplit(session["success_url"]).path
    StripeVisit.objects.update(reference=str(contoso.stranger))
    assert client.get(setup).status_code == 404
    assert Method.objects.filter(account_id=contoso.account).count() == 2
