"""What pages read of licences by product, and what it takes to assign, take back and choose who keeps one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from seatkeeper.core.licensing.pools import surplus_after
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import renewal_on
from seatkeeper.core.tables import ACTIVE, DELETED, DISABLED, POOLED
from seatkeeper.domain.accounts.rows import Control
from seatkeeper.domain.licensing import checking, requests
from seatkeeper.domain.licensing import queries as licensing
from seatkeeper.domain.licensing.requests import RequestRow
from seatkeeper.domain.licensing.rows import (
    Adding,
    AssignPage,
    BookedCut,
    HoldersPage,
    KeepPage,
    LicenceProductRow,
    LicencesPage,
    OwnLicence,
    PoolRow,
)
from seatkeeper.domain.subscriptions.picture import Shelf, controls, monthly_minor, pool_row
from seatkeeper.kit.refs import id_from_reference, reference

FILTERS: Mapping[str, Callable[[LicenceProductRow], bool]] = {
    "all": lambda row: True,
    "available": lambda row: row.pool.available > 0,
    "none": lambda row: row.pool.available == 0,
    "suspended": lambda row: row.pool.suspended > 0,
}
SORTS: Mapping[str, Callable[[LicenceProductRow], object]] = {
    "product": lambda row: row.name.lower(),
    "bought": lambda row: row.pool.bought,
    "assigned": lambda row: row.pool.assigned,
    "available": lambda row: row.pool.available,
    "cost": lambda row: row.pool.idle_minor,
}


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A user's own licences and requests, and what they may ask for: (id, name) of products."""

    licences: tuple[OwnLicence, ...]
    requests: tuple[RequestRow, ...]
    products: tuple[tuple[str, str], ...]


def licences_page(
    found: Shelf, *, search: str = "", shown: str = "all", sort: str = "", descending: bool = False
) -> LicencesPage:
    """The products of which the organisation has licences. search: part of a product's name, or of a holder's."""
    by_product: dict[str, list[Subscription]] = {}
    for one in found.state.subscriptions.values():
        if one.status != DELETED:
            by_product.setdefault(one.product, []).append(one)
    waiting = requests.open_counts(found.account.id)
    every = [_row(found, product, own, waiting.get(product, 0)) for product, own in by_product.items()]
    matching = every
    if search.strip():
        held = licensing.held_by(found.account.id, search)
        words = search.lower().split()
        matching = [
            replace(row, by_user=row.product in held)
            for row in every
            if row.product in held or all(word in row.name.lower() for word in words)
        ]
    rows = [row for row in matching if FILTERS[shown](row)]
    if sort in SORTS:
        rows.sort(key=lambda row: (SORTS[sort](row), row.product), reverse=descending)  # type: ignore[arg-type,return-value]
    counts = {name: sum(1 for row in matching if fits(row)) for name, fits in FILTERS.items()}
    asked = tuple(row for row in every if row.waiting)
    return LicencesPage(found.account, tuple(rows), counts, _sum(rows), _sum(every), asked)


def _sum(rows: list[LicenceProductRow]) -> PoolRow:
    pools = [row.pool for row in rows]
    return PoolRow(
        "",
        sum(pool.bought for pool in pools),
        sum(pool.assigned for pool in pools),
        sum(pool.suspended for pool in pools),
        sum(pool.subscriptions for pool in pools),
        sum(pool.idle_minor for pool in pools),
        any(pool.idle_is_least for pool in pools),
    )


def product_row(found: Shelf, product: str) -> LicenceProductRow:
    """A product with its licences and the references of its subscriptions."""
    of_product = [one for one in found.state.subscriptions.values() if one.product == product]
    living = [one for one in of_product if one.status != DELETED] or of_product
    return _row(found, product, living, 0)


def _row(found: Shelf, product: str, own: list[Subscription], waiting: int) -> LicenceProductRow:
    return LicenceProductRow(
        product=product,
        name=found.state.catalog.products[product].name,
        pool=pool_row(found, product),
        currency=found.state.currency,
        references=tuple(reference(one.id) for one in own),
        waiting=waiting,
    )


def _has(found: Shelf, product: str) -> bool:
    if product not in found.state.catalog.products:
        return False
    return product in found.state.pools or any(one.product == product for one in found.state.subscriptions.values())


def _names(found: Shelf) -> dict[str, str]:
    return {one.id: one.name for one in found.state.catalog.products.values()}


