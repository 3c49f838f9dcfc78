"""The list of subscriptions: filters, order, sums. Pure, on what `picture.py` works out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from seatkeeper.core.tables import ACTIVE, DELETED, DISABLED, EXPIRED, OFF, POOLED, TRIAL
from seatkeeper.core.tax.vat import tax_on, treatment
from seatkeeper.domain.subscriptions.picture import Shelf, pool_row, subscription_row
from seatkeeper.domain.subscriptions.rows import NextInvoice, ProductsPage, SubscriptionRow

FILTERS = ("all", "renewing", "expiring", "trial", "past_due", "inactive")
SORTS = ("product", "licences", "status", "date", "price", "invoice")


def matches(row: SubscriptionRow, name: str) -> bool:
    """Whether a row belongs to one of FILTERS."""
    if name == "renewing":
        return row.status == ACTIVE and row.recurring != OFF
    if name == "expiring":
        return row.status == ACTIVE and row.recurring == OFF
    if name == "trial":
        return row.status == TRIAL
    if name == "past_due":
        return row.past_due
    if name == "inactive":
        return row.status not in (ACTIVE, TRIAL)
    return True


def _attention(row: SubscriptionRow) -> tuple[int, date, int]:
    """Default order: what needs attention, then the next date, deleted ones last."""
    rank = 3
    if row.past_due or row.reason == "unpaid":
        rank = 0
    elif row.pool.suspended or row.status == DISABLED:
        rank = 1
    elif row.status == EXPIRED:
        rank = 2
    if row.status == DELETED:
        rank = 9
    return rank, row.milestone.on if row.milestone else date.max, row.id


_SORT_KEYS = {
    "product": lambda row: (row.name.casefold(), row.id),
    "licences": lambda row: (row.seats, row.id),
    "status": lambda row: (row.status, row.id),
    "date": lambda row: (row.milestone.on if row.milestone else date.max, row.id),
    "price": lambda row: (row.monthly_minor, row.id),
    "invoice": lambda row: (row.next_invoice.gross_minor if row.next_invoice else 0, row.id),
}


def products_page(
    shelf: Shelf, *, search: str = "", shown: str = "all", sort: str = "", descending: bool = False
) -> ProductsPage:
    """The list. search: words in product, plan or number; shown: one of FILTERS; sort: one of SORTS or empty."""
    rows = [subscription_row(shelf, one) for one in shelf.state.subscriptions.values()]
    words = search.casefold().split()
    rows = [row for row in rows if all(word in _haystack(row) for word in words)]
    counts = {name: sum(matches(row, name) for row in rows) for name in FILTERS}
    chosen = [row for row in rows if matches(row, shown)]
    chosen.sort(key=_SORT_KEYS.get(sort, _attention), reverse=descending)
    pools = {row.product: row.pool for row in chosen if row.status in POOLED}
    every = {one.product: pool_row(shelf, one.product) for one in shelf.state.subscriptions.values()}
    idle = [pool for pool in every.values() if pool.idle_minor]
    return ProductsPage(
        account=shelf.account,
        rows=tuple(chosen),
        counts=counts,
        bought=sum(pool.bought for pool in pools.values()),
        assigned=sum(pool.assigned for pool in pools.values()),
        available=sum(pool.available for pool in pools.values()),
        monthly_minor=sum(row.monthly_minor for row in chosen),
        next_minor=sum(row.next_invoice.gross_minor for row in chosen if row.next_invoice),
        next_invoice=first_invoice(shelf, rows),
        idle_seats=sum(pool.available for pool in idle),
        idle_minor=sum(pool.idle_minor for pool in idle),
        idle_is_least=any(pool.idle_is_least for pool in idle),
    )


def _haystack(row: SubscriptionRow) -> str:
    return f"{row.name} {row.plan.name} {row.reference}".casefold()


def first_invoice(shelf: Shelf, rows: Iterable[SubscriptionRow]) -> NextInvoice | None:
    """The earliest next invoice of the organisation: one document for each payment method on that date."""
    coming = [(row.next_invoice, row.method.id if row.method else 0) for row in rows if row.next_invoice]
    if not coming:
        return None
    on = min(one.on for one, _ in coming)
    rate = treatment(shelf.state, on)[1]
    net: dict[int, int] = {}
    for one, method in coming:
        if one.on == on:
            net[method] = net.get(method, 0) + one.net_minor
    gross = sum(amount + tax_on(amount, rate) for amount in net.values())
    return NextInvoice(on, gross, sum(net.values()), lines=sum(1 for one, _ in coming if one.on == on))

