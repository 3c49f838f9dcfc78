"""The seller's books, read in batches whatever their size: trial balance, receivables, revenue, VAT, cash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum

from seatkeeper.core.calendar import first_instant
from seatkeeper.core.ledger.recipes import CASH
from seatkeeper.core.ledger.recognition import Service, recognised_minor
from seatkeeper.core.ledger.reports import Balance, Revenue, age_of, revenue, trial_balance, vat_scheme
from seatkeeper.core.periods import ONE_DAY
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.ledger.models import Posting
from seatkeeper.domain.payments.models import Attempt, Method

ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Books:
    """A seller's accounts. Its time zone says on which day something was posted."""

    seller: int
    name: str
    country: str
    timezone: str
    vat_id: str
    registration: str

    def before(self, day: date) -> datetime:
        """The first instant of a day in the seller's zone."""
        return first_instant(day, self.timezone)

    def accounts(self) -> Any:
        """The seller's accounts, as a subquery."""
        return Account.objects.filter(seller_id=self.seller).values("id")


def books(seller: int) -> Books:
    """The books of a seller."""
    columns = ("id", "name", "country", "timezone", "vat_id", "registration_number")
    return Books(*Seller.objects.values_list(*columns).get(id=seller))


def services(own: Books, on: date) -> Iterator[tuple[str, Service]]:
    """What every line of documents issued until a day is for, with its currency."""
    rows = Document.objects.filter(seller_id=own.seller, issued_on__lte=on).order_by("account_id", "id")
    issued: dict[tuple[int, int], tuple[date, str]] = {}
    for account, id_, issued_on, currency in rows.values_list("account_id", "id", "issued_on", "currency").iterator(
        chunk_size=ROWS
    ):
        issued[account, id_] = issued_on, currency
    lines = Line.objects.filter(account_id__in=own.accounts()).order_by("account_id", "id")
    columns = ("account_id", "document_id", "start_on", "end_on", "amount_minor")
    for account, document, start, end, amount in lines.values_list(*columns).iterator(chunk_size=ROWS):
        known = issued.get((account, document))
        if known is not None and amount:
            yield known[1], Service(start, end, amount, known[0])


def trial_balance_on(own: Books, on: date) -> tuple[Balance, ...]:
    """Every account at the end of a day, with revenue recognised until then."""
    rows = Posting.objects.filter(account_id__in=own.accounts(), at__lt=own.before(on + ONE_DAY))
    sums = rows.order_by().values_list("currency", "debit", "credit").annotate(Sum("amount_minor"))
    return trial_balance(list(sums), recognised_on(own, on).items())


def recognised_on(own: Books, on: date) -> dict[str, int]:
    """What is recognised at the end of a day, by currency."""
    found: dict[str, int] = defaultdict(int)
    for currency, one in services(own, on):
        found[currency] += recognised_minor(one, on)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Receivable:
    """What one account owes, by age. Amounts in minor units of its currency."""

    account: int
    key: str
    name: str
    currency: str
    due_minor: int
    ages: dict[str, int] = field(default_factory=dict)


def receivables(own: Books, on: date) -> tuple[Receivable, ...]:
    """What is due now, by how long after its due date on a day; the largest debtor first."""
    rows = Document.objects.filter(seller_id=own.seller, due_minor__gt=0).values_list(
        "account_id", "currency", "due_on", "due_minor"
    )
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for account, currency, due_on, due in rows.iterator(chunk_size=ROWS):
        found[account, currency][age_of(due_on, on)] += due
    names = {id_: (key, name) for id_, key, name in Account.objects.filter(
        id__in={account for account, _ in found}).values_list("id", "key", "name")}
    every = [
        Receivable(account, *names[account], currency, sum(ages.values()), dict(ages))
        for (account, currency), ages in found.items()
    ]
    return tuple(sorted(every, key=lambda one: (-one.due_minor, one.account)))


def months(start: date, end: date) -> list[tuple[date, date]]:
    """[start, end) cut at the first of each month."""
    spans, at = [], start
    while at < end:
        following = (at.replace(day=1) + timedelta(days=32)).replace(day=1)
        spans.append((at, min(following, end)))
        at = following
    return spans


def revenue_between(own: Books, start: date, end: date, *, daily: bool = False) -> tuple[Revenue, ...]:
    """Invoiced, recognised and deferred by month, or by day, of [start, end)."""
    days = [(start + timedelta(days=n), start + timedelta(days=n + 1)) for n in range((end - start).days)]
    return revenue(services(own, end - ONE_DAY), days if daily else months(start, end))


