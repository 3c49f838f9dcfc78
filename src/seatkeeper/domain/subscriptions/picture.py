"""From an account's frozen state to the row of a subscription. Pure: `queries.py` loads, this works out.

Every date, amount and refusal shown comes from the core's own functions, so that a page never promises what the
command would not do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.money import micro_per_minor, round_half_away
from seatkeeper.core.settle import next_charge
from seatkeeper.core.state import AccountState, OpenDocument, Pool, Subscription
from seatkeeper.core.subscriptions.checks import renewal_on
from seatkeeper.core.tables import (
    ACTIVE,
    DELETED,
    DISABLED,
    EXPIRED,
    OFF,
    ONCE,
    POOLED,
    SCHEDULED,
    TRIAL,
    TRIAL_EXTENSION_LAST_DAYS,
)
from seatkeeper.core.tax.vat import treatment
from seatkeeper.domain.accounts.rows import AccountRow, Control
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.licensing.rows import PoolRow
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.rows import Booked, Milestone, NextInvoice, SubscriptionRow
from seatkeeper.kit.refs import reference


@dataclass(frozen=True, slots=True)
class Shelf:
    """An account's state with what the core has no use for: how methods and people are shown."""

    account: AccountRow
    state: AccountState
    methods: Mapping[int, MethodRow] = field(default_factory=dict)
    memo: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def today(self) -> date:
        """The account's billing date."""
        return self.account.today

    @property
    def overdue(self) -> tuple[OpenDocument, ...]:
        """The documents that are overdue today; looked for once."""
        found: tuple[OpenDocument, ...] = self._once("overdue", lambda: self.state.overdue(self.today))
        return found

    @property
    def vat(self) -> tuple[str, str]:
        """Category and rate of a document of today; looked for once."""
        found: tuple[str, str] = self._once("vat", lambda: treatment(self.state, self.today))
        return found

    def pool(self, product: str) -> PoolRow:
        """`pool_row`, worked out once for each product."""
        found: PoolRow = self._once(f"pool {product}", lambda: _pool_row(self, product))
        return found

    def holding(self, product: str) -> list[Subscription]:
        """The subscriptions whose seats count in a product's pool; grouped once."""
        groups: dict[str, list[Subscription]] = self._once("holding", self._grouped)
        return groups.get(product, [])

    def _grouped(self) -> dict[str, list[Subscription]]:
        groups: dict[str, list[Subscription]] = {}
        for one in self.state.subscriptions.values():
            if one.status in POOLED:
                groups.setdefault(one.product, []).append(one)
        return groups

    def plan_held(self, found: Subscription) -> PlanRow:
        """The plan of a subscription at its locked price; the same row for all that hold the same."""
        key = (found.plan, id(found.price))
        if key not in self.memo:
            self.memo[key] = plan_row(self.state, self.state.catalog.plans[found.plan], found.price)
        row: PlanRow = self.memo[key]
        return row

    def bought_on(self, found: Subscription) -> date:
        """The billing date of a subscription's purchase; worked out once for each instant."""
        if found.bought_at not in self.memo:
            self.memo[found.bought_at] = self.state.today(found.bought_at)
        on: date = self.memo[found.bought_at]
        return on

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self.memo:
            self.memo[name] = make()
        return self.memo[name]


def plan_row(state: AccountState, plan: Plan, price: Price | None) -> PlanRow:
    """A plan with the price that counts."""
    product = state.catalog.products[plan.product]
    return PlanRow(
        id=plan.id,
        product=product.id,
        product_name=product.name,
        name=plan.name,
        term=plan.term,
        billing=plan.billing,
        policy=plan.policy.id,
        fewer=plan.policy.fewer,
        cancel=plan.policy.cancel,
        price=price,
        min_seats=plan.min_seats,
        max_seats=plan.max_seats,
        trial_days=plan.trial.days if plan.trial else None,
        trial_seats=plan.trial.seats if plan.trial else None,
        grace_days=plan.grace_days,
        retention_days=plan.retention_days,
    )


