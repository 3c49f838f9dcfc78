"""The bank wants a payment to be confirmed: the decision waits for the person, up to 30 minutes (DOMAIN.md 9.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from seatkeeper.adapters.gateways.sandbox.gateway import SandboxGateway
from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.confirming import bank_address, finish
from seatkeeper.domain.subscriptions.memos import packed, unpacked
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor, Context, call
from tests.cast import Story, full_name
from tests.domain.paid_by_stripe import call as stripe_calls
from tests.domain.paid_by_stripe import told

pytestmark = pytest.mark.django_db


class AtTheDesk(Story):
    """De Linde's people sit at the web page, and their card wants every payment to be confirmed."""

    def context(self, *, role: str = "owner", preview: bool = False) -> Context:
        return replace(super().context(role=role, preview=preview), actor=Actor(role, via="web"))

    def click(self, command: str, **arguments: Any) -> str:
        """As the portal does: preview, then confirm; the code of the refusal, or empty."""
        token = self.look(command, **arguments).token
        try:
            call(full_name(command), self.context(), **arguments, preview=token)
        except Refused as refusal:
            return refusal.code
        return ""

    def waiting(self) -> Attempt:
        """The attempt that waits for its person."""
        return Attempt.objects.get(account_id=self.account, status="pending", reason="authentication")

    def at_the_bank(self, attempt: Attempt, yes: bool) -> None:
        assert bank_address(self.account, attempt.id, self.now) == f"/provider/confirm/{self.account}-{attempt.id}"
        assert SandboxGateway().confirm(f"{self.account}-{attempt.id}", yes)


def taken(story: Story) -> int:
    rows = SandboxCharge.objects.filter(key__startswith=f"{story.account}-", outcome="confirm", confirmed="yes")
    return sum(row.amount_minor for row in rows if not row.reversed)


@pytest.fixture
def desk() -> Iterator[AtTheDesk]:
    story = AtTheDesk("linde")
    story.give("replace_card", old=1, token="sandbox_confirm", label="Visa")
    yield story
    assert verify(seller=story.seller).ok


def test_a_purchase_waits_for_the_bank_and_is_done_when_confirmed(desk: AtTheDesk) -> None:
    assert desk.click("buy", plan="basic-monthly", seats=3, assign_to=desk.users(1)) == "payment_pending"
    assert not desk.state().subscriptions and taken(desk) == 0
    one = desk.waiting()
    assert finish(desk.account, one.id, desk.now) == Receipt.objects.get().reference, "not confirmed yet"
    assert not desk.state().subscriptions
    desk.now += timedelta(minutes=12)
    desk.at_the_bank(one, True)
    finish(desk.account, one.id, desk.now)
    (bought,) = desk.state().subscriptions.values()
    assert bought.seats == 3 and taken(desk) == one.amount_minor and desk.state().documents == ()
    receipt = Receipt.objects.get()
    assert (receipt.status, receipt.outcome["charged"]) == ("done", one.amount_minor)
    assert finish(desk.account, one.id, desk.now) == receipt.reference, "and once only"
    assert len(desk.state().subscriptions) == 1


def test_the_run_leaves_it_alone_for_30_minutes_and_then_calls_it_off(desk: AtTheDesk) -> None:
    assert desk.click("buy", plan="basic-monthly", seats=3) == "payment_pending"
    one = desk.waiting()
    tick(desk.now + timedelta(minutes=29), seller=desk.seller)
    assert desk.waiting().id == one.id
    tick(desk.now + timedelta(minutes=30), seller=desk.seller)
    assert Attempt.objects.get(account_id=desk.account, id=one.id).status == "reversed"
    assert Receipt.objects.get().status == "given_back"
    assert SandboxGateway().confirm(f"{desk.account}-{one.id}", True) is None and taken(desk) == 0
    assert not desk.state().subscriptions


def test_confirmed_after_the_time_was_up_nothing_is_taken(desk: AtTheDesk) -> None:
    desk.click("buy", plan="basic-monthly", seats=3)
    one = desk.waiting()
    desk.at_the_bank(one, True)
    tick(desk.now + timedelta(minutes=31), seller=desk.seller)
    finish(desk.account, one.id, desk.now + timedelta(minutes=32))
    assert taken(desk) == 0 and not desk.state().subscriptions


def test_a_payment_that_is_not_confirmed_changes_nothing(desk: AtTheDesk) -> None:
    desk.click("buy", plan="basic-monthly", seats=3)
    one = desk.waiting()
    desk.at_the_bank(one, False)
    finish(desk.account, one.id, desk.now)
    one.refresh_from_db()
    assert (one.status, one.reason) == ("declined", "authentication_required")
    assert Receipt.objects.get().status == "given_back" and not desk.state().subscriptions


