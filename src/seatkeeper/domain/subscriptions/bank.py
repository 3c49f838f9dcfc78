"""Bank statements: entries are kept once, matched to invoices in batches, and what is left waits for a person.

An entry and the payment it becomes are written in one transaction: a file that is read twice, or a reading that is
killed, pays nothing twice and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from django.db import transaction

from seatkeeper.core.decide import decide
from seatkeeper.core.decision import Decision
from seatkeeper.core.payments.matching import Entry, Match, Number, Owed, Unmatched, match, numbers_in
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.invoicing.models import Document, DocumentNumber
from seatkeeper.domain.payments.models import BankEntry
from seatkeeper.domain.subscriptions.applying import Write, apply
from seatkeeper.domain.subscriptions.charging import settle_attempts
from seatkeeper.domain.subscriptions.loading import Loaded, deciding, load
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.kit.bulk import Table
from seatkeeper.kit.commands import Actor

BATCH: Final = 500
HANDLE: Final = 10
NEW, MATCHED, WAITING, IGNORED = "new", "matched", "waiting", "ignored"
BY_PERSON: Final = "person"
JOB: Final = Actor("seller", via="job")

ENTRIES: Final = Table(BankEntry)
KEY: Final = ("seller_id", "reference")
DECIDED: Final = ("status", "reason", "how", "decided_at", "account_id", "document_id")

Progress = Callable[[int], None]


@dataclass(slots=True)
class Read:
    """What a reading did. known: entries that an earlier one had kept. waiting: reasons and how many."""

    known: int = 0
    matched: int = 0
    matched_minor: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)


def take_in(seller: int, entries: Iterable[Entry], *, now: datetime, progress: Progress | None = None) -> Read:
    """Keep the entries of a statement that are not known yet, and pay what they are for.

    progress: called with the number of entries read so far. What an earlier reading kept and did not come to is taken
    up too.
    """
    found, count = Read(), 0
    waiting = iter(entries)
    while batch := list(islice(waiting, BATCH)):
        found.known += len(batch) - _keep(seller, batch, now)
        _match_new(seller, found, now)
        count += len(batch)
        if progress is not None:
            progress(count)
    _match_new(seller, found, now)
    return found


def _keep(seller: int, batch: Sequence[Entry], now: datetime) -> int:
    """Write the entries that are not known. Returns how many are new."""
    with transaction.atomic():
        known = set(
            BankEntry.objects.filter(seller_id=seller, reference__in=[one.reference for one in batch]).values_list(
                "reference", flat=True
            )
        )
        fresh = {one.reference: one for one in batch if one.reference not in known}
        BankEntry.objects.bulk_create(
            [
                BankEntry(seller_id=seller, status=NEW, read_at=now, **entry._asdict())
                for entry in fresh.values()
            ],
            ignore_conflicts=True,
        )
    return len(fresh)


def _match_new(seller: int, found: Read, now: datetime) -> None:
    """Match whatever is new, batch by batch; of one account one entry at a time, as each changes what is open."""
    fresh = BankEntry.objects.filter(seller_id=seller, status=NEW).order_by("booked_on", "reference")
    while rows := list(fresh[:BATCH]):
        _match_batch(seller, rows, found, now)


def _match_batch(seller: int, rows: Sequence[BankEntry], found: Read, now: datetime) -> None:
    entries = {row.reference: _entry(row) for row in rows}
    named, by_iban, owed = _open_of(seller, list(entries.values()))
    seen: set[int] = set()
    pays: list[tuple[BankEntry, Match]] = []
    left: list[tuple[BankEntry, Unmatched]] = []
    for row in rows:
        one = match(entries[row.reference], named, by_iban.get(row.iban, ()), owed)
        if isinstance(one, Unmatched):
            left.append((row, one))
        elif one.account not in seen:  # a second one of an account is decided on what the first leaves open: later
            seen.add(one.account)
            pays.append((row, one))
    _wait(left, found)
    if pays:
        _pay(seller, pays, found, now, NEW, JOB)


def _entry(row: BankEntry) -> Entry:
    return Entry(*(getattr(row, name) for name in Entry._fields))


def _open_of(
    seller: int, entries: Sequence[Entry]
) -> tuple[dict[Number, Owed | None], dict[str, tuple[int, ...]], dict[int, list[Owed]]]:
    """What `match` asks about some entries: five queries, however many they are."""
    numbers = {entry.reference: numbers_in(entry.text) for entry in entries}
    wanted = {number for found in numbers.values() for number in found}
    given: dict[Number, tuple[int, int]] = {}
    for series, year in {(one[0], one[1]) for one in wanted}:
        own = [one[2] for one in wanted if one[:2] == (series, year)]
        rows = DocumentNumber.objects.filter(seller_id=seller, series=series, year=year, number__in=own)
        for number, account, document in rows.values_list("number", "account_id", "document_id"):
            given[series, year, number] = (account, document)
    ibans = {entry.iban for entry in entries if entry.iban and not numbers[entry.reference]}
    payers: dict[str, set[int]] = {}
    known = BankEntry.objects.filter(seller_id=seller, iban__in=ibans, account_id__isnull=False).exclude(iban="")
    for iban, payer in known.values_list("iban", "account_id").distinct():
        if payer is not None:
            payers.setdefault(iban, set()).add(payer)
    concerned = {account for account, _ in given.values()} | {one for found in payers.values() for one in found}
    owed: dict[int, list[Owed]] = {}
    debts = Document.objects.filter(account_id__in=concerned, due_minor__gt=0).order_by("account_id", "id")
    for account, document, due, currency in debts.values_list("account_id", "id", "due_minor", "currency"):
        owed.setdefault(account, []).append(Owed(account, document, due, currency))
    open_now = {(one.account, one.document): one for found in owed.values() for one in found}
    named = {number: open_now.get(where) for number, where in given.items()}
    return named, {iban: tuple(sorted(found)) for iban, found in payers.items()}, owed


def _wait(left: Sequence[tuple[BankEntry, Unmatched]], found: Read) -> None:
    for row, why in left:
        row.status, row.reason = WAITING, why.reason
        found.waiting[why.reason] = found.waiting.get(why.reason, 0) + 1
    rows = [(row.seller_id, row.reference, row.status, row.reason) for row, _ in left]
    with transaction.atomic():
        ENTRIES.update(KEY, ("status", "reason"), rows)


def _pay(
    seller: int, pays: Sequence[tuple[BankEntry, Match]], found: Read, now: datetime, status: str, actor: Actor
) -> None:
    """Pay by some entries, each of another account: all of it in one transaction, under the accounts' locks.

    An entry that has another status by then was decided by somebody else, and is left alone. One of an account that
    is parked waits for a person.
    """
    ids = sorted(one.account for _, one in pays)
    tick(now, account_ids=ids)
    done: list[BankEntry] = []
    with transaction.atomic():
        loaded = load(ids)
        own = BankEntry.objects.filter(seller_id=seller, reference__in=[row.reference for row, _ in pays])
        still = set(own.filter(status=status).select_for_update().values_list("reference", flat=True))
        writes = []
        for row, one in pays:
            if row.reference not in still:
                continue
            try:
                decision = _decide(loaded[one.account], row.amount_minor, one.document, now)
            except Refused as refused:
                row.status, row.reason = WAITING, "parked" if refused.code == "account_parked" else "not_open"
            else:
                writes.append(Write(loaded[one.account], decision, str(actor)))
                row.status, row.how, row.decided_at = MATCHED, one.how, now
                row.account_id, row.document_id = one.account, one.document
            done.append(row)
        apply(writes)
        ENTRIES.update(KEY, DECIDED, [tuple(getattr(row, name) for name in (*KEY, *DECIDED)) for row in done])
    attempts = [write.loaded.account.id for write in writes if write.attempts]
    if attempts:
        settle_attempts(now, account_ids=attempts)
    for row in done:
        if row.status == MATCHED:
            found.matched += 1
            found.matched_minor[row.currency] = found.matched_minor.get(row.currency, 0) + row.amount_minor
        else:
            found.waiting[row.reason] = found.waiting.get(row.reason, 0) + 1


def _decide(loaded: Loaded, amount_minor: int, document: int | None, now: datetime) -> Decision:
    if loaded.account.parked_reason:
        raise Refused("account_parked")
    arguments = {"amount_minor": amount_minor, "document": document}
    return deciding(loaded, lambda state: decide(state, "receive_payment", arguments, now=now))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry about which a person decides, and why. handle: how people name it."""

    handle: str
    entry: Entry
    reason: str


