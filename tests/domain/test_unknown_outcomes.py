"""A charge whose outcome is not known is asked after before anything is tried again (DOMAIN.md 9.3, 9.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from seatkeeper.adapters.gateways.sandbox.gateway import SandboxGateway
from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.ports import Answer, Charge
from seatkeeper.domain.subscriptions import execution
from seatkeeper.domain.subscriptions.charging import COMMAND_MAY_TAKE
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from tests.cast import CARDS, Story, moment

pytestmark = pytest.mark.django_db

ASKING = "seatkeeper.domain.payments.asking.gateway"


class LosesItsAnswers(SandboxGateway):
    """Takes the money, and times out before it can say so; asked later it is away."""

    def charge(self, charges: Sequence[Charge]) -> list[Answer]:
        super().charge(charges)
        raise TimeoutError("no answer")

    def outcome(self, charges: Sequence[Charge]) -> dict[str, Answer]:
        known = super().outcome(charges)
        if known:
            raise TimeoutError("no answer")
        return known


def _away(name: str) -> LosesItsAnswers:
    return LosesItsAnswers()


def _taken(story: Story) -> int:
    """What the gateway took of the account, less what it gave back."""
    rows = SandboxCharge.objects.filter(key__startswith=f"{story.account}-", kind="charge", outcome="ok")
    return sum(row.amount_minor for row in rows.exclude(reversed=True))


def test_an_outage_over_every_dunning_day_charges_once(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story("linde")
    bought = story.buy()
    before = _taken(story)
    with monkeypatch.context() as outage:
        outage.setattr(ASKING, _away)
        for day in ("2026-04-01", "2026-04-04", "2026-04-08", "2026-04-15", "2026-04-22", "2026-04-30"):
            tick(moment(day), seller=story.seller)
    (document,) = story.state().documents
    assert Attempt.objects.filter(account_id=story.account, purpose="document").count() == 1
    assert document.steps_done == 0 and story.subscription(bought).status == "active"
    tick(moment("2026-04-30T12:00"), seller=story.seller)
    assert story.state().documents == () and story.state().balance_minor == 0
    assert _taken(story) - before == document.gross_minor
    assert verify(seller=story.seller).ok


def test_dunning_goes_on_once_the_outcome_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story("linde")
    story.buy()
    story.card("declined")
    with monkeypatch.context() as outage:
        outage.setattr(ASKING, _away)
        tick(moment("2026-04-01"), seller=story.seller)
        tick(moment("2026-04-05"), seller=story.seller)
    tick(moment("2026-04-06"), seller=story.seller)
    (document,) = story.state().documents
    assert (document.steps_done, document.pending_minor) == (1, 0)
    assert document.overdue(story.state().today(moment("2026-04-06")))
    assert verify(seller=story.seller).ok


def test_paying_again_waits_for_the_first_payment(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story("linde")
    story.buy()
    story.card("declined")
    story.at("2026-04-02")
    story.give("replace_card", old=None, token=CARDS["ok"], label="second")
    second = max(story.state().methods)
    (document,) = story.state().documents
    before = _taken(story)
    with monkeypatch.context() as outage:
        outage.setattr(ASKING, _away)
        assert story.refused("pay", document=document.id, method=second) is None
        assert story.refused("pay", document=document.id, method=second) == "payment_pending"
    story.now += timedelta(minutes=1)
    assert story.refused("pay", document=document.id, method=second) == "nothing_changes"
    assert _taken(story) - before == document.gross_minor and story.state().balance_minor == 0
    assert verify(seller=story.seller).ok


def test_a_new_card_is_not_charged_while_the_old_ones_outcome_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story("linde")
    story.buy()
    story.card("declined")
    story.at("2026-04-02")
    (document,) = story.state().documents
    before = _taken(story)
    with monkeypatch.context() as outage:
        outage.setattr(ASKING, _away)
        story.card("ok")
        story.card("ok")
    story.at("2026-04-03")
    assert story.state().documents == () and _taken(story) - before == document.gross_minor
    assert verify(seller=story.seller).ok


def test_a_command_without_an_answer_is_refused_and_its_money_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story("linde")
    before = _taken(story)
    with monkeypatch.context() as outage:
        outage.setattr(execution, "gateway", _away)
        assert story.refused("buy", plan="basic-monthly", seats=10) == "payment_pending"
    assert _taken(story) > before and not story.state().subscriptions
    story.at("2026-03-01T09:11")
    assert _taken(story) == before
    assert Attempt.objects.get(account_id=story.account).status == "reversed"


class ComesBackLate(SandboxGateway):
    """Answers so late that the charge was claimed and given back meanwhile."""

    def __init__(self, meanwhile: Callable[[], Any]) -> None:
        self.meanwhile = meanwhile

    def charge(self, charges: Sequence[Charge]) -> list[Answer]:
        answers = super().charge(charges)
        self.meanwhile()
        return answers


@pytest.mark.django_db(transaction=True)
def test_a_command_that_comes_back_after_its_charge_was_given_back_is_not_applied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = Story("linde")
    later = story.now + COMMAND_MAY_TAKE
    late = ComesBackLate(lambda: tick(later, seller=story.seller))
    monkeypatch.setattr(execution, "gateway", lambda name: late)
    with pytest.raises(Refused) as refusal:
        story.give("buy", plan="basic-monthly", seats=10)
    assert refusal.value.code == "preview_stale"
    assert not story.state().subscriptions and _taken(story) == 0
    assert verify(seller=story.seller).ok


@pytest.mark.django_db(transaction=True)
def test_a_charge_that_is_being_given_back_is_not_applied_by_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command comes back in the middle: its charge is claimed, the money not yet on its way."""
    story = Story("linde")
    seen: list[str] = []

    class DiesGivingBack(SandboxGateway):
        def reverse(self, keys: Sequence[str]) -> None:
            seen.append(Attempt.objects.get(account_id=story.account).purpose)
            raise TimeoutError("no answer")

    monkeypatch.setattr(ASKING, lambda name: DiesGivingBack())
    late = ComesBackLate(lambda: tick(story.now + COMMAND_MAY_TAKE, seller=story.seller))
    monkeypatch.setattr(execution, "gateway", lambda name: late)
    assert story.refused("buy", plan="basic-monthly", seats=10) == "preview_stale"
    assert seen == ["reversal"], "claimed before the money goes back"
    assert not story.state().subscriptions and _taken(story) == 0


