"""The overview: next invoice, what needs attention, the next 12 months, idle money, what is booked (SCREENS.md 4.1).

Pure, on an account's state: the list's queries are all that it takes, however many subscriptions there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from seatkeeper.core.forecast import Charge, Coming, all_charges, documents
from seatkeeper.core.periods import boundary
from seatkeeper.core.settle import reminder_on
from seatkeeper.core.state import OpenDocument, Subscription
from seatkeeper.core.subscriptions.checks import renewal_on
from seatkeeper.core.tables import ACTIVE, DISABLED, EXPIRED, OFF, TRIAL, UNPAID
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.banners import CARD_DAYS
from seatkeeper.domain.subscriptions.picture import Shelf, booked, disabled_on, milestone, pool_row
from seatkeeper.domain.subscriptions.renewing import OPENS_DAYS
from seatkeeper.domain.subscriptions.rows import Booked
from seatkeeper.kit.refs import reference

MONTHS = 12
LONG_TERM_MONTHS = 3
"""Renewals of shorter terms come too often to prepare each."""
MONEY_KINDS = frozenset({"overdue", "disabled_unpaid", "card_expires", "renewal", "becomes_paid"})
ORDER = (
    "overdue", "disabled_unpaid", "disabled", "suspended", "will_suspend", "expiring", "expired", "trial_ends",
    "becomes_paid", "card_expires", "renewal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing to look at: what, by which date, about which subscription, invoice or payment method.

    facts: minor units, counts and names for its sentence.
    """

    kind: str
    on: date | None
    name: str = ""
    reference: str = ""
    product: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Month:
    """What a calendar month costs, excluding VAT. start, end: the days of it that lie in the 12 months."""

    start: date
    end: date
    fixed_minor: int
    open_minor: int

    @property
    def total_minor(self) -> int:
        """Both together."""
        return self.fixed_minor + self.open_minor


@dataclass(frozen=True, slots=True)
class BookedRow:
    """A booked change of a subscription, with what it is today."""

    reference: str
    name: str
    seats: int
    change: Booked


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """coming: the documents of the next billing date. months: 12 or 13 calendar months from today on.

    idle_products: (product, name, licences, minor units a month), dearest first.
    """

    account: AccountRow
    empty: bool
    coming: tuple[Coming, ...]
    methods: Mapping[int, MethodRow]
    attention: tuple[Attention, ...]
    months: tuple[Month, ...]
    idle_seats: int
    idle_minor: int
    idle_is_least: bool
    idle_products: tuple[tuple[str, str, int, int], ...]
    booked: tuple[BookedRow, ...]

    @property
    def year_minor(self) -> int:
        """The cost of the next 12 months, excluding VAT."""
        return sum(month.total_minor for month in self.months)

    @property
    def fixed_minor(self) -> int:
        """What of it lies in running terms that cannot be ended."""
        return sum(month.fixed_minor for month in self.months)

    @property
    def open_minor(self) -> int:
        """What of it can still change."""
        return sum(month.open_minor for month in self.months)

    @property
    def next_gross_minor(self) -> int:
        """The next invoice, VAT included."""
        return sum(one.gross_minor for one in self.coming)


def overview_page(shelf: Shelf) -> OverviewPage:
    """The page of an account; a reader who may not see money gets what is about licences only."""
    state, money = shelf.state, "money.see" in shelf.account.permissions
    until = boundary(shelf.today, MONTHS)
    charges = all_charges(state, until=until) if money else []
    pools = [pool_row(shelf, product) for product in state.pools if product in state.catalog.products]
    idle = sorted((pool for pool in pools if pool.idle_minor), key=lambda pool: (-pool.idle_minor, pool.product))
    return OverviewPage(
        account=shelf.account,
        empty=not state.subscriptions,
        coming=next_documents(shelf, charges),
        methods=shelf.methods,
        attention=tuple(
            one for one in attention(shelf, charges) if money or one.kind not in MONEY_KINDS
        ),
        months=months(charges, shelf.today, until) if money else (),
        idle_seats=sum(pool.available for pool in idle),
        idle_minor=sum(pool.idle_minor for pool in idle),
        idle_is_least=any(pool.idle_is_least for pool in idle),
        idle_products=tuple(
            (pool.product, state.catalog.products[pool.product].name, pool.available, pool.idle_minor) for pool in idle
        ),
        booked=tuple(_booked(shelf)),
    )


def next_documents(shelf: Shelf, charges: list[Charge]) -> tuple[Coming, ...]:
    """The documents of the first billing date that charges something."""
    first = next((one.on for one in charges if one.net_minor), None)
    return documents(shelf.state, [one for one in charges if one.on == first and one.net_minor]) if first else ()


def months(charges: list[Charge], today: date, until: date) -> tuple[Month, ...]:
    """The calendar months from today to `until`; the first and the last may be parts."""
    sums: dict[tuple[int, int], list[int]] = {}
    for one in charges:
        sums.setdefault((one.on.year, one.on.month), [0, 0])[not one.fixed] += one.net_minor
    found, start = [], today
    while start < until:
        end = min(boundary(start.replace(day=1), 1), until)
        fixed, loose = sums.get((start.year, start.month), (0, 0))
        found.append(Month(start, end, fixed, loose))
        start = end
    return tuple(found)


