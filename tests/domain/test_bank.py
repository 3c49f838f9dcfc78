"""Bank statements: what is paid by them, what waits for a person, and that nothing is paid twice."""

from __future__ import annotations

from datetime import date

import pytest

from seatkeeper.core.invoicing.reference import creditor_reference
from seatkeeper.core.payments.matching import Entry
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import BankEntry
from seatkeeper.domain.subscriptions import bank
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor
from seatkeeper.kit.journal.models import Event
from tests.cast import Story

pytestmark = pytest.mark.django_db
IBAN = "NL20INGB0001234567"
CLERK = Actor("seller", via="cli")


def entry(reference: str, minor: int, text: str, *, iban: str = IBAN, currency: str = "EUR") -> Entry:
    return Entry(reference, date(2026, 3, 20), minor, currency, "A. Payer", iban, text)


@pytest.fixture
def story() -> Story:
    """A customer who pays by transfer, with two open invoices."""
    story = Story("molenaar")
    story.buy("basic-monthly", 10)
    story.buy("basic-monthly", 4)
    return story


def open_ones(story: Story) -> list[Document]:
    return list(Document.objects.filter(account_id=story.account, due_minor__gt=0).order_by("id"))


def test_a_reference_pays_its_invoice_and_another_reading_nothing(story: Story) -> None:
    first, second = open_ones(story)
    told = [entry("a", first.due_minor, creditor_reference(first.number))]
    found = bank.take_in(story.seller, told, now=story.now)
    assert (found.matched, found.matched_minor) == (1, {"EUR": first.due_minor})
    assert [one.id for one in open_ones(story)] == [second.id]
    again = bank.take_in(story.seller, told, now=story.now)
    assert (again.matched, again.known) == (0, 1)
    assert [one.id for one in open_ones(story)] == [second.id]
    assert str(verify()) == "1 accounts hold"


def test_two_transfers_of_one_account_are_decided_one_after_the_other(story: Story) -> None:
    first, _ = open_ones(story)
    half = first.due_minor // 2
    told = [
        entry("a", half, first.number),
        entry("b", first.due_minor - half, first.number),
        entry("c", 100, first.number),
    ]
    found = bank.take_in(story.seller, told, now=story.now)
    assert (found.matched, found.waiting) == (2, {"not_open": 1})
    first.refresh_from_db()
    assert (first.due_minor, first.status) == (0, "paid")
    assert str(verify()) == "1 accounts hold"


def test_too_much_becomes_credit_that_pays_the_next(story: Story) -> None:
    first, second = open_ones(story)
    bank.take_in(story.seller, [entry("a", first.due_minor + 500, first.number)], now=story.now)
    second.refresh_from_db()
    assert second.balance_used_minor == 500
    assert str(verify()) == "1 accounts hold"


def test_a_person_decides_the_rest_and_the_payer_is_known_from_then_on(story: Story) -> None:
    first, second = open_ones(story)
    found = bank.take_in(story.seller, [entry("abc123", first.due_minor, "March")], now=story.now)
    assert found.waiting == {"no_reference": 1}
    (waits,) = bank.waiting(story.seller)
    assert (waits.handle, waits.entry.text, waits.entry.iban) == ("abc123", "March", IBAN)
    bank.assign(story.seller, "abc", account=story.account, document=first.id, now=story.now, actor=CLERK)
    assert bank.waiting(story.seller) == ()
    assert [one.id for one in open_ones(story)] == [second.id]
    found = bank.take_in(story.seller, [entry("d", second.due_minor, "April")], now=story.now)
    assert found.matched == 1
    assert BankEntry.objects.get(reference="d").how == "amount_and_iban"
    assert open_ones(story) == []
    assert str(verify()) == "1 accounts hold"