def holders_page(
    found: Shelf, product: str, *, search: str = "", shown: str = "all", sort: str = "name", descending: bool = False,
    after: str = "", most: int | None = licensing.HOLDERS_A_PAGE,
) -> HoldersPage | None:
    """Who holds a product's licences; None where the account never had any."""
    if not _has(found, product):
        return None
    names, account = _names(found), found.account.id
    row = product_row(found, product)
    held = {"all": row.pool.assigned + row.pool.suspended, "active": row.pool.assigned, "suspended": row.pool.suspended}
    rows, total, key = licensing.holders(
        account, product, names=names, timezone=found.account.timezone, search=search, shown=shown, sort=sort,
        descending=descending, after=after, most=most, total=None if search.strip() else held.get(shown),
    )  # fmt: skip
    return HoldersPage(
        account=found.account,
        row=replace(row, waiting=requests.open_counts(account).get(product, 0)),
        holders=rows,
        total=total,
        after=key,
        assign=_assign_control(found, product),
        unassign=Control("unassign"),
        requires=tuple((one, names[one]) for one in found.state.catalog.products[product].requires),
        excludes=tuple((one, names[one]) for one in sorted(found.state.catalog.excluded(product))),
        suspended=licensing.suspended(account, product, row.pool.suspended, row.pool.remove_on),
        add_to=next(
            (reference(one.id) for one in found.state.subscriptions.values()
             if one.product == product and one.status == ACTIVE), ""
        ),
        cuts=_cuts(found, product),
    )  # fmt: skip


def _cuts(found: Shelf, product: str) -> tuple[BookedCut, ...]:
    """The booked reductions of a product's subscriptions that will suspend licences."""
    cuts = []
    for one in found.state.subscriptions.values():
        on = renewal_on(one) if one.product == product and one.booked_seats is not None else None
        if on is None or one.booked_seats is None:
            continue
        count = surplus_after(found.state, one, one.booked_seats)
        if count > 0:
            who = licensing.newest_active(found.account.id, product, count, one.booked_release)
            cuts.append(BookedCut(one.id, reference(one.id), on, one.booked_seats, count, one.booked_release, who))
    return tuple(cuts)


def _assign_control(found: Shelf, product: str) -> Control:
    """Assigning needs a subscription with access: in trial, active or expired."""
    statuses = {one.status: one for one in found.state.subscriptions.values() if one.product == product}
    if not statuses or POOLED & set(statuses):
        return Control("assign")
    status = DISABLED if DISABLED in statuses else next(iter(statuses))
    one = statuses[status]
    if status == DELETED:
        return Control("assign", "subscription_deleted", {"subscription": one.id, "date": one.since})
    return Control("assign", "not_active", {"subscription": one.id, "status": status, "date": one.start_on})


def assign_page(
    found: Shelf, product: str, *, typed: tuple[str, ...], users: tuple[int, ...], leaving: bool = False
) -> AssignPage | None:
    """What is known of typed names and addresses and of chosen users. leaving: they are to lose the licence."""
    if not _has(found, product):
        return None
    catalog = found.state.catalog
    known, offered = checking.candidates(found.account.id, product, catalog, typed=typed, users=users)
    needing: tuple[tuple[str, str, int], ...] = ()
    if leaving:
        chosen = [one.user.user for one in known if one.user is not None and one.outcome == "holds"]
        products = {id_: catalog.products[id_].name for id_ in catalog.dependants(product)}
        needing = checking.needing(found.account.id, products, chosen)
    adding = tuple(
        Adding(one.id, reference(one.id), one.seats, _monthly(found, one))
        for one in found.state.subscriptions.values()
        if one.product == product and one.status == ACTIVE and controls(found, one)["set_seats"].allowed
    )
    control = _assign_control(found, product)
    return AssignPage(found.account, product_row(found, product), known, offered, adding, control, needing)


def _monthly(found: Shelf, one: Subscription) -> int:
    """What a licence of a subscription costs per month, about: the whole price by its licences."""
    months = found.state.catalog.plans[one.plan].billing_months
    return monthly_minor(one.price, one.seats, months * max(one.seats, 1))


def keep_page(
    found: Shelf, product: str, *, booking: str = "", search: str = "", chosen: tuple[int, ...] = ()
) -> KeepPage | None:
    """Choosing who keeps a licence. booking: the reference of the subscription whose booked reduction it is about."""
    if not _has(found, product):
        return None
    id_ = id_from_reference(booking) if booking else None
    cut = next((one for one in _cuts(found, product) if one.subscription == id_), None)
    if booking and cut is None:
        return None
    row = product_row(found, product)
    now = None if booking else licensing.suspended(found.account.id, product, row.pool.suspended, row.pool.remove_on)
    holders, kept, total = licensing.to_choose(found.account.id, product, search=search, chosen=chosen)
    return KeepPage(found.account, row, now.who if now else (), holders, kept, total, cut)


def requests_of(found: Shelf, product: str, request: int | None = None) -> tuple[RequestRow, ...]:
    """The requests for a product, or the one of that number."""
    return requests.requests(
        found.account.id, names=_names(found), timezone=found.account.timezone, product=product, request=request
    )


def own_page(found: Shelf, user: int) -> OwnPage:
    """A user's own licences, requests, and the products that they may ask for."""
    names, account = _names(found), found.account
    working = frozenset(one.product for one in found.state.subscriptions.values() if one.status in POOLED)
    own = licensing.own_licences(account.id, user, names=names, timezone=account.timezone, working=working)
    asked = requests.requests(account.id, names=names, timezone=account.timezone, user=user)
    taken = {one.product for one in own} | {one.product for one in asked if one.status == requests.OPEN}
    free = sorted((names[product], product) for product in working - taken)
    return OwnPage(own, asked, tuple((product, name) for name, product in free))
