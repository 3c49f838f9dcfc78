"""The sandbox keeps the contract of gateways, and its page offers a card for every outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seatkeeper.adapters.gateways.sandbox.gateway import BEHAVIOURS, SandboxGateway
from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge, SandboxSetup
from seatkeeper.adapters.gateways.sandbox.pages import METHODS, SandboxPages
from seatkeeper.core.payments.declines import DECLINES
from seatkeeper.domain.payments.ports import Charge, GatewayAway
from seatkeeper.interfaces.portal.views.methods import BEHAVES
from tests.adapters.gateways import BEGAN, Contract

pytestmark = pytest.mark.django_db


class LosesAnswers(SandboxGateway):
    """The sandbox behind a bad line."""

    lost: str = ""

    def _lose(self, when: str) -> None:
        if self.lost == when:
            self.lost = ""
            raise GatewayAway("the line is down")

    def charge(self, charges):  # type: ignore[no-untyped-def]
        self._lose("before")
        found = super().charge(charges)
        self._lose("after")
        return found

    def refund(self, refunds):  # type: ignore[no-untyped-def]
        found = super().refund(refunds)
        self._lose("after")
        return found


class SandboxRail:
    """The sandbox; its clock is the instant at which it is asked."""

    def __init__(self) -> None:
        self.gateway = LosesAnswers()

    def token(self, behaviour: str) -> str:
        return f"sandbox_{behaviour}.{behaviour}"

    def days_later(self, days: int) -> None:
        """Nothing to do: every question says when it is asked."""

    def confirm(self, charge: Charge, yes: bool) -> None:
        self.gateway.confirm(charge.key, yes)

    def lose_next_answer(self, *, after: bool) -> None:
        self.gateway.lost = "after" if after else "before"

    def taken_minor(self) -> int:
        """What stands at the sandbox, less what it gave back."""
        total = 0
        for row in SandboxCharge.objects.exclude(amount_minor=0):
            asked = Charge(row.key, "", row.amount_minor, row.currency, BEGAN, "somebody is there")
            if row.kind == "charge":
                total += row.amount_minor * (self.gateway.outcome([asked])[row.key].succeeded and not row.reversed)
            elif row.outcome == "ok":
                total -= row.amount_minor
        return total


@pytest.fixture
def rail() -> SandboxRail:
    return SandboxRail()


class TestSandbox(Contract):
    """The contract."""


def test_every_outcome_has_a_card_and_words() -> None:
    offered = {one.outcome for one in METHODS.values()}
    assert offered | {"closed"} == set(BEHAVIOURS) and set(BEHAVES) >= offered
    assert {one.reason for one in BEHAVIOURS.values()} - {""} <= set(DECLINES)


def test_a_silent_card_says_nothing_the_first_time() -> None:
    sandbox = SandboxGateway()
    charge = Charge("1-1", "sandbox_silent", 100, "EUR", BEGAN)
    with pytest.raises(GatewayAway):
        sandbox.charge([charge])
    assert sandbox.outcome([charge])["1-1"].succeeded and sandbox.charge([charge])[0].succeeded


def test_what_happened_comes_at_its_day() -> None:
    sandbox = SandboxGateway()
    sandbox.charge([Charge("1-1", "sandbox_slow-fails", 100, "EUR", BEGAN)])
    assert [one.said for one in sandbox.happened(BEGAN, BEGAN + timedelta(days=2))] == ["waits"]
    (told,) = sandbox.happened(BEGAN + timedelta(days=1), BEGAN + timedelta(days=3))
    assert (told.said, told.reason, told.at) == ("declined", "insufficient_funds", BEGAN + timedelta(days=3))


def test_the_page_offers_only_what_the_seller_takes_there() -> None:
    pages = SandboxPages()
    pages.begin("7", "/back/{setup}", ("direct_debit",))
    setup = SandboxSetup.objects.get().id
    assert {one.kind for one in pages.offered(setup, "7")} == {"direct_debit"}
    assert pages.offered(setup, "8") == ()
    assert pages.choose(setup, "sepa-slow") == f"/back/{setup}"
    found = pages.registered(setup)
    assert found is not None and found.token.startswith("sandbox_slow.") and found.kind == "direct_debit"
