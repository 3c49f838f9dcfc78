"""`verify`: proof that the books hold. The journal's chains and what its events add up to, the ledger, documents,
numbers, the arithmetic of every billing period, and the licences (DOMAIN.md 3, 9, 11).

It only reads, in batches of accounts with a fixed number of queries each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from seatkeeper.core.draft import Draft
from seatkeeper.core.settle import due_at
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.accounts.operations import lock, look
from seatkeeper.domain.subscriptions.audit import Books, read_books
from seatkeeper.domain.subscriptions.audit_documents import (
    document_faults,
    number_faults,
    numbers_given,
    period_line_faults,
)
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.replay import DOCUMENT_FACTS, Rebuilt, rebuild

BATCH = 200
READS = 3
"""How often accounts that change while they are read are read again without holding anybody up."""

SENSELESS = (AssertionError, LookupError, TypeError, ValueError, ArithmeticError)
Difference = tuple[str, object, object]
"""(object, expected, found)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. account: its id, None where it is the seller's (numbers); object: what, by id."""

    account: int | None
    object: str
    expected: str
    found: str

    def __str__(self) -> str:
        whose = f"account {self.account}" if self.account is not None else "numbers"
        return f"{whose}: {self.object}: expected {self.expected}, found {self.found}"


@dataclass(slots=True)
class Findings:
    """What `verify` found, and how much it looked at. The first finding of an account is its first difference."""

    found: list[Finding] = field(default_factory=list)
    accounts: int = 0
    events: int = 0
    documents: int = 0
    lines: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.found

    def __str__(self) -> str:
        return "\n".join(map(str, self.found)) or f"{self.accounts} accounts hold"


Progress = Callable[[int, int], None]


def verify(*, seller: int | None = None, progress: Progress | None = None) -> Findings:
    """Check the books of all accounts, or of one seller's. Writes nothing.

    progress: called with (accounts done, accounts in all) after each batch.
    """
    accounts = Account.objects.all() if seller is None else Account.objects.filter(seller_id=seller)
    total = accounts.count()
    findings = Findings()
    batch: list[int] = []
    for id_ in accounts.order_by("id").values_list("id", flat=True).iterator(chunk_size=2000):
        batch.append(id_)
        if len(batch) == BATCH:
            _verify_batch(batch, findings)
            batch = []
            if progress is not None:
                progress(findings.accounts, total)
    if batch:
        _verify_batch(batch, findings)
    if progress is not None:
        progress(findings.accounts, total)
    findings.found += _numbers(seller)
    return findings


def _verify_batch(ids: list[int], findings: Findings) -> None:
    """Check a batch as it was read; accounts that changed while they were read are read again, at last locked."""
    for _ in range(READS):
        changed = _verify_read(ids, findings)
        if not changed:
            return
        ids = changed
    with transaction.atomic():
        lock(ids)
        _verify_read(ids, findings)


def _verify_read(ids: list[int], findings: Findings) -> list[int]:
    """Check the accounts that stood still while they were read, and return the others."""
    books, rebuilt, due = read_books(ids), rebuild(ids), _due(ids)
    heads = {one.id: (one.journal_sequence, one.journal_head) for one in look(ids)}
    changed = [id_ for id_ in ids if id_ in heads and books[id_].head != heads[id_]]
    for id_ in ids:
        if id_ in changed:
            continue
        own, told = books[id_], rebuilt[id_]
        findings.found += [Finding(id_, *_texts(one)) for one in _differences(own, told, due[id_])]
        findings.accounts += 1
        findings.events += told.sequence
        findings.documents += len(own.documents)
        findings.lines += len(own.lines)
    return changed


def _numbers(seller: int | None) -> list[Finding]:
    """What does not hold of numbers, read again where some were given meanwhile."""
    found: list[Finding] = []
    for _ in range(READS):
        before = numbers_given(seller)
        found = [Finding(None, *_texts(one)) for one in number_faults(seller)]
        if not found or before == numbers_given(seller):
            return found
    return found


def _texts(difference: Difference) -> tuple[str, str, str]:
    return difference[0], str(difference[1]), str(difference[2])