def waiting(seller: int, *, most: int = 1_000) -> tuple[Waiting, ...]:
    """The entries that wait for a person, oldest first."""
    rows = list(
        BankEntry.objects.filter(seller_id=seller, status=WAITING).order_by("booked_on", "reference")[:most]
    )
    return tuple(Waiting(row.reference[:HANDLE], _entry(row), row.reason) for row in rows)


def assign(
    seller: int, handle: str, *, account: int, document: int | None, now: datetime, actor: Actor
) -> Read:
    """Say whose a waiting entry is: one invoice, or what is open of the account, oldest first; the rest is its credit.

    Raises Refused: not_found (no such entry waits, or several begin so), bad_input (another currency), nothing_changes
    (that invoice is not open), account_parked.
    """
    row = _waiting(seller, handle)
    facts = accounts.look([account])
    if not facts or facts[0].seller_id != seller:
        raise Refused("not_found")
    if facts[0].currency != row.currency:
        raise Refused("bad_input", field="currency")
    found = Read()
    _pay(seller, [(row, Match(account, document, BY_PERSON))], found, now, WAITING, actor)
    if not found.matched:
        raise Refused("account_parked" if "parked" in found.waiting else "nothing_changes")
    return found


def ignore(seller: int, handle: str, *, now: datetime) -> None:
    """Set a waiting entry aside: it is nobody's payment. Raises Refused: not_found."""
    row = _waiting(seller, handle)
    own = BankEntry.objects.filter(seller_id=seller, reference=row.reference, status=WAITING)
    if not own.update(status=IGNORED, decided_at=now):
        raise Refused("not_found")


def _waiting(seller: int, handle: str) -> BankEntry:
    found = list(BankEntry.objects.filter(seller_id=seller, status=WAITING, reference__startswith=handle)[:2])
    if len(found) != 1 or not handle:
        raise Refused("not_found")
    return found[0]
