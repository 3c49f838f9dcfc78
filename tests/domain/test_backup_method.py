"""The backup method: charged at once where a charge by itself is declined, once for each document and try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from seatkeeper.adapters.gateways.sandbox.gateway import SandboxGateway
from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import DUNNING
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import Attempt, Method
from seatkeeper.domain.payments.ports import Answer, Charge
from seatkeeper.domain.subscriptions import charging
from seatkeeper.domain.subscriptions.dunning import failures, planned
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.journal.models import Event
from tests.cast import CARDS, Story

pytestmark = pytest.mark.django_db
RENEWAL = "2026-04-01T09:00"
OWN, BACKUP = "own", "backup"


def with_backup(story: Story, own: str, backup: str) -> int:
    """Both cards of the member, by what the sandbox answers to them; the backup's id."""
    story.card(own)
    added: int = story.give("replace_card", old=None, token=CARDS[backup], label="backup").method
    story.give("set_backup_method", method=added)
    return added


def renewing(own: str, backup: str, *cast: str) -> tuple[Story, int]:
    """A subscription that renews on 1 April, then its cards."""
    story = Story(*(cast or ("linde",)))
    story.buy("basic-monthly", 10)
    return story, with_backup(story, own, backup)


def tries(story: Story, number: int = -1) -> list[tuple[str, str]]:
    """(whose, outcome) of the charges of one of the member's invoices."""
    document = sorted(Document.objects.filter(account_id=story.account), key=lambda one: one.id)[number]
    labels = dict(Method.objects.filter(account_id=story.account).values_list("id", "label"))
    rows = Attempt.objects.filter(account_id=story.account, document_id=document.id).order_by("id")
    return [(BACKUP if labels[one.method_id] == "backup" else OWN, one.status) for one in rows]


def mails(story: Story) -> list[str]:
    rows = MailRow.objects.filter(account_id=story.account, at__gte="2026-03-31T22:00Z").order_by("id")
    return [one.kind for one in rows]


def holds(story: Story) -> bool:
    found = verify(seller=story.seller)
    assert found.ok, str(found)
    return True


def test_a_declined_renewal_is_paid_by_the_backup_at_once() -> None:
    story, backup = renewing("declined", "ok")
    story.at(RENEWAL)
    document = Document.objects.filter(account_id=story.account).latest("id")
    assert (document.due_minor, document.status) == (0, "paid")
    assert tries(story) == [(OWN, "declined"), (BACKUP, "succeeded")]
    first, second = Attempt.objects.filter(account_id=story.account, document_id=document.id).order_by("id")
    assert (first.turn, second.turn, second.method_id) == ("first", "backup", backup)
    keys = {f"{one.account_id}-{one.id}" for one in (first, second)}
    assert SandboxCharge.objects.filter(key__in=keys).count() == 2, "each has an idempotency key of its own"
    assert document.method_id != backup, "the next try or renewal begins with its own method again"
    assert mails(story) == ["receipt"]
    paid = MailRow.objects.filter(account_id=story.account, kind="receipt").latest("id").facts
    assert (paid["method"], paid["instead_of"]) == (backup, document.method_id)
    assert not planned(story.seller) and holds(story)
    assert not failures(story.seller, since=date(2026, 1, 1), until=date(2027, 1, 1)), "no table had to do with it"


def test_both_decline_and_the_table_tries_both_again() -> None:
    story, _ = renewing("declined", "declined")
    story.at(RENEWAL)
    both = [(OWN, "declined"), (BACKUP, "declined")]
    assert tries(story) == both and mails(story) == ["payment_failed"]
    for count, (days, what) in enumerate(DUNNING, start=2):
        (step,) = planned(story.seller)
        assert (step.what, (step.on - date(2026, 4, 1)).days) == (what, days)
        story.at(f"{step.on}T09:00")
        assert tries(story) == both * min(count, 5)
    (one,) = story.state().subscriptions.values()
    assert (one.status, one.reason) == ("disabled", "unpaid") and holds(story)


