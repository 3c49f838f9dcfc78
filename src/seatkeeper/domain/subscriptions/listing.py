"""The list of subscriptions: filters, order, pages, sums. Pure, on what `picture.py` works out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from seatkeeper.core.tables import ACTIVE, DELETED, DISABLED, EXPIRED, OFF, POOLED, TRIAL
from seatkeeper.core.tax.vat import tax_on, treatment
from seatkeeper.domain.subscriptions.picture import Shelf, bare_row, controls
from seatkeeper.domain.subscriptions.rows import Choice, NextInvoice, ProductsPage, SubscriptionRow
from seatkeeper.kit.paging import DEFAULT_SIZE, page_by_key

FILTERS = ("all", "renewing", "expiring", "trial", "past_due", "inactive")
YEAR = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list. search: words in product, plan, number or purchase order; shown: one of FILTERS.

    statuses, products, categories: any of them; empty means all. within_days: with a date in the row that lies in so
    many days. idle: with licences of its product that nobody holds. method: paid with it. sort: one of SORTS or empty.
    after, before: the reference of the row that the page follows or precedes.
    """

    search: str = ""
    shown: str = "all"
    statuses: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    within_days: int | None = None
    idle: bool = False
    method: int | None = None
    sort: str = ""
    descending: bool = False
    after: str = ""
    before: str = ""
    size: int = DEFAULT_SIZE

    @property
    def narrowings(self) -> int:
        """By how many things, besides the chip and the search, is filtered."""
        within, method = self.within_days is not None, self.method is not None
        return sum(map(bool, (self.statuses, self.products, self.categories, within, self.idle, method)))

    @property
    def narrowed(self) -> bool:
        """Whether anything but the chip is filtered by."""
        return bool(self.search or self.narrowings)


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


_SORT_KEYS: dict[str, Callable[[SubscriptionRow], tuple[Any, ...]]] = {
    "product": lambda row: (row.name.casefold(), row.id),
    "licences": lambda row: (row.seats, row.id),
    "status": lambda row: (row.status, row.id),
    "date": lambda row: (row.milestone.on if row.milestone else date.max, row.id),
    "price": lambda row: (row.monthly_minor, row.id),
    "invoice": lambda row: (row.next_invoice.gross_minor if row.next_invoice else 0, row.id),
    "method": lambda row: (row.method.label.casefold() if row.method else "", row.id),
    "number": lambda row: (row.id,),
    "order": lambda row: (row.purchase_order.casefold(), row.id),
    "term": lambda row: (row.term_ends_on or date.max, row.id),
    "year": lambda row: (row.monthly_minor, row.id),
    "bought": lambda row: (row.bought_on, row.id),
    "idle": lambda row: (row.pool.idle_minor, row.id),
    "booked": lambda row: (row.booked[0].on if row.booked else date.max, row.id),
}
SORTS = tuple(_SORT_KEYS)


def every_row(shelf: Shelf) -> list[SubscriptionRow]:
    """The rows of all subscriptions, without controls."""
    return [bare_row(shelf, one) for one in shelf.state.subscriptions.values()]


def chosen_rows(
    shelf: Shelf, wanted: Wanted, every: list[SubscriptionRow] | None = None
) -> tuple[list[SubscriptionRow], list[SubscriptionRow]]:
    """(what the filters leave, all rows that the search and the further filters leave, whatever the chip).

    every: the rows of all subscriptions, where they are known already.
    """
    rows = every_row(shelf) if every is None else every
    words = wanted.search.casefold().split()
    narrowed = [row for row in rows if _fits(shelf, row, wanted, words)] if wanted.narrowed else rows
    chosen = [row for row in narrowed if matches(row, wanted.shown)]
    chosen.sort(key=_SORT_KEYS.get(wanted.sort, _attention), reverse=wanted.descending)
    return chosen, narrowed


def _fits(shelf: Shelf, row: SubscriptionRow, wanted: Wanted, words: Sequence[str]) -> bool:
    if words:
        text = f"{row.name} {row.plan.name} {row.reference} {row.purchase_order}".casefold()
        if not all(word in text for word in words):
            return False
    if wanted.statuses and row.status not in wanted.statuses:
        return False
    if wanted.products and row.product not in wanted.products:
        return False
    if wanted.categories and shelf.state.catalog.products[row.product].category not in wanted.categories:
        return False
    if wanted.idle and not row.pool.idle_minor:
        return False
    if wanted.method is not None and (row.method is None or row.method.id != wanted.method):
        return False
    if wanted.within_days is None:
        return True
    last = shelf.today + timedelta(days=wanted.within_days)
    return row.milestone is not None and row.status not in (DELETED, DISABLED) and row.milestone.on <= last


def products_page(shelf: Shelf, wanted: Wanted | None = None) -> ProductsPage:
    """The list as it is asked for: one page of its rows, with counts and sums over all that match."""
    wanted = wanted or Wanted()
    every = every_row(shelf)
    chosen, narrowed = chosen_rows(shelf, wanted, every)
    page = page_by_key(
        chosen, lambda row: row.reference, after=wanted.after, before=wanted.before, size=wanted.size
    )
    subscriptions = shelf.state.subscriptions
    pools = {row.product: row.pool for row in chosen if row.status in POOLED}
    idle = [pool for pool in (shelf.pool(product) for product in _products(shelf)) if pool.idle_minor]
    return ProductsPage(
        account=shelf.account,
        rows=tuple(replace(row, controls=controls(shelf, subscriptions[row.id])) for row in page.rows),
        counts={name: sum(matches(row, name) for row in narrowed) for name in FILTERS},
        bought=sum(pool.bought for pool in pools.values()),
        assigned=sum(pool.assigned for pool in pools.values()),
        available=sum(pool.available for pool in pools.values()),
        monthly_minor=sum(row.monthly_minor for row in chosen),
        next_minor=sum(row.next_invoice.gross_minor for row in chosen if row.next_invoice),
        next_invoice=first_invoice(shelf, every),
        idle_seats=sum(pool.available for pool in idle),
        idle_minor=sum(pool.idle_minor for pool in idle),
        idle_is_least=any(pool.idle_is_least for pool in idle),
        total=page.total,
        before=page.before,
        after=page.after,
        products=tuple(sorted(_products(shelf).items(), key=lambda pair: pair[1].casefold())),
        categories=_categories(shelf),
        methods=tuple(shelf.methods.values()),
    )


def _products(shelf: Shelf) -> dict[str, str]:
    """Names by id of the products that the organisation has subscriptions of."""
    catalog = shelf.state.catalog.products
    return {one.product: catalog[one.product].name for one in shelf.state.subscriptions.values()}


def _categories(shelf: Shelf) -> tuple[Choice, ...]:
    catalog = shelf.state.catalog.products
    found = {catalog[product].category: catalog[product].category_nl for product in _products(shelf)}
    return tuple(Choice(name, name, dutch) for name, dutch in sorted(found.items()) if name)


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
