"""`verify` finds what was changed behind the engine's back, and names it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from seatkeeper.core.invoicing import check
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.models import Document, DocumentNumber, Line, Series
from seatkeeper.domain.ledger.models import Posting
from seatkeeper.domain.licensing.models import Assignment, Pool
from seatkeeper.domain.subscriptions import verify as verifying
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.domain.subscriptions.verify import Findings, verify
from seatkeeper.kit.journal.models import Event
from tests.cast import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    """De Linde with an addition, a reduction, a change of plan, licences, a balance; and Molenaar, who owes."""
    found = Story("linde", "molenaar")
    bought = found.buy()
    found.give("assign", product="basic", users=found.users(1, 2, 3))
    found.at("2026-03-10T12:00").give("set_seats", subscription=bought, seats=12)
    found.at("2026-03-12T12:00").give("set_seats", subscription=bought, seats=7)
    found.at("2026-03-20T12:00").give("change_plan", subscription=bought, plan="premium-monthly")
    found.buy("desk-quarterly", 8)
    found.who = "molenaar"
    found.buy("basic-yearly", 3)
    found.who = "linde"
    return found.at("2026-05-02T09:00")


def _first(model: type, story: Story) -> dict[str, object]:
    return {"account_id": story.account, "id": model.objects.filter(account_id=story.account).order_by("id")[0].id}  # type: ignore[attr-defined]


TAMPERINGS: list[tuple[str, Callable[[Story], object], str]] = [
    (
        "a line's amount",
        lambda s: Line.objects.filter(**_first(Line, s)).update(amount_minor=F("amount_minor") + 1),
        "amount",
    ),
    ("what a line has left", lambda s: Line.objects.filter(**_first(Line, s)).update(left_minor=1), "left to credit"),
    ("a line's sequence", lambda s: Line.objects.filter(**_first(Line, s)).update(sequence=9), "sequence"),
    ("a missing line", lambda s: Line.objects.filter(**_first(Line, s)).delete(), "taxable sums"),
    (
        "a document's sums",
        lambda s: Document.objects.filter(**_first(Document, s)).update(
            net_minor=F("net_minor") + 1, gross_minor=F("gross_minor") + 1
        ),
        "document",
    ),
    ("a document's due", lambda s: Document.objects.filter(**_first(Document, s)).update(due_minor=5), "document"),
    ("what was paid", lambda s: Document.objects.filter(**_first(Document, s)).update(paid_minor=0), "paid"),
    (
        "a document's number",
        lambda s: Document.objects.filter(**_first(Document, s)).update(number="INV-2026-000077"),
        "document",
    ),
    ("a document that is gone", lambda s: Document.objects.filter(**_first(Document, s)).delete(), "document"),
    (
        "a number that is gone",
        lambda s: DocumentNumber.objects.filter(seller_id=s.seller, number=2).delete(),
        "without a gap",
    ),
    (
        "the series' last number",
        lambda s: Series.objects.filter(seller_id=s.seller).update(last_number=99),
        "last number",
    ),
    ("a posting's amount", lambda s: Posting.objects.filter(**_first(Posting, s)).update(amount_minor=1), "ledger"),
    ("a posting that is gone", lambda s: Posting.objects.filter(**_first(Posting, s)).delete(), "ledger"),
    ("a posting's currency", lambda s: Posting.objects.filter(**_first(Posting, s)).update(currency="USD"), "currency"),
    (
        "the balance",
        lambda s: Account.objects.filter(id=s.account).update(balance_minor=F("balance_minor") + 1),
        "balance",
    ),
    (
        "a subscription's seats",
        lambda s: SubscriptionRow.objects.filter(**_first(SubscriptionRow, s)).update(seats=99),
        "subscription",
    ),
    (
        "a subscription's status",
        lambda s: SubscriptionRow.objects.filter(**_first(SubscriptionRow, s)).update(status="expired"),
        "subscription",
    ),
    (
        "what a period was charged",
        lambda s: SubscriptionRow.objects.filter(**_first(SubscriptionRow, s)).update(charged_minor=1),
        "charged",
    ),
    ("a pool's seats", lambda s: Pool.objects.filter(account_id=s.account).update(bought=F("bought") + 1), "pool"),
    (
        "an assignment that is gone",
        lambda s: Assignment.objects.filter(**_first(Assignment, s)).delete(),
        "assignments",
    ),
    (
        "an event's payload",
        lambda s: Event.objects.filter(account_id=s.account, sequence=3).update(payload='{"balance":0}'),
        "journal event 3",
    ),
    (
        "an event's actor",
        lambda s: Event.objects.filter(account_id=s.account, sequence=3).update(actor="nobody"),
        "journal event 3",
    ),
    (
        "an event that is gone",
        lambda s: Event.objects.filter(account_id=s.account, sequence=2).delete(),
        "journal event 2",
    ),
    (
        "the last event",
        lambda s: Event.objects.filter(account_id=s.account).latest("sequence").delete(),
        "journal's end",
    ),
    ("when it is due", lambda s: Account.objects.filter(id=s.account).update(due_at=None), "due instant"),
]


def test_an_honest_story_holds(story: Story) -> None:
    findings = verify(seller=story.seller)
    assert findings.ok, str(findings)
    assert (findings.accounts, findings.documents > 5, findings.lines > 5, findings.events > 8) == (2, True, True, True)


@pytest.mark.parametrize(("what", "tamper", "named"), TAMPERINGS, ids=[what for what, *_ in TAMPERINGS])
def test_tampering_is_found_and_named(story: Story, what: str, tamper: Callable[[Story], object], named: str) -> None:
    tamper(story)
    findings = verify(seller=story.seller)
    assert any(named in one.object for one in findings.found), str(findings)
    assert {one.account for one in findings.found} <= {story.account, None}
    if what.startswith("an event"):
        assert named in findings.found[0].object, "the first difference comes first"


def test_findings_name_account_object_expected_and_found(story: Story) -> None:
    Account.objects.filter(id=story.account).update(balance_minor=F("balance_minor") + 7)
    first = verify(seller=story.seller).found[0]
    assert (first.account, first.object, int(first.found) - int(first.expected)) == (story.account, "balance", 7)
    assert str(first).startswith(f"account {story.account}: balance: expected ")


def test_progress_is_told_in_batches(story: Story) -> None:
    told: list[tuple[int, int]] = []
    findings = verify(seller=story.seller, progress=lambda done, total: told.append((done, total)))
    assert isinstance(findings, Findings) and told == [(2, 2)]


def test_an_account_that_changes_while_it_is_read_is_read_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    bought, seats = story.buy("premium-monthly", 2), iter((3, 4))
    rebuild = verifying.rebuild

    def changed_meanwhile(ids: list[int]) -> object:
        for total in itertools.islice(seats, 1):
            story.give("set_seats", subscription=bought, seats=total)
        return rebuild(ids)

    monkeypatch.setattr(verifying, "rebuild", changed_meanwhile)
    findings = verify(seller=story.seller)
    assert findings.ok, str(findings)
    assert findings.accounts == 2 and next(seats, None) is None


def test_the_database_forbids_more_active_assignments_than_seats(story: Story) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(account_id=story.account).update(assigned=F("bought") + 1)


def test_the_database_forbids_a_second_charge_of_a_period_and_a_number_given_twice(story: Story) -> None:
    line = Line.objects.filter(account_id=story.account).order_by("id")[0]
    columns = [one.column for one in Line._meta.local_fields if getattr(one, "column", None) and one.column != "id"]
    names = ", ".join(f'"{name}"' for name in columns)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{Line._meta.db_table}" ("id", {names}) SELECT 999999, {names} '
            f'FROM "{Line._meta.db_table}" WHERE account_id = %s AND id = %s',
            [story.account, line.id],
        )
    number = DocumentNumber.objects.filter(seller_id=story.seller)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentNumber.objects.create(
            seller_id=number.seller_id, series=number.series, year=number.year, number=number.number,
            account_id=story.account, document_id=1,
        )  # fmt: skip


def test_the_checker_shares_no_code_with_what_it_checks() -> None:
    text = Path(str(check.__file__)).read_text("utf-8")
    assert "from seatkeeper" not in text and "import seatkeeper" not in text