def test_a_later_try_is_paid_by_a_backup_that_was_named_meanwhile() -> None:
    story = Story("linde")
    story.buy("basic-monthly", 10)
    story.card("declined")
    story.at(RENEWAL)
    added = story.give("replace_card", old=None, token=CARDS["ok"], label="backup").method
    story.give("set_backup_method", method=added)
    assert tries(story) == [(OWN, "declined")], "choosing one charges nothing"
    story.at("2026-04-04T09:00")
    assert tries(story) == [(OWN, "declined"), (OWN, "declined"), (BACKUP, "succeeded")] and holds(story)


def test_a_method_that_rests_is_stood_in_for() -> None:
    """Declined for good, its own method is not tried again: the backup is, by the table and at each renewal."""
    story, _ = renewing("lost", "declined")
    story.at(RENEWAL)
    assert tries(story) == [(OWN, "declined"), (BACKUP, "declined")]
    assert planned(story.seller)[0].what == "try"
    story.at("2026-04-04T09:00")
    assert tries(story)[2:] == [(BACKUP, "declined")]
    Method.objects.filter(account_id=story.account, label="backup").update(token=CARDS["ok"])
    story.at("2026-04-08T09:00")
    assert tries(story)[3:] == [(BACKUP, "succeeded")]
    story.at("2026-05-01T09:00")
    assert tries(story) == [(BACKUP, "succeeded")] and holds(story)
    assert not story.state().overdue(date(2026, 5, 1))


def test_a_backup_that_is_declined_for_good_is_left_alone() -> None:
    story, backup = renewing("declined", "lost")
    story.at("2026-04-04T09:00")
    assert tries(story) == [(OWN, "declined"), (BACKUP, "declined"), (OWN, "declined")]
    assert story.state().methods[backup].blocked and not story.state().documents[0].blocked and holds(story)


@pytest.mark.parametrize("why", ["expired", "blocked", "same", "none"])
def test_only_a_usable_backup_is_charged(why: str) -> None:
    story, backup = renewing("declined", "ok")
    own = Method.objects.filter(account_id=story.account, id=backup)
    if why == "expired":
        own.update(expires_on=date(2026, 3, 31))
    elif why == "blocked":
        own.update(blocked=True)
    elif why == "same":
        story.give("set_payment_method", method=backup)
        own.update(token=CARDS["declined"])
    else:
        story.give("set_backup_method", method=None)
    story.at(RENEWAL)
    assert tries(story) == [(BACKUP if why == "same" else OWN, "declined")] and holds(story)


def test_a_card_pays_on_its_last_day() -> None:
    story, backup = renewing("declined", "ok")
    Method.objects.filter(account_id=story.account, id=backup).update(expires_on=date(2026, 4, 1))
    story.at(RENEWAL)
    assert tries(story)[-1] == (BACKUP, "succeeded")


def test_what_is_paid_on_invoice_is_not_charged_to_a_backup() -> None:
    story = Story("molenaar")
    story.buy("basic-monthly", 10)
    added = story.give("replace_card", old=None, token=CARDS["ok"], label="backup").method
    story.give("set_backup_method", method=added)
    story.at("2026-05-20T09:00")
    assert not Attempt.objects.filter(account_id=story.account, method_id=added).exists() and holds(story)


def test_what_a_person_pays_is_never_charged_to_a_backup_unasked() -> None:
    story, backup = renewing("declined", "ok")
    shown = story.look("buy", plan="premium-monthly", seats=1)
    assert shown.decision.documents[0].method != backup
    assert story.refused("buy", plan="premium-monthly", seats=1) == "payment_declined"
    story.give("set_backup_method", method=None)
    story.at(RENEWAL)
    story.give("set_backup_method", method=backup)
    (document,) = story.state().documents
    assert story.refused("pay", document=document.id, method=document.method) == "payment_declined"
    assert not Attempt.objects.filter(account_id=story.account, method_id=backup).exists() and holds(story)


class Killed(BaseException):
    """The process is gone."""


