"""The list of an account's documents: filters, order, pages by key, and all rows of a filter for an export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from seatkeeper.core.decision import CREDIT_NOTE
from seatkeeper.core.periods import boundary
from seatkeeper.domain.accounts.queries import Organisation
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.invoicing.queries import invoice_row, late
from seatkeeper.domain.invoicing.rows import InvoiceRow, InvoicesPage
from seatkeeper.kit.paging import DEFAULT_SIZE

FILTERS = ("all", "open", "overdue", "paid", "credit_note")
PERIODS = ("12-months", "this-year", "last-year", "all", "between")
SORTS = {"date": "issued_on", "total": "gross_minor", "due": "due_minor"}
EXPORTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class WantedInvoices:
    """What the list is asked for. search: part of a number or purchase order; subscription: only those with its lines.

    start, end: first and last day, for the period `between`. after, before: the key of a row, `value.id`.
    """

    search: str = ""
    subscription: int | None = None
    shown: str = "all"
    period: str = PERIODS[0]
    start: date | None = None
    end: date | None = None
    sort: str = "date"
    ascending: bool = False
    after: str = ""
    before: str = ""
    size: int = DEFAULT_SIZE


def span_of(wanted: WantedInvoices, today: date) -> tuple[date | None, date | None]:
    """First and last day of issue that the period admits; None: no limit."""
    if wanted.period == "12-months":
        return boundary(today, -12) + timedelta(days=1), None
    if wanted.period == "this-year":
        return today.replace(month=1, day=1), None
    if wanted.period == "last-year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    return (wanted.start, wanted.end) if wanted.period == "between" else (None, None)


def _matching(shown: str, on: date) -> Q:
    if shown == "open":
        return Q(due_minor__gt=0)
    if shown == "overdue":
        return late(on)
    if shown == "paid":
        return Q(due_minor=0) & ~Q(kind=CREDIT_NOTE) & ~Q(status="uncollectible")
    return Q(kind=CREDIT_NOTE) if shown == CREDIT_NOTE else Q()


def _every(account: AccountRow, wanted: WantedInvoices) -> QuerySet[Document]:
    """The documents that all filters but `shown` admit."""
    found = Document.objects.filter(account_id=account.id)
    first, last = span_of(wanted, account.today)
    if first is not None:
        found = found.filter(issued_on__gte=first)
    if last is not None:
        found = found.filter(issued_on__lte=last)
    if wanted.subscription is not None:
        lines = Line.objects.filter(account_id=account.id, subscription_id=wanted.subscription)
        return found.filter(id__in=lines.values("document_id"))
    if text := wanted.search.strip():
        return found.filter(Q(number__icontains=text) | Q(buyer__purchase_order__icontains=text))
    return found


def _key(document: Document, field: str) -> str:
    value = getattr(document, field)
    return f"{value.isoformat() if isinstance(value, date) else value}.{document.id}"


def _position(key: str, field: str) -> tuple[Any, int] | None:
    """The value and id that a key names; None for a key that somebody made up."""
    value, _, id_ = key.rpartition(".")
    try:
        found: Any = date.fromisoformat(value) if field == "issued_on" else int(value)
        number = int(id_)
    except ValueError:
        return None
    return (found, number) if abs(number) < 2**63 and (field == "issued_on" or abs(found) < 2**63) else None


def _ordered(found: QuerySet[Document], wanted: WantedInvoices, *, backwards: bool = False) -> QuerySet[Document]:
    field, sign = SORTS[wanted.sort], "" if wanted.ascending != backwards else "-"
    return found.order_by(f"{sign}{field}", f"{sign}id")


def _beyond(position: tuple[Any, int], field: str, *, up: bool) -> Q:
    value, id_ = position
    side = "gt" if up else "lt"
    return Q(**{f"{field}__{side}": value}) | Q(**{field: value, f"id__{side}": id_})


def invoices_page(organisation: Organisation, account: AccountRow, wanted: WantedInvoices) -> InvoicesPage:
    """One page of the documents, with counts of each filter. Always five queries."""
    every, field = _every(account, wanted), SORTS[wanted.sort]
    counts = every.aggregate(**{f"of_{name}": Count("id", filter=_matching(name, account.today)) for name in FILTERS})
    chosen = every.filter(_matching(wanted.shown, account.today))
    backwards = bool(wanted.before)
    position = _position(wanted.before or wanted.after, field)
    if position is not None:
        chosen = chosen.filter(_beyond(position, field, up=wanted.ascending != backwards))
    found = list(_ordered(chosen, wanted, backwards=backwards and position is not None)[: wanted.size + 1])
    more, found = len(found) > wanted.size, found[: wanted.size]
    if backwards and position is not None:
        found.reverse()
        earlier, later = more, True
    else:
        earlier, later = position is not None, more
    due = Document.objects.filter(account_id=account.id, due_minor__gt=0).aggregate(sum=Sum("due_minor"))["sum"]
    return InvoicesPage(
        account=account,
        rows=_rows(account, found),
        counts={name: counts[f"of_{name}"] for name in FILTERS},
        due_minor=due or 0,
        credit_minor=organisation.balance_minor,
        before=_key(found[0], field) if found and earlier else "",
        after=_key(found[-1], field) if found and later else "",
        total=counts[f"of_{wanted.shown}"],
    )


def document_ids(account: AccountRow, wanted: WantedInvoices) -> list[int]:
    """The documents of a filter, newest first and all of them."""
    found = _every(account, wanted).filter(_matching(wanted.shown, account.today))
    return list(_ordered(found, wanted).values_list("id", flat=True))


def _rows(account: AccountRow, found: list[Document]) -> tuple[InvoiceRow, ...]:
    names = _about(account.id, [one.id for one in found])
    return tuple(invoice_row(one, names.get(one.id, ()), account.today) for one in found)


def exported(account: AccountRow, wanted: WantedInvoices) -> Iterator[InvoiceRow]:
    """All rows of the filter in its order, read some hundreds at a time."""
    every = _every(account, wanted).filter(_matching(wanted.shown, account.today))
    field, position = SORTS[wanted.sort], None
    while True:
        chosen = every.filter(_beyond(position, field, up=wanted.ascending)) if position is not None else every
        found = list(_ordered(chosen, wanted)[:EXPORTED_AT_ONCE])
        yield from _rows(account, found)
        if len(found) < EXPORTED_AT_ONCE:
            return
        position = getattr(found[-1], field), found[-1].id


def _about(account: int, documents: list[int]) -> dict[int, tuple[str, ...]]:
    """Names of the products on each document, as they were when it was issued."""
    found: dict[int, dict[str, None]] = {}
    rows = Line.objects.filter(account_id=account, document_id__in=documents).order_by("document_id", "position")
    for document, arithmetic in rows.values_list("document_id", "arithmetic"):
        found.setdefault(document, {})[arithmetic["product"]] = None
    return {document: tuple(names) for document, names in found.items()}