def _differences(books: Books, told: Rebuilt, due: object) -> Iterator[Difference]:
    """All that does not hold of an account; rows that make no sense at all are a difference too, and stop nothing."""
    checks: tuple[Callable[[], Iterator[Difference]], ...] = (
        lambda: _chain(books, told),
        lambda: _state(books, told),
        lambda: document_faults(books),
        lambda: period_line_faults(books),
        lambda: _ledger(books),
        lambda: _licenses(books),
        lambda: _due_difference(books, due),
    )
    for check in checks:
        try:
            yield from check()
        except SENSELESS as error:
            yield "rows", "rows that can be checked", f"{type(error).__name__}: {error}"


def _chain(books: Books, told: Rebuilt) -> Iterator[Difference]:
    if told.broken_at is not None:
        yield f"journal event {told.broken_at}", "a link of the chain", "a broken one"
    elif (told.sequence, told.hash) != books.head:
        yield "journal's end", books.head, (told.sequence, told.hash)


def _state(books: Books, told: Rebuilt) -> Iterator[Difference]:
    """What the events add up to is what the tables say."""
    for id_ in sorted({*told.subscriptions, *books.subscriptions}):
        expected, found = told.subscriptions.get(id_), books.subscriptions.get(id_)
        if expected != found:
            yield f"subscription {id_}", *_first_difference(expected, found)
    for id_ in sorted({*told.documents, *books.documents}):
        one = books.documents.get(id_)
        facts = {name: getattr(one, f"{name}_minor", None) for name in DOCUMENT_FACTS} if one else None
        if facts is not None and one is not None:
            facts.update(kind=one.kind, number=one.number)
        if told.documents.get(id_) != facts:
            yield f"document {id_}", told.documents.get(id_), facts
    if told.balance != books.balance:
        yield "balance", told.balance, books.balance
    for product in sorted({*told.pools, *books.pools}):
        if told.pools.get(product) != books.pools.get(product):
            yield f"pool {product}", told.pools.get(product), books.pools.get(product)


def _first_difference(expected: list[object] | None, found: list[object] | None) -> tuple[object, object]:
    """The first columns that differ, rather than two whole rows."""
    if expected is None or found is None:
        return expected, found
    return next(((one, other) for one, other in zip(expected, found, strict=False) if one != other), (expected, found))


def _ledger(books: Books) -> Iterator[Difference]:
    """The ledger's accounts are what documents and balance say."""
    documents = books.documents.values()
    expected = {
        "receivable": sum(one.due_minor for one in documents),
        "customer_balance": -books.balance,
        "deferred_revenue": -sum(one.net_minor for one in documents),
        "vat_payable": -sum(one.vat_minor for one in documents),
        "refunds_due": -books.refunds_pending,
    }
    for name, amount in expected.items():
        if books.ledger.get(name, 0) != amount:
            yield f"ledger {name}", amount, books.ledger.get(name, 0)
    if sum(books.ledger.values()):
        yield "ledger debit and credit", 0, sum(books.ledger.values())
    if books.other_currencies:
        yield "postings in the account's currency", books.currency, books.other_currencies


def _licenses(books: Books) -> Iterator[Difference]:
    """Pools count their assignments, and never more active ones than seats."""
    for product in sorted({*books.pools, *books.assigned}):
        bought, assigned, suspended = books.pools.get(product, (0, 0, 0))
        if (assigned, suspended) != books.assigned.get(product, (0, 0)):
            yield f"assignments of {product}", books.assigned.get(product, (0, 0)), (assigned, suspended)
        if assigned > bought:
            yield f"active assignments of {product} at most", bought, assigned
        if bought != books.bought.get(product, 0):
            yield f"seats of {product}", books.bought.get(product, 0), bought


def _due(ids: list[int]) -> dict[int, object]:
    """When each account is due, worked out from its state; the error, where its state makes no sense."""
    found: dict[int, object] = dict.fromkeys(ids)
    try:
        loaded = load(ids, locked=False)
    except SENSELESS:
        return found
    for id_, one in loaded.items():
        if one.account.due_at is not None:
            try:
                found[id_] = due_at(Draft(one.state, now=one.account.due_at))
            except SENSELESS as error:
                found[id_] = error
    return found


def _due_difference(books: Books, expected: object) -> Iterator[Difference]:
    """The account is called by the run no later than something is due; an account that waits for nothing is not."""
    if books.due_at is None:
        if books.waits:
            yield "due instant", "one, as a subscription or document waits for it", None
    elif isinstance(expected, Exception):
        yield "due instant", "one that can be worked out", f"{type(expected).__name__}: {expected}"
    elif isinstance(expected, datetime) and books.due_at > expected:
        yield "due instant", expected, books.due_at
