"""Adding a card at Stripe's own page: what is asked of Stripe, and what is made of what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from seatkeeper.adapters.gateways.stripe.models import StripeVisit
from seatkeeper.adapters.gateways.stripe.pages import StripePages
from seatkeeper.domain.payments.ports import GatewayAway
from tests.adapters.stripes import StandInRail, point_at
from tests.support.stripe_server import StripeServer

pytestmark = pytest.mark.django_db
BACK = "/bills/methods/added/{setup}?back=%2Fbills%2Fmethods"


@pytest.fixture
def rail(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[StandInRail]:
    settings.PUBLIC_ADDRESS = "https://licences.example"
    with StripeServer() as server:
        point_at(server.address, monkeypatch, settings)
        yield StandInRail(server)


def begun(rail: StandInRail, *kinds: str) -> tuple[str, dict[str, Any]]:
    """A visit's id, and what Stripe knows of it."""
    address = StripePages().begin("7", BACK, kinds or ("card",))
    session = rail.server.objects[urlsplit(address).path.rpartition("/")[2]]
    return StripeVisit.objects.get(session=session["id"]).id, session


def test_a_card_comes_back_as_a_token_and_what_people_know_it_by(rail: StandInRail) -> None:
    pages = StripePages()
    setup, session = begun(rail, "card", "direct_debit")
    assert session["payment_method_types"] == ["card", "sepa_debit"] and session["mode"] == "setup"
    assert session["success_url"] == f"https://licences.example/bills/methods/added/{setup}?back=%2Fbills%2Fmethods"
    assert session["cancel_url"] == f"{session['success_url']}&left=yes"
    assert pages.registered(setup) is None, "nothing was entered yet"
    rail.server.complete(session["id"])
    found = pages.registered(setup)
    assert found is not None and found.token.startswith(f"stripe_{session['customer']}.pm_")
    assert (found.reference, found.kind, found.label) == ("7", "card", "Visa ending 4242")
    assert (found.brand, found.last_four, found.expires_on) == ("Visa", "4242", date(2028, 2, 29))


def test_a_bank_account_comes_back_as_a_mandate(rail: StandInRail) -> None:
    setup, session = begun(rail, "direct_debit")
    rail.server.complete(session["id"], "slow", "sepa_debit")
    found = StripePages().registered(setup)
    assert found is not None and found.token.endswith(".sepa_debit")
    assert (found.kind, found.label, found.brand, found.expires_on) == ("direct_debit", "NL ... 4300", "", None)


def test_a_visit_is_used_once_and_given_back_when_it_could_not_be(rail: StandInRail) -> None:
    pages = StripePages()
    setup, _ = begun(rail)
    assert pages.take(setup) and not pages.take(setup)
    pages.give_back(setup)
    assert pages.take(setup) and not pages.take("stripe.unknown")
    assert pages.registered("stripe.unknown") is None and pages.offered(setup, "7") == ()


def test_an_organisation_is_one_customer_and_nothing_is_told_of_it(rail: StandInRail) -> None:
    first, second = begun(rail)[1], begun(rail)[1]
    assert first["customer"] == second["customer"]
    (made,) = [params for method, path, params in rail.server.asked if path == "/v1/customers"]
    assert set(made) == {"metadata"} and made["metadata"]["seatkeeper"].endswith("-7")


@pytest.mark.parametrize("how", ["drop", "nonsense", "list", "empty", "error"])
def test_a_page_that_cannot_be_begun_or_asked_is_away(rail: StandInRail, how: str) -> None:
    setup, session = begun(rail)
    rail.server.complete(session["id"])
    rail.server.trouble = lambda number, when, path: how if when == "after" else ""
    with pytest.raises(GatewayAway):
        StripePages().begin("7", BACK, ("card",))
    if how == "empty":
        assert StripePages().registered(setup) is None
    else:
        with pytest.raises(GatewayAway):
            StripePages().registered(setup)
    rail.server.trouble = lambda number, when, path: ""
    assert StripePages().registered(setup) is not None
