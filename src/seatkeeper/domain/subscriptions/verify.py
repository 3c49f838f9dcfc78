"""`verify`: proof that the books hold. The journal's chains and what its events add up to, the ledger, documents,
numbers, the arithmetic of every billing period, and the licences (DOMAIN.md 3, 9, 11).

It only reads, in batches of accounts with a fixed number of queries each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from seatkeeper.core.draft import Draft
from seatkeeper.core.settle import due_at
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.subscriptions.audit import Books, read_books
from seatkeeper.domain.subscriptions.audit_documents import document_faults, number_faults, period_line_faults
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.replay import DOCUMENT_FACTS, Rebuilt, rebuild

BATCH = 200
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
    findings.found += [Finding(None, *_texts(one)) for one in number_faults(seller)]
    return findings


def _verify_batch(ids: list[int], findings: Findings) -> None:
    books, rebuilt = read_books(ids), rebuild(ids)
    due = _due(ids)
    for id_ in ids:
        own, told = books[id_], rebuilt[id_]
        for difference in _differences(own, told):
            findings.found.append(Finding(id_, *_texts(difference)))
        for difference in _due_difference(own, due[id_]):
            findings.found.append(Finding(id_, *_texts(difference)))
        findings.events += told.sequence
        findings.documents += len(own.documents)
        findings.lines += len(own.lines)
    findings.accounts += len(ids)


def _texts(difference: Difference) -> tuple[str, str, str]:
    return difference[0], str(difference[1]), str(difference[2])


def _differences(books: Books, told: Rebuilt) -> Iterator[Difference]:
    yield from _chain(books, told)
    yield from _state(books, told)
    yield from document_faults(books)
    yield from period_line_faults(books)
    yield from _ledger(books)
    yield from _licenses(books)


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
    return next((one, other) for one, other in zip(expected, found, strict=True) if one != other)


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
    """When each account is due, worked out from its state."""
    return {
        id_: due_at(Draft(loaded.state, now=loaded.account.due_at))
        if loaded.account.due_at is not None
        else None
        for id_, loaded in load(ids, locked=False).items()
    }


def _due_difference(books: Books, expected: object) -> Iterator[Difference]:
    """The account is called by the run no later than something is due; an account that waits for nothing is not."""
    if books.due_at is None:
        if books.waits:
            yield "due instant", "one, as a subscription or document waits for it", None
    elif expected is not None and books.due_at > expected:  # type: ignore[operator]
        yield "due instant", expected, books.due_at
