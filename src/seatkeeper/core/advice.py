"""What an account can save: changes that can be booked today, each never dearer than doing nothing.

An advice is a command that is possible now, takes effect at the first allowed date, and whose cost from that date on,
by `forecast`, is lower than that of going on as it is set, over whole terms of both. A property test gives the
commands and lets the run go through those terms (`tests/core/test_forecast.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.forecast import charges, net_minor, period_minor
from seatkeeper.core.periods import boundary, months_between
from seatkeeper.core.state import AccountState, Subscription
from seatkeeper.core.subscriptions.checks import renewal_on
from seatkeeper.core.tables import ACTIVE, BILLING_DATE, MOST_SEATS, OFF, ON, RENEWAL

UNUSED, LET_END, FREQUENCY, DOUBLE = "unused", "let_end", "frequency", "double"
KINDS = (UNUSED, LET_END, FREQUENCY, DOUBLE)
YEAR = 12


@dataclass(frozen=True, slots=True)
class Use:
    """How many licences of a product were held at the same time: the most since a day, and the most ever.

    enough_since: the first day from which `most` was enough.
    """

    most: int
    ever: int
    enough_since: date


@dataclass(frozen=True, slots=True)
class Double:
    """So many users hold both products, although `product` is included in `other`. users: who they are."""

    product: str
    other: str
    users: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """One change that saves. command and arguments book it; on: the day from which it saves.

    saves_minor: excluding VAT, per year, rounded down, of before_minor and after_minor, what the subscription costs
    in `months` from then on without and with it. seats: the licences that go;
    left: how many stay on the subscription. until: the first day after the term that it commits to, if it does.
    """

    kind: str
    subscription: int
    command: str
    arguments: Mapping[str, object]
    on: date
    saves_minor: int
    months: int
    seats: int = 0
    left: int = 0
    plan: str = ""
    until: date | None = None
    since: date | None = None
    ever: bool = False
    other: str = ""
    users: int = 0
    before_minor: int = 0
    after_minor: int = 0
    after: Subscription | None = None

    @property
    def key(self) -> str:
        """What names it between two looks: what is advised, not how much it saves."""
        return f"{self.kind}-{self.subscription}-{self.plan or self.other or self.left}"


def advice(
    state: AccountState, *, use: Mapping[str, Use], doubles: tuple[Double, ...] = ()
) -> tuple[Advice, ...]:
    """All that is advised, what saves most first.

    Advice on fewer licences comes first for a subscription, and its frequency is looked at with that booked, so that
    taking every advice saves what they add up to.
    """
    found: list[Advice] = []
    seats: dict[int, Subscription] = {}
    spare = _spare(state, use)
    for product, idle in spare.items():
        for one in _unused(state, product, idle, use[product]):
            found.append(one)
            assert one.after is not None
            seats[one.subscription] = one.after
    for one in _doubles(state, doubles, seats, spare):
        found.append(one)
        assert one.after is not None
        seats[one.subscription] = one.after
    bought = _bought(state)
    for each in state.subscriptions.values():
        better = _frequency(state, seats.get(each.id, each), bought) if each.status == ACTIVE else None
        if better is not None:
            found.append(better)
    return tuple(sorted(found, key=lambda one: (-one.saves_minor, one.key)))


def cost_minor(state: AccountState, found: Subscription, *, since: date, months: int) -> int:
    """What a subscription costs, excluding VAT, in `months` whole months of its anchor from the boundary `since` on."""
    until = _later(found, since, months)
    return net_minor(one for one in charges(state, found, until=until) if one.on >= since)


def _later(found: Subscription, since: date, months: int) -> date:
    assert found.anchor is not None
    return boundary(found.anchor, months_between(found.anchor, since) + months)


def _going_on(found: Subscription) -> bool:
    """Whether it is active and renews, so that something can be booked for its renewal."""
    return found.status == ACTIVE and found.recurring != OFF


def _seats_ahead(found: Subscription) -> int:
    """The seats after the next renewal, as far as they are known."""
    return found.seats if found.booked_seats is None else found.booked_seats


def _spare(state: AccountState, use: Mapping[str, Use]) -> dict[str, int]:
    """By product, the licences that stay bought although no more than `most` were ever held since."""
    ahead: dict[str, int] = {}
    for found in state.subscriptions.values():
        if _going_on(found) and found.booked_plan is None:
            ahead[found.product] = ahead.get(found.product, 0) + _seats_ahead(found)
    spare = {}
    for product, seats in ahead.items():
        pool = state.pools.get(product)
        if product not in use or pool is None:
            continue
        idle = seats - max(use[product].most, pool.assigned)
        if idle > 0:
            spare[product] = idle
    return spare


def _unused(state: AccountState, product: str, idle: int, use: Use) -> Iterator[Advice]:
    """Fewer licences from the next renewal on, on the dearest subscriptions first; one that is idle whole may end."""
    candidates = [
        found
        for found in state.subscriptions.values()
        if found.product == product and _going_on(found) and found.booked_plan is None
        and found.booked_seats is None
    ]
    monthly = {one.id: _per_seat(state, one) for one in candidates}
    for found in sorted(candidates, key=lambda one: (-monthly[one.id], one.id)):
        gone = min(idle, found.seats)
        if gone <= 0:
            return
        facts = {"since": use.enough_since, "ever": use.most == use.ever}
        one = _fewer(state, found, gone, facts)
        if one is not None:
            idle -= one.seats
            yield one


def _per_seat(state: AccountState, found: Subscription) -> int:
    """What a licence costs in a year, in minor units, to compare subscriptions by."""
    months = state.catalog.plans[found.plan].billing_months
    return period_minor(found.price, found.seats) * YEAR // (months * found.seats)


def _fewer(state: AccountState, found: Subscription, gone: int, facts: dict[str, object]) -> Advice | None:
    plan = state.catalog.plans[found.plan]
    on = renewal_on(found)
    assert on is not None
    months = span(plan)
    left = found.seats - gone
    if left == 0:
        after = replace(found, recurring=OFF, booked_seats=None)
        kind, command = LET_END, "set_recurring"
        arguments: dict[str, object] = {"to": OFF}
    else:
        left = max(left, plan.min_seats)
        if left >= found.seats:
            return None
        after = replace(found, booked_seats=left)
        kind, command, arguments = UNUSED, "set_seats", {"seats": left, "when": RENEWAL}
    saves, before_minor, after_minor = saving(state, found, after, on, months)
    if saves <= 0:
        return None
    return Advice(
        kind, found.id, command, {"subscription": found.id, **arguments}, on, saves, months, found.seats - left, left,
        before_minor=before_minor, after_minor=after_minor, after=after, **facts,  # type: ignore[arg-type]
    )


def _doubles(
    state: AccountState, doubles: tuple[Double, ...], seats: Mapping[int, Subscription], spare: Mapping[str, int]
) -> Iterator[Advice]:
    """Take a product back, at its renewal, from users who have all of it in another one that they hold."""
    taken: set[str] = set()
    for double in doubles:
        if double.product in taken or double.product in spare:
            continue
        for found in state.subscriptions.values():
            fits = found.product == double.product and _going_on(found) and found.id not in seats
            if not fits or found.booked_plan is not None or found.booked_seats is not None:
                continue
            gone = min(len(double.users), found.seats - max(state.catalog.plans[found.plan].min_seats, 1))
            if gone <= 0:
                continue
            one = _fewer(state, found, gone, {})
            if one is None:
                continue
            users = double.users[: one.seats]
            arguments = {**one.arguments, "release": users}
            taken.add(double.product)
            yield replace(one, kind=DOUBLE, arguments=arguments, other=double.other, users=len(users))
            break


def span(*plans: Plan) -> int:
    """The months over which plans are compared: whole terms of each, a year at least."""
    return max(YEAR, *(plan.term_months for plan in plans), *(plan.billing_months for plan in plans))


def saving(
    state: AccountState, found: Subscription, after: Subscription, on: date, months: int
) -> tuple[int, int, int]:
    """(minor units per year, rounded down; cost without; cost with) over `months` from the day `on`."""
    without = cost_minor(state, found, since=on, months=months)
    changed = cost_minor(state, after, since=on, months=months)
    return (without - changed) * YEAR // months, without, changed


def _bought(state: AccountState) -> dict[str, int]:
    bought: dict[str, int] = {}
    for pool in state.pools.values():
        bought[pool.product] = pool.bought
    return bought


def _frequency(state: AccountState, found: Subscription, bought: Mapping[str, int]) -> Advice | None:
    """The cheapest other plan of the same product, from the next billing date or renewal on, as its policy says.

    Only for what goes on without end: who renews once more would pay for time that is not wanted.
    """
    if found.recurring != ON or found.booked_plan is not None:
        return None
    on = found.period_end if found.policy.frequency == BILLING_DATE else found.term_end
    assert on is not None
    seats = _seats_ahead(found)
    best: Advice | None = None
    now = state.catalog.plans[found.plan]
    yearly = _yearly(state, now, seats, on)
    for plan_id in state.catalog.products[found.product].plans:
        plan = state.catalog.plans[plan_id]
        if plan.id == found.plan or not _possible(plan, found, seats, bought):
            continue
        other = _yearly(state, plan, seats, on)
        if other is None or (yearly is not None and other >= yearly):
            continue
        after = replace(found, booked_plan=plan.id, booked_plan_at=found.policy.frequency)
        months = span(now, plan)
        saves, before_minor, after_minor = saving(state, found, after, on, months)
        if saves <= 0 or (best is not None and saves <= best.saves_minor):
            continue
        until = _later(found, on, plan.term_months) if plan.policy.cancel == "window" else None
        best = Advice(
            FREQUENCY, found.id, "change_frequency", {"subscription": found.id, "plan": plan.id}, on, saves, months,
            left=seats, plan=plan.id, until=until, before_minor=before_minor, after_minor=after_minor,
            after=after,
        )
    return best


def _yearly(state: AccountState, plan: Plan, seats: int, on: date) -> int | None:
    """A year at the price of a date: only plans that are cheaper on the day itself are looked at further."""
    price = plan.price_on(state.currency, on)
    return None if price is None else price.total_micro(seats) * YEAR // plan.billing_months


def _possible(plan: Plan, found: Subscription, seats: int, bought: Mapping[str, int]) -> bool:
    """Whether the plan's limits allow it (SCENARIO.md 12)."""
    most = MOST_SEATS if plan.max_seats is None else plan.max_seats
    return seats >= plan.min_seats and bought.get(found.product, 0) - found.seats + seats <= most