@dataclass(frozen=True, slots=True)
class VatRow:
    """One box of a return. scheme: domestic, one_stop_shop (a return of its own), reverse_charge ..."""

    period: str
    scheme: str
    country: str
    category: str
    rate: str
    currency: str
    taxable_minor: int
    vat_minor: int
    documents: int


def vat_between(own: Books, start: date, end: date) -> tuple[VatRow, ...]:
    """VAT of documents issued in [start, end), by quarter, scheme, country, category and rate."""
    rows = Document.objects.filter(seller_id=own.seller, issued_on__gte=start, issued_on__lt=end)
    found: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    columns = ("issued_on", "currency", "vat", "buyer")
    for issued_on, currency, vat, buyer in rows.values_list(*columns).iterator(chunk_size=ROWS):
        period = f"{issued_on.year}-Q{(issued_on.month + 2) // 3}"
        for category, rate, taxable, amount in vat:
            scheme, country = vat_scheme(category, seller=own.country, buyer=buyer.get("country") or own.country)
            sums = found[period, scheme, country, category, rate, currency]
            sums[0] += taxable
            sums[1] += amount
            sums[2] += 1
    return tuple(VatRow(*key, *sums) for key, sums in sorted(found.items()))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Cash:
    """Money by the way it came, against the ledger. clearing: what the ledger has and no payment explains."""

    rows: tuple[tuple[str, str, int, int], ...]
    ledger: dict[str, int]
    clearing: dict[str, int]
    unexplained: tuple[tuple[int, str, int], ...]


def cash_on(own: Books, on: date) -> Cash:
    """Taken and given back by gateway (card, direct_debit, transfer) until the end of a day: (way, currency, in, out).

    Each account's cash in the ledger must equal what its payments moved; where it does not, it is named.
    """
    until = own.before(on + ONE_DAY)
    moved: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    left: dict[tuple[int, str], int] = defaultdict(int)
    settled = _attempts(own, until, moved, left)
    ledger: dict[str, int] = defaultdict(int)
    rows = Posting.objects.filter(account_id__in=own.accounts(), at__lt=until).values_list(
        "account_id", "at", "debit", "credit", "amount_minor", "currency", "event"
    )
    for account, at, debit, credit, amount, currency, event in rows.iterator(chunk_size=ROWS):
        if CASH not in (debit, credit):
            continue
        signed = amount if debit == CASH else -amount
        ledger[currency] += signed
        if event == "overpayment" and (account, at) not in settled:
            moved["transfer", currency][0] += amount
            continue
        left[account, currency] += signed
    unexplained = tuple((account, currency, minor) for (account, currency), minor in sorted(left.items()) if minor)
    clearing = dict.fromkeys(ledger, 0)
    for currency in ledger:
        net = sum(taken - given for (_, one), (taken, given) in moved.items() if one == currency)
        clearing[currency] = ledger[currency] - net
    return Cash(
        tuple((way, currency, *sums) for (way, currency), sums in sorted(moved.items())), dict(ledger), clearing,  # type: ignore[misc]
        unexplained,
    )


def _attempts(
    own: Books, until: datetime, moved: dict[tuple[str, str], list[int]], left: dict[tuple[int, str], int]
) -> set[tuple[int, datetime]]:
    """Add up what payments moved; the (account, instant) pairs at which a gateway's charge was settled."""
    kinds = {(account, id_): kind for account, id_, kind in Method.objects.filter(
        account_id__in=own.accounts()).values_list("account_id", "id", "kind").iterator(chunk_size=ROWS)}
    columns = ("account_id", "id", "purpose", "method_id", "amount_minor", "currency", "settled_at", "refunds")
    rows = Attempt.objects.filter(account_id__in=own.accounts(), status="succeeded", settled_at__lt=until)
    ways: dict[tuple[int, int], str] = {}
    settled: set[tuple[int, datetime]] = set()
    for account, id_, purpose, method, amount, currency, at, refunds in (
        rows.order_by("account_id", "id").values_list(*columns).iterator(chunk_size=ROWS)
    ):
        if purpose == "received":
            way = "transfer"
        else:
            way = ways.get((account, refunds), "card") if purpose == "refund" else kinds.get((account, method), "card")
            settled.add((account, at))
        ways[account, id_] = way
        back = purpose == "refund"
        moved[way, currency][1 if back else 0] += amount
        left[account, currency] -= -amount if back else amount
    return settled