def test_the_journal_says_who_decided(story: Story) -> None:
    first, second = open_ones(story)
    bank.take_in(story.seller, [entry("a", first.due_minor, first.number), entry("b", 100, "?")], now=story.now)
    bank.assign(story.seller, "b", account=story.account, document=second.id, now=story.now, actor=CLERK)
    own = Event.objects.filter(account_id=story.account, kind="receive_payment").order_by("sequence")
    assert list(own.values_list("actor", flat=True)) == ["seller:-:job", "seller:-:cli"]


def test_what_is_for_a_parked_account_waits_and_holds_nobody_up(story: Story) -> None:
    first, _ = open_ones(story)
    Account.objects.filter(id=story.account).update(parked_reason="cannot be decided")
    found = bank.take_in(story.seller, [entry("a", first.due_minor, first.number)], now=story.now)
    assert (found.matched, found.waiting) == (0, {"parked": 1})
    with pytest.raises(Refused) as caught:
        bank.assign(story.seller, "a", account=story.account, document=first.id, now=story.now, actor=CLERK)
    assert caught.value.code == "account_parked"
    Account.objects.filter(id=story.account).update(parked_reason="")
    bank.assign(story.seller, "a", account=story.account, document=first.id, now=story.now, actor=CLERK)
    assert first.id not in [one.id for one in open_ones(story)]


def test_a_wrong_decision_is_refused_and_changes_nothing(story: Story) -> None:
    other = Story("linde")
    bank.take_in(story.seller, [entry("abc", 100, "?"), entry("abd", 100, "?", currency="USD")], now=story.now)
    for handle, account, document, code in (
        ("ab", story.account, None, "not_found"),
        ("zzz", story.account, None, "not_found"),
        ("", story.account, None, "not_found"),
        ("abc", other.account, None, "not_found"),
        ("abd", story.account, None, "bad_input"),
        ("abc", story.account, 10_000, "nothing_changes"),
    ):
        with pytest.raises(Refused) as caught:
            bank.assign(story.seller, handle, account=account, document=document, now=story.now, actor=CLERK)
        assert caught.value.code == code, handle
    assert {one.handle for one in bank.waiting(story.seller)} == {"abc", "abd"}
    bank.ignore(story.seller, "abd", now=story.now)
    assert [one.handle for one in bank.waiting(story.seller)] == ["abc"]
    with pytest.raises(Refused):
        bank.ignore(other.seller, "abc", now=story.now)


def test_another_sellers_invoice_is_not_found_by_its_number(story: Story) -> None:
    other = Story("molenaar")
    first, _ = open_ones(story)
    found = bank.take_in(other.seller, [entry("a", first.due_minor, first.number)], now=story.now)
    assert (found.matched, found.waiting) == (0, {"unknown_reference": 1})


def test_what_a_killed_reading_kept_is_taken_up_by_the_next(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = open_ones(story)
    told = [entry("a", first.due_minor, first.number)]
    with monkeypatch.context() as broken:
        broken.setattr(bank, "_match_new", lambda *_: None)
        bank.take_in(story.seller, told, now=story.now)
    assert BankEntry.objects.get().status == "new"
    assert bank.take_in(story.seller, told, now=story.now).matched == 1
    assert len(open_ones(story)) == 1


def test_what_somebody_else_decided_meanwhile_is_left_alone(story: Story) -> None:
    first, _ = open_ones(story)
    bank.take_in(story.seller, [entry("a", 100, "?")], now=story.now)
    row = BankEntry.objects.get()
    bank.assign(story.seller, "a", account=story.account, document=first.id, now=story.now, actor=CLERK)
    found = bank.Read()
    bank._pay(story.seller, [(row, bank.Match(story.account, first.id, "person"))], found, story.now, "waiting", CLERK)
    assert found.matched == 0
    first.refresh_from_db()
    assert first.paid_minor == 100


def test_queries_do_not_grow_with_the_entries(story: Story) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (2, 60):
        told = [entry(f"{size}-{n}", 100, "nobody's", iban=f"X{n}") for n in range(size)]
        with CaptureQueriesContext(connection) as queries:
            bank.take_in(story.seller, told, now=story.now)
        counts.append(len(queries))
    assert counts[0] == counts[1]