def test_one_dead_gateway_does_not_hold_up_the_other(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.GATEWAYS = {**settings.GATEWAYS, "dead": "not asked for, as it is replaced below"}
    story = Story("linde", "ravel")
    story.buy()
    story.give("replace_card", old=1, kind="direct_debit", token="dead_1", label="mandate")
    story.who = "ravel"
    story.buy()
    sandbox = SandboxGateway()
    monkeypatch.setattr(ASKING, lambda name: _away(name) if name == "dead" else sandbox)
    tick(moment("2026-04-01"), seller=story.seller)
    assert story.state().documents == ()
    story.who = "linde"
    assert story.state().documents[0].pending_minor > 0


def test_a_declined_card_does_not_make_an_invoice_overdue_that_is_due_later() -> None:
    story = Story("molenaar")
    story.buy()
    (document,) = story.state().documents
    story.give("replace_card", old=None, token=CARDS["lost"], label="a card")
    card = max(story.state().methods)
    assert story.refused("pay", document=document.id, method=card) == "payment_declined"
    (document,) = story.state().documents
    assert document.overdue_from is None and not document.blocked
    assert story.refused("buy", plan="basic-monthly", seats=1) is None
    assert story.state().methods[card].blocked


def test_a_lost_card_is_not_tried_again_by_choosing_it() -> None:
    story = Story("linde")
    bought = story.buy()
    story.card("lost")
    lost = max(story.state().methods)
    story.at("2026-04-02")
    assert story.state().methods[lost].blocked
    story.give("replace_card", old=None, token=CARDS["declined"], label="other")
    other = max(story.state().methods)
    story.give("set_payment_method", subscription=bought, method=other)
    tries = Attempt.objects.filter(account_id=story.account, method_id=lost).count()
    story.give("set_payment_method", subscription=bought, method=lost)
    assert Attempt.objects.filter(account_id=story.account, method_id=lost).count() == tries


def test_coming_back_without_recurring_billing_drops_what_is_booked() -> None:
    story = Story("linde")
    bought = story.buy("basic-monthly")
    story.card("declined")
    story.at("2026-04-02")
    story.give("set_seats", subscription=bought, seats=5, when="renewal")
    story.at("2026-05-02")
    assert story.subscription(bought).status == "disabled" and story.subscription(bought).booked_seats == 5
    story.card("ok")
    decision = story.look("reactivate", subscription=bought, recurring="off").decision
    assert [one.value for one in decision.dropped] == ["5"]
    story.give("reactivate", subscription=bought, recurring="off")
    assert story.subscription(bought).booked_seats is None