def test_killed_between_the_steps_nothing_is_charged_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gone before the backup is asked for, and gone after it has paid: the next run goes on where it stopped."""
    story, backup = renewing("declined", "ok")
    ask, asked = charging.ask, 0

    def kill_second(*given: Any, **also: Any) -> dict[str, Answer]:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise Killed
        return ask(*given, **also)

    class TakesAndDies(SandboxGateway):
        def charge(self, charges: Sequence[Charge]) -> list[Answer]:
            super().charge(charges)
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(charging, "ask", kill_second)
        story.at(RENEWAL)
    assert tries(story) == [(OWN, "declined"), (BACKUP, "pending")]
    assert story.refused("pay", document=story.state().documents[0].id, method=backup) == "nothing_changes"
    assert tries(story) == [(OWN, "declined"), (BACKUP, "succeeded")], "what was on its way came first"
    story.at("2026-04-30T09:00")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("seatkeeper.domain.payments.asking.gateway", lambda kind: TakesAndDies())
        story.at("2026-05-01T09:00")
    story.at("2026-05-02T09:00")
    assert tries(story) == [(OWN, "declined"), (BACKUP, "succeeded")]
    taken = SandboxCharge.objects.filter(key__startswith=f"{story.account}-", outcome="ok", reversed=False)
    assert sum(one.amount_minor for one in taken) == sum(
        one.gross_minor for one in Document.objects.filter(account_id=story.account)
    )
    assert holds(story)


def test_every_account_of_a_batch_gets_its_turn() -> None:
    story = Story("linde", "ravel", "harbor")
    for who in ("linde", "ravel", "harbor"):
        story.who = who
        story.buy("basic-monthly", 3)
        with_backup(story, "declined", "ok")
    story.at("2026-04-02T09:00")
    for who in ("linde", "ravel", "harbor"):
        story.who = who
        assert tries(story) == [(OWN, "declined"), (BACKUP, "succeeded")], who
    assert holds(story)


def backup_of(story: Story) -> int | None:
    return Account.objects.values_list("backup_method", flat=True).get(id=story.account)


def test_a_backup_follows_what_becomes_of_methods() -> None:
    story, backup = renewing("ok", "ok")
    own = story.state().default_method
    added = story.give("replace_card", old=backup, token="sandbox_ok", label="newer").method
    assert backup_of(story) == added, "replaced, the new one is the backup"
    other = story.give("replace_card", old=None, token="sandbox_ok", label="other").method
    story.give("remove_method", method=added, replacement=other)
    assert backup_of(story) == other
    story.give("set_default_method", method=other)
    assert (story.state().default_method, backup_of(story)) == (other, None), "the default is no backup"
    story.give("set_backup_method", method=own)
    story.give("remove_method", method=other)
    assert (story.state().default_method, backup_of(story)) == (own, None)
    last = story.give("replace_card", old=None, token="sandbox_ok", label="last").method
    story.give("set_backup_method", method=last)
    story.give("remove_method", method=last)
    assert backup_of(story) is None and holds(story)


def test_choosing_one_is_previewed_recorded_and_taken_back() -> None:
    story, backup = renewing("ok", "ok")
    assert story.refused("set_backup_method", method=backup) == "nothing_changes"
    preview = story.look("set_backup_method", method=None)
    assert dict(preview.decision.facts) == {"backup_method": None} and not preview.decision.tries
    story.give("set_backup_method", method=None, preview=preview.token)
    assert backup_of(story) is None and story.refused("set_backup_method", method=None) == "nothing_changes"
    events = Event.objects.filter(account_id=story.account, kind="set_backup_method").order_by("sequence")
    assert ['"backup_method":null' in one.payload for one in events] == [False, True]
    assert holds(story)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "default"), ({"blocked": True}, "blocked"), ({"expires_on": date(2026, 2, 28)}, "expired"),
        ({"kind": "bank_transfer"}, "on_invoice"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_backup_is_refused_with_the_reason(change: dict[str, Any], reason: str) -> None:
    story, backup = renewing("ok", "ok")
    story.give("set_backup_method", method=None)
    Method.objects.filter(account_id=story.account, id=backup).update(**change)
    chosen = story.state().default_method if reason == "default" else backup
    with pytest.raises(Refused) as refused:
        story.give("set_backup_method", method=chosen)
    assert (refused.value.code, refused.value.facts["reason"]) == ("backup_not_possible", reason)
    assert story.refused("set_backup_method", method=999) == "not_found"
    with pytest.raises(Refused, match="not_permitted"):
        story.give("set_backup_method", role="reader", method=backup)
