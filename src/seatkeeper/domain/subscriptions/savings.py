"""What an organisation can save, and what it has booked to save (SCREENS.md 4.9): five queries, then pure work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from seatkeeper.core.advice import DOUBLE, FREQUENCY, UNUSED, Advice, Double, Use, advice, saving, span
from seatkeeper.core.periods import ONE_DAY
from seatkeeper.core.state import AccountState, Subscription
from seatkeeper.core.subscriptions.checks import renewal_on
from seatkeeper.core.tables import ACTIVE, ON
from seatkeeper.domain.accounts.recording import record
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.licensing import operations as licensing
from seatkeeper.domain.subscriptions.models import Dismissal
from seatkeeper.domain.subscriptions.picture import Shelf, plan_row
from seatkeeper.kit.commands import Context
from seatkeeper.kit.paging import page_by_key
from seatkeeper.kit.refs import reference

GROUPS = (UNUSED, FREQUENCY, DOUBLE)
LATELY_DAYS = 30
"""Licences count as not needed when they were held by nobody for so long; younger subscriptions are left alone."""


@dataclass(frozen=True, slots=True)
class SavingRow:
    """One advice, or a booked change that saves. plan: what it is on now; other: what it would be on.

    product_name, other_name: of the products; other_name where the advice names a second one.
    """

    advice: Advice
    reference: str
    product_name: str
    plan: PlanRow
    other: PlanRow | None = None
    other_name: str = ""
    booked: bool = False
    dismissed: bool = False

    @property
    def key(self) -> str:
        """What names the row on its page."""
        return f"booked-{self.advice.key}" if self.booked else self.advice.key

    @property
    def group(self) -> str:
        """Its filter: unused, frequency or double."""
        return "unused" if self.advice.kind == "let_end" else self.advice.kind


@dataclass(frozen=True, slots=True)
class SavingsPage:
    """The rows of a filter, largest first, then what is booked; sums over what is neither booked nor set aside."""

    account: AccountRow
    rows: tuple[SavingRow, ...]
    counts: Mapping[str, int]
    total_minor: int
    booked_minor: int
    dismissed: int
    total: int = 0
    before: str = ""
    after: str = ""


def savings_page(
    shelf: Shelf, *, shown: str = "all", aside: bool = False, after: str = "", before: str = "",
    size: int | None = None,
) -> SavingsPage:
    """shown: all, unused, frequency or double. aside: those that were set aside, in place of the others.

    after, before: the key of the row that the page follows or precedes; size: None for all rows at once.
    """
    state = shelf.state
    found = advice(state, use=_use(shelf), doubles=_doubles(state))
    dismissed = set(Dismissal.objects.filter(account_id=state.id).values_list("key", flat=True))
    rows = [_row(state, one, dismissed=one.key in dismissed) for one in found]
    booked = [_row(state, one, booked=True) for one in _booked(shelf)]
    live = [row for row in rows if row.dismissed == aside]
    listed = live if aside else [*live, *booked]
    counts = {group: sum(row.group == group for row in listed) for group in GROUPS}
    counts["all"] = len(listed)
    matching = [row for row in listed if shown in ("all", row.group)]
    page = page_by_key(matching, lambda row: row.key, after=after, before=before, size=size or max(len(matching), 1))
    return SavingsPage(
        account=shelf.account,
        rows=page.rows,
        counts=counts,
        total_minor=sum(row.advice.saves_minor for row in rows if not row.dismissed),
        booked_minor=sum(row.advice.saves_minor for row in booked),
        dismissed=sum(row.dismissed for row in rows),
        total=page.total,
        before=page.before,
        after=page.after,
    )


def _row(state: AccountState, one: Advice, *, booked: bool = False, dismissed: bool = False) -> SavingRow:
    catalog, found = state.catalog, state.subscriptions[one.subscription]
    plan = catalog.plans[found.plan]
    other = catalog.plans[one.plan] if one.plan else None
    return SavingRow(
        advice=one,
        reference=reference(found.id),
        product_name=catalog.products[found.product].name,
        plan=plan_row(state, plan, found.price),
        other=plan_row(state, other, other.price_on(state.currency, one.on)) if other else None,
        other_name=catalog.products[one.other].name if one.other else "",
        booked=booked,
        dismissed=dismissed,
    )


def _use(shelf: Shelf) -> dict[str, Use]:
    """By product, how many licences were enough; products with a purchase of the last LATELY_DAYS are left out."""
    state, since = shelf.state, shelf.today - timedelta(days=LATELY_DAYS)
    first: dict[str, date] = {}
    young: set[str] = set()
    for found in state.subscriptions.values():
        bought_on = state.today(found.bought_at)
        first[found.product] = min(first.get(found.product, bought_on), bought_on)
        if found.status == ACTIVE and bought_on > since:
            young.add(found.product)
    known = licensing.held_at_most(state.id, since)
    most, ever = {}, {}
    for product, pool in state.pools.items():
        if product in first and product not in young:
            lately, ever_held = known.get(product, (0, 0))
            most[product] = max(lately, pool.assigned)
            ever[product] = max(ever_held, pool.assigned)
    less = {product: number for product, number in most.items() if number < ever[product]}
    above = licensing.last_above(state.id, less)
    return {
        product: Use(number, ever[product], above[product] + ONE_DAY if product in above else first[product])
        for product, number in most.items()
    }


def _doubles(state: AccountState) -> tuple[Double, ...]:
    """The users who hold a product and another one that includes it."""
    held = {product for product, pool in state.pools.items() if pool.assigned}
    pairs = [
        (included, product)
        for product in sorted(held)
        for included in state.catalog.products[product].includes
        if included in held
    ]
    both = licensing.holding_both(state.id, pairs)
    found = [Double(product, other, users) for (product, other), users in both.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.users), one.product, one.other)))


def _booked(shelf: Shelf) -> list[Advice]:
    """What is booked and saves, with what it saves beside not having booked it."""
    found = []
    for one in shelf.state.subscriptions.values():
        if one.status == ACTIVE and (one.booked_seats is not None or one.booked_plan is not None):
            saved = _booked_saving(shelf.state, one)
            if saved is not None:
                found.append(saved)
    return sorted(found, key=lambda one: (-one.saves_minor, one.subscription))


def _booked_saving(state: AccountState, found: Subscription) -> Advice | None:
    on = renewal_on(found)
    assert on is not None
    plan = state.catalog.plans[found.plan]
    other = state.catalog.plans[found.booked_plan] if found.booked_plan else plan
    months = span(plan, other)
    found = replace(found, recurring=ON)
    before = replace(found, booked_seats=None, booked_plan=None, booked_plan_at=None)
    saves, before_minor, after_minor = saving(state, before, found, on, months)
    if saves <= 0:
        return None
    seats = found.seats if found.booked_seats is None else found.booked_seats
    return Advice(
        FREQUENCY if found.booked_plan else UNUSED, found.id, "undo", {"subscription": found.id}, on, saves, months,
        found.seats - seats, seats, plan=found.booked_plan or "", before_minor=before_minor, after_minor=after_minor,
    )


@transaction.atomic
def set_aside(ctx: Context, key: str, *, aside: bool) -> None:
    """Set an advice aside for the organisation, or take it up again; a repeat changes nothing."""
    known = Dismissal.objects.filter(account_id=ctx.account, key=key)
    if known.exists() == aside:
        return
    record(ctx, "set_advice_aside" if aside else "take_advice_up", {"advice": key})
    if aside:
        Dismissal(account_id=ctx.account, key=key).save(force_insert=True)
    else:
        known.delete()