def plan_today(shelf: Shelf, plan: Plan) -> PlanRow:
    """A plan at the price in force today in the account's currency."""
    return plan_row(shelf.state, plan, plan.price_on(shelf.state.currency, shelf.today))


def yearly_minor(price: Price, seats: int, months: int) -> int:
    """The price of so many seats for a year, rounded; only for showing, nothing is charged by it."""
    return round_half_away(price.total_micro(seats) * 12, micro_per_minor(price.currency) * months)


def monthly_minor(price: Price, seats: int, months: int) -> int:
    """The price of so many seats for a month, rounded; only for showing, nothing is charged by it."""
    return round_half_away(price.total_micro(seats), micro_per_minor(price.currency) * months)


def pool_row(shelf: Shelf, product: str) -> PoolRow:
    """The product's licences, and what the unassigned ones cost per month at the lowest price paid for them."""
    return shelf.pool(product)


def _pool_row(shelf: Shelf, product: str) -> PoolRow:
    state = shelf.state
    pool = state.pools.get(product, Pool(product))
    holding = shelf.holding(product)
    idle = max(pool.bought - pool.assigned, 0)
    each = [
        monthly_minor(one.price, one.seats, state.catalog.plans[one.plan].billing_months) * 1_000 // one.seats
        for one in holding
        if one.status == ACTIVE and one.seats
    ]
    cost = round_half_away(min(each) * idle, 1_000) if each and idle else 0
    return PoolRow(
        product=product,
        bought=pool.bought,
        assigned=pool.assigned,
        suspended=pool.suspended,
        subscriptions=len(holding),
        idle_minor=cost,
        idle_is_least=len(set(each)) > 1,
        remove_on=pool.remove_on,
    )


def milestone(shelf: Shelf, found: Subscription) -> Milestone | None:
    """The date that stands in the row, by status and recurring billing (SCREENS.md 4.2)."""
    plan = shelf.state.catalog.plans[found.plan]
    if found.status == ACTIVE and found.term_end:
        kind = {OFF: "expires", ONCE: "last_renewal"}.get(found.recurring, "renews")
        return Milestone(kind, renewal_on(found) or found.term_end)
    if found.status == TRIAL and found.trial_end:
        return Milestone("trial_ends" if found.recurring == OFF else "becomes_paid", found.trial_end)
    if found.status == SCHEDULED and found.start_on:
        return Milestone("starts", found.start_on)
    if found.since is None:
        return None
    if found.status == EXPIRED:
        return Milestone("access_until", found.since + timedelta(days=plan.grace_days - 1))
    if found.status == DISABLED:
        return Milestone("data_until", found.since + timedelta(days=plan.retention_days - 1))
    return Milestone("deleted", found.since)


def booked(shelf: Shelf, found: Subscription) -> tuple[Booked, ...]:
    """What is booked, with the date on which it takes effect."""
    changes: list[Booked] = []
    on = renewal_on(found)
    if on is None:
        return ()
    if found.booked_seats is not None:
        changes.append(Booked("seats", on, seats=found.booked_seats))
    if found.booked_plan is not None:
        plan = shelf.state.catalog.plans[found.booked_plan]
        changes.append(Booked("plan", on, plan=plan_row(shelf.state, plan, plan.price_on(shelf.state.currency, on))))
    return tuple(changes)