def test_what_changed_meanwhile_gives_the_money_back(desk: AtTheDesk) -> None:
    bought = ordinary(desk)
    assert desk.click("set_seats", subscription=bought, seats=12) == "payment_pending"
    one = desk.waiting()
    desk.give("set_seats", subscription=bought, seats=8)
    desk.at_the_bank(one, True)
    finish(desk.account, one.id, desk.now)
    one.refresh_from_db()
    assert one.status == "reversed" and taken(desk) == 0
    assert desk.subscription(bought).seats == 8 and Receipt.objects.get().status == "given_back"


def ordinary(desk: AtTheDesk) -> int:
    """Something bought by a card that asks nothing, before the one that does took over."""
    desk.give("replace_card", old=desk.members["linde"].current_method(), token="sandbox_ok", label="other")
    bought = desk.buy("basic-monthly", 10)
    desk.give("replace_card", old=desk.members["linde"].current_method(), token="sandbox_confirm.2", label="Visa")
    return bought


def test_an_open_invoice_is_paid_when_confirmed(desk: AtTheDesk) -> None:
    ordinary(desk)
    desk.at("2026-04-01")
    (document,) = desk.state().documents
    assert Attempt.objects.filter(reason="authentication_required", status="declined").count() == 1, "nobody was there"
    method = desk.members["linde"].current_method()
    assert desk.click("pay", document=document.id, method=method) == ""
    one = desk.waiting()
    assert one.purpose == "document" and desk.state().documents[0].pending_minor == document.due_minor
    tick(desk.now + timedelta(minutes=10), seller=desk.seller)
    desk.at_the_bank(desk.waiting(), True)
    assert finish(desk.account, one.id, desk.now + timedelta(minutes=11)) == Receipt.objects.get().reference
    assert desk.state().documents == ()


def test_an_open_invoice_that_nobody_confirms_can_be_paid_again(desk: AtTheDesk) -> None:
    ordinary(desk)
    desk.at("2026-04-01")
    (document,) = desk.state().documents
    method = desk.members["linde"].current_method()
    desk.click("pay", document=document.id, method=method)
    tick(desk.now + timedelta(minutes=30), seller=desk.seller)
    desk.now += timedelta(minutes=31)
    assert desk.state().documents[0].pending_minor == 0
    assert desk.click("pay", document=document.id, method=method) == ""
    desk.at_the_bank(desk.waiting(), True)
    finish(desk.account, desk.waiting().id, desk.now)
    assert desk.state().documents == () and taken(desk) == document.due_minor


def test_another_account_and_another_attempt_find_nothing(desk: AtTheDesk) -> None:
    desk.click("buy", plan="basic-monthly", seats=3)
    one = desk.waiting()
    for account, attempt in ((desk.account + 1, one.id), (desk.account, one.id + 1), (desk.account, 0)):
        assert not finish(account, attempt, desk.now) and bank_address(account, attempt, desk.now) == ""
    assert desk.waiting().id == one.id


def test_stripe_tells_of_a_confirmed_purchase_before_the_person_is_back(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    class Desk(AtTheDesk):
        """The same, at Stripe."""

    with told(monkeypatch, settings) as story:
        card = story.server.card("confirm", story.customer)
        story.give("replace_card", old=1, token=f"stripe_{story.customer}.{card}", label="Visa")
        desk = Desk.__new__(Desk)
        desk.__dict__.update(story.__dict__)
        assert desk.click("buy", plan="basic-monthly", seats=3) == "payment_pending"
        one = desk.waiting()
        intent = story.intent(one)
        assert bank_address(desk.account, one.id, desk.now).endswith(f"/bank/{intent['id']}")
        assert intent["next_action"]["redirect_to_url"]["return_url"].endswith(f"/payments/{one.id}")
        story.server.confirm_at_bank(intent["id"], True)
        assert stripe_calls(story.last_event("payment_intent.succeeded")) == (200, "done")
        assert len(desk.state().subscriptions) == 1 and Receipt.objects.get().status == "done"
        assert story.server.taken_minor() == one.amount_minor and verify(seller=desk.seller).ok


def test_arguments_come_back_as_they_were() -> None:
    given = {"items": ({"plan": "a", "start": date(2026, 3, 1), "users": (1, 2)},), "seats": 3, "list": [None, True]}
    assert unpacked(packed(given)) == given
