"""What is given up, and a balance that is paid out: the sums, the postings, and that the books hold."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db.models import Sum

from seatkeeper.adapters.gateways.sandbox.gateway import SandboxGateway
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.ledger.models import Posting
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.ports import Answer, Refund
from seatkeeper.domain.subscriptions.dunning import set_tolerance
from seatkeeper.domain.subscriptions.verify import verify
from tests.cast import CARDS, Story

pytestmark = pytest.mark.django_db


def _moved(story: Story, event: str) -> int:
    found = Posting.objects.filter(account_id=story.account, event=event).aggregate(sum=Sum("amount_minor"))["sum"]
    return int(found or 0)


def _in_debt() -> tuple[Story, Document]:
    """An account whose renewal was declined: one invoice of 242.00 is overdue."""
    story = Story("linde")
    story.buy("basic-monthly", 10)
    story.card("declined")
    story.at("2026-04-02")
    return story, Document.objects.get(account_id=story.account, due_minor__gt=0)


def test_what_is_written_off_is_shown_first_and_due_no_more() -> None:
    story, debt = _in_debt()
    due = debt.due_minor
    shown = story.look("write_off", role="seller", document=debt.id).decision
    assert [(one.id, one.due_minor, one.written_off_minor) for one in shown.document_changes] == [(debt.id, 0, due)]
    assert story.give("write_off", role="seller", document=debt.id).decision.document_changes == shown.document_changes
    debt.refresh_from_db()
    assert (debt.status, debt.due_minor, debt.written_off_minor, debt.paid_minor) == ("uncollectible", 0, due, 0)
    assert _moved(story, "write_off") == due
    assert str(verify()) == "1 accounts hold"


def test_dunning_ends_and_buying_goes_on() -> None:
    story, debt = _in_debt()
    assert story.refused("buy", plan="basic-monthly", seats=1) == "balance_due"
    story.give("write_off", role="seller", document=debt.id)
    story.card("ok")
    assert story.refused("buy", plan="basic-monthly", seats=1) is None
    story.at("2026-06-15")
    debt.refresh_from_db()
    assert debt.steps_done == 0
    assert debt.status == "uncollectible"
    assert {one.status for one in story.state().subscriptions.values()} == {"active"}
    assert str(verify()) == "1 accounts hold"


def test_only_the_seller_gives_up_and_only_once() -> None:
    story, debt = _in_debt()
    assert story.refused("write_off", document=debt.id) == "not_permitted"
    story.give("write_off", role="seller", document=debt.id)
    assert story.refused("write_off", role="seller", document=debt.id) == "nothing_changes"
    assert story.refused("write_off", role="seller", document=10_000) == "nothing_changes"


@pytest.mark.parametrize(("left", "status"), [(4, "paid"), (5, "open")])
def test_a_remainder_under_the_tolerance_is_written_off_with_the_payment(left: int, status: str) -> None:
    story = Story("molenaar")
    set_tolerance(story.seller, 5)
    story.buy("basic-monthly", 10)
    invoice = Document.objects.get(account_id=story.account)
    story.receive(invoice.due_minor - left)
    invoice.refresh_from_db()
    forgiven = left if status == "paid" else 0
    assert (invoice.status, invoice.due_minor, invoice.written_off_minor) == (status, left - forgiven, forgiven)
    assert _moved(story, "write_off") == forgiven
    assert str(verify()) == "1 accounts hold"


def test_paying_nearly_all_by_card_shows_what_is_written_off() -> None:
    story, debt = _in_debt()
    set_tolerance(story.seller, 5)
    story.card("ok")  # tried at once, and paid
    debt.refresh_from_db()
    assert debt.due_minor == 0
    story.card("declined")
    story.at("2026-05-02")
    debt = Document.objects.get(account_id=story.account, due_minor__gt=0)
    story.give("replace_card", old=None, token=CARDS["ok"], label="another")
    good = max(story.state().methods)
    shown = dict(story.look("pay", document=debt.id, method=good, amount_minor=debt.due_minor - 3).decision.facts)
    assert (shown["written_off_minor"], shown["left_minor"]) == (3, 0)
    story.give("pay", document=debt.id, method=good, amount_minor=debt.due_minor - 3)
    debt.refresh_from_db()
    assert (debt.status, debt.written_off_minor) == ("paid", 3)
    assert str(verify()) == "1 accounts hold"


def test_a_balance_goes_back_to_the_payments_newest_first() -> None:
    story = Story("linde")
    one = story.buy("basic-monthly", 10)
    other = story.buy("basic-monthly", 4)
    story.at("2026-03-03T12:00")
    story.give("cancel", subscription=one, when="now")
    assert story.refused("pay_out", role="seller") == "still_billed"
    story.give("cancel", subscription=other, when="now")
    balance = story.state().balance_minor
    newest = Attempt.objects.filter(account_id=story.account, status="succeeded").order_by("-id")[0]
    shown = story.look("pay_out", role="seller").decision
    assert shown.refunds[0] == (newest.id, newest.amount_minor)
    assert sum(minor for _, minor in shown.refunds) == balance > newest.amount_minor
    story.give("pay_out", role="seller")
    assert story.state().balance_minor == 0
    story.at("2026-03-04")
    assert _moved(story, "balance_paid_out") == _moved(story, "refund") == balance
    assert str(verify()) == "1 accounts hold"


def test_what_no_gateway_takes_back_returns_to_the_balance(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: SandboxGateway, refunds: Sequence[Refund]) -> list[Answer]:
        return [Answer(one.key, False, "refund_refused") for one in refunds]

    monkeypatch.setattr(SandboxGateway, "refund", refuse)
    story = Story("linde")
    story.give("cancel", subscription=story.buy("basic-monthly", 10), when="now")
    balance = story.state().balance_minor
    story.give("pay_out", role="seller")
    story.at("2026-03-02")
    assert (story.state().balance_minor, _moved(story, "refund_failed")) == (balance, balance)
    assert str(verify()) == "1 accounts hold"