def controls(shelf: Shelf, found: Subscription) -> dict[str, Control]:
    """For each command whether it is possible now, else the refusal that it would give."""
    state, out = shelf.state, {}

    def put(command: str, code: str | None = None, **facts: object) -> None:
        out[command] = Control(command, code, facts)

    overdue = shelf.overdue
    debt = {
        "sum_minor": sum(one.due_minor for one in overdue),
        "currency": state.currency,
        "invoices": tuple(one.number for one in overdue),
    }
    blocked: tuple[str | None, dict[str, object]] = (None, {})
    if found.status == DELETED:
        blocked = ("subscription_deleted", {"subscription": found.id, "date": found.since})
    elif found.status == TRIAL:
        blocked = ("trial_must_be_bought_first", {"subscription": found.id})
    elif found.status != ACTIVE:
        blocked = ("not_active", {"subscription": found.id, "status": found.status, "date": found.start_on})
    for command in ("set_seats", "change_plan", "change_frequency"):
        put(command, blocked[0], **blocked[1])
    loose = ("active_or_trial", {}) if found.status in (ACTIVE, TRIAL) else blocked
    alive = loose[0] == "active_or_trial"
    put("set_recurring", None if alive else loose[0], **loose[1])
    put("cancel", None if alive or found.status == SCHEDULED else loose[0], **loose[1])
    put("undo", None if booked(shelf, found) else "nothing_to_undo", subscription=found.id)
    put("set_payment_method", "subscription_deleted" if found.status == DELETED else None, date=found.since)
    if found.status in (EXPIRED, DISABLED):
        put("reactivate", "balance_due" if overdue else None, **debt)
    if found.status in POOLED or found.status == DISABLED:
        put("assign", "not_active" if found.status == DISABLED else None, status=found.status, subscription=found.id)
    if found.status == TRIAL:
        put("buy_trial_now", "balance_due" if overdue else None, **debt)
        assert found.trial_end is not None
        first = found.trial_end - timedelta(days=TRIAL_EXTENSION_LAST_DAYS)
        if found.trial_extended:
            put("extend_trial", "trial_already_extended", date=found.trial_end, subscription=found.id)
        else:
            put("extend_trial", "trial_extension_not_yet" if shelf.today < first else None, date=first)
    return out


def subscription_row(shelf: Shelf, found: Subscription) -> SubscriptionRow:
    """The list's row of one subscription, with what can be done with it."""
    return replace(bare_row(shelf, found), controls=controls(shelf, found))


def bare_row(shelf: Shelf, found: Subscription) -> SubscriptionRow:
    """The same without its controls: enough to filter, sort and add up hundreds of rows."""
    state = shelf.state
    plan = state.catalog.plans[found.plan]
    charge = next_charge(state, found, vat=shelf.vat)
    overdue = [one for one in shelf.overdue if one.holds(found.id)] if shelf.overdue else []
    months, active = plan.billing_months, found.status == ACTIVE
    return SubscriptionRow(
        id=found.id,
        reference=reference(found.id),
        plan=shelf.plan_held(found),
        status=found.status,
        reason=found.reason if found.status in (DISABLED, DELETED) else None,
        past_due=active and bool(overdue),
        recurring=found.recurring,
        seats=found.seats,
        pool=shelf.pool(found.product),
        milestone=milestone(shelf, found),
        currency=state.currency,
        monthly_minor=monthly_minor(found.price, found.seats, months) if active else 0,
        next_invoice=NextInvoice(charge.on, charge.gross_minor, charge.net_minor, charge.seats) if charge else None,
        method=shelf.methods.get(found.method) if found.method is not None else None,
        bought_on=shelf.bought_on(found),
        booked=booked(shelf, found) if found.booked_seats is not None or found.booked_plan else (),
        purchase_order=found.purchase_order,
        overdue_minor=sum(one.due_minor for one in overdue),
        overdue_invoices=tuple(one.number for one in overdue),
        disabled_if_unpaid_on=disabled_on(state, overdue) if overdue else None,
        trial_extended=found.trial_extended,
        term_ends_on=found.term_end if active else None,
        yearly_minor=yearly_minor(found.price, found.seats, months) if active else 0,
    )


def disabled_on(state: AccountState, overdue: list[OpenDocument]) -> date | None:
    """The day on which what stands on overdue documents is disabled, if the seller's table has one."""
    last_day = max((days for days, action in state.seller.dunning if action == "disable"), default=None)
    return None if last_day is None else min(one.due_on for one in overdue) + timedelta(days=last_day)