def _booked(shelf: Shelf) -> list[BookedRow]:
    found = [
        BookedRow(reference(one.id), shelf.state.catalog.products[one.product].name, one.seats, change)
        for one in shelf.state.subscriptions.values()
        if one.booked_seats is not None or one.booked_plan is not None
        for change in booked(shelf, one)
    ]
    return sorted(found, key=lambda row: (row.change.on, row.reference))


def attention(shelf: Shelf, charges: list[Charge]) -> list[Attention]:
    """All that needs attention, worst first, then by date."""
    found = [*_overdue(shelf), *_subscriptions(shelf, charges), *_pools(shelf), *_cards(shelf, charges)]
    return sorted(found, key=lambda one: (ORDER.index(one.kind), one.on or date.max, one.name, one.reference))


def _overdue(shelf: Shelf) -> Iterator[Attention]:
    """Each overdue invoice, with the first of its subscriptions and the day on which that is disabled."""
    state = shelf.state
    for document in state.overdue(shelf.today):
        held = _of(shelf, document)
        on = disabled_on(state, [document]) if held else None
        names = sorted({state.catalog.products[one.product].name for one in held})
        yield Attention(
            "overdue", on, document.number,
            facts={
                "sum_minor": document.due_minor, "days": max((shelf.today - document.due_on).days, 1),
                "names": tuple(names),
            },
        )


def _of(shelf: Shelf, document: OpenDocument) -> list[Subscription]:
    ids = {subscription for subscription, _ in document.covers}
    known = (shelf.state.subscriptions.get(id_) for id_ in sorted(ids))
    return [one for one in known if one is not None and one.status in (ACTIVE, EXPIRED)]


def _subscriptions(shelf: Shelf, charges: list[Charge]) -> Iterator[Attention]:
    state, soon = shelf.state, shelf.today + timedelta(days=OPENS_DAYS)
    first: dict[int, Charge] = {}
    for charge in charges:
        first.setdefault(charge.subscription, charge)
    for found in state.subscriptions.values():
        product = state.catalog.products[found.product]
        known = {"name": product.name, "reference": reference(found.id), "product": product.id}
        at = milestone(shelf, found)
        on = at.on if at else None
        pool = state.pools.get(found.product)
        facts: dict[str, object] = {"users": min(pool.assigned if pool else 0, found.seats)}
        if found.id in first:
            facts["sum_minor"] = first[found.id].net_minor
        if found.status == DISABLED:
            yield Attention("disabled_unpaid" if found.reason == UNPAID else "disabled", on, **known, facts=facts)
        elif found.status == EXPIRED:
            yield Attention("expired", on, **known, facts=facts)
        elif found.status == TRIAL:
            yield Attention("trial_ends" if found.recurring == OFF else "becomes_paid", on, **known, facts=facts)
        elif found.status == ACTIVE and on is not None and on <= soon:
            if found.recurring == OFF:
                yield Attention("expiring", on, **known, facts=facts)
            elif state.catalog.plans[found.plan].term_months >= LONG_TERM_MONTHS:
                yield Attention("renewal", on, **known, facts=facts)


def _pools(shelf: Shelf) -> Iterator[Attention]:
    """Suspended licences, and booked reductions that will suspend some, from their first reminder on."""
    state = shelf.state
    ahead: dict[str, int] = {}
    for found in state.subscriptions.values():
        if found.status == ACTIVE and found.booked_seats is not None:
            ahead[found.product] = ahead.get(found.product, 0) + found.booked_seats - found.seats
    by_product = {one.product: one for one in state.subscriptions.values() if one.booked_seats is not None}
    for pool in state.pools.values():
        product = state.catalog.products[pool.product]
        if pool.suspended:
            yield Attention(
                "suspended", pool.remove_on, product.name, product=product.id, facts={"n": pool.suspended}
            )
        surplus = pool.assigned - pool.bought - ahead.get(pool.product, 0)
        one = by_product.get(pool.product)
        if surplus > 0 and one is not None and (one.booked_reminders or reminder_on(one) is None):
            facts = {"n": surplus}
            yield Attention("will_suspend", renewal_on(one), product.name, reference(one.id), product.id, facts=facts)


def _cards(shelf: Shelf, charges: list[Charge]) -> Iterator[Attention]:
    """Cards that expire before a charge of theirs, within CARD_DAYS."""
    for method in shelf.methods.values():
        expires = method.expires_on
        if expires is None or expires > shelf.today + timedelta(days=CARD_DAYS):
            continue
        after = [one for one in charges if one.method == method.id and one.on > expires]
        if after:
            coming = documents(shelf.state, [one for one in after if one.on == after[0].on])
            facts = {"sum_minor": sum(one.gross_minor for one in coming), "charged_on": after[0].on, "method": method}
            yield Attention("card_expires", expires, method.label, facts=facts)
