"""Buying: today, aligned with another subscription, or from a later date (DOMAIN.md 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.draft import Draft
from seatkeeper.core.licensing.assign import assign_users
from seatkeeper.core.periods import days_between
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import nothing_overdue, within_limits
from seatkeeper.core.subscriptions.terms import begin_period, begin_term
from seatkeeper.core.tables import ACTIVE, OFF, ON, SCHEDULED


def plan_buy(
    draft: Draft,
    *,
    plan: str,
    seats: int,
    align_with: int | None = None,
    start: date | None = None,
    method: int | None = None,
    assign_to: tuple[int, ...] = (),
) -> None:
    """Sell `seats` licences of a plan. start: a later date, on which the run charges it; today means at once.

    Refused: billing_interval_differs, alignment_not_possible, no_price, seats_below_minimum, seats_above_maximum,
    balance_due, no_seats_available (more users than seats).
    """
    method = draft.state.default_method if method is None else method
    draft.parcel = ("command", method)
    bought = sell(draft, plan=plan, seats=seats, align_with=align_with, start=start, method=method)
    if bought.status == SCHEDULED:
        draft.facts.update(starts_on=bought.start_on)
        return
    draft.facts.update(starts_on=draft.on, renews_on=bought.term_end)
    if assign_to:
        assign_users(draft, product=bought.product, users=assign_to)


def sell(
    draft: Draft, *, plan: str, seats: int, align_with: int | None, start: date | None, method: int | None,
    purchase_order: str = "",
) -> Subscription:
    """Put a new subscription, and the lines of its first billing period, on the draft's present parcel."""
    if align_with is not None and start is not None:
        raise Refused("bad_input", field="align_with")
    bought = draft.plan(plan)
    other = _aligned(draft, bought, align_with) if align_with is not None else None
    price = draft.price(bought, draft.on)
    within_limits(draft, bought, seats)
    nothing_overdue(draft)
    subscription = Subscription(
        id=draft.new_id(),
        product=bought.product,
        plan=bought.id,
        status=ACTIVE,
        seats=seats,
        recurring=ON,
        policy=bought.policy,
        price=price,
        bought_at=draft.now,
        method=method,
        purchase_order=purchase_order,
    )
    if start is not None and start > draft.on:
        subscription = replace(subscription, status=SCHEDULED, start_on=start)
    elif other is not None:
        subscription = _begin_aligned(draft, subscription, other)
    else:
        subscription = replace(subscription, anchor=draft.on)
        subscription = begin_term(
            draft, subscription, start=draft.on, plan=bought, price=price, at=draft.now, kind="bought"
        )
    draft.keep(subscription)
    return subscription


def _aligned(draft: Draft, plan: Plan, other_id: int) -> Subscription:
    """The subscription to align with: active, renewing, of equal term and interval, a quarter of its term left."""
    other = draft.state.subscriptions.get(other_id)
    if other is None:
        raise Refused("unknown_subscription")
    others_plan = draft.plan(other.plan)
    if (others_plan.term, others_plan.billing) != (plan.term, plan.billing):
        raise Refused("billing_interval_differs", freq=others_plan.billing, term=others_plan.term, other=other.id)
    if other.status != ACTIVE or other.recurring == OFF:
        raise Refused("alignment_not_possible", other=other.id, why="does_not_renew")
    assert other.term_start is not None and other.term_end is not None
    if days_between(draft.on, other.term_end) * 4 < days_between(other.term_start, other.term_end):
        raise Refused("alignment_not_possible", other=other.id, why="ends_too_soon")
    return other


def _begin_aligned(draft: Draft, subscription: Subscription, other: Subscription) -> Subscription:
    """The other's anchor, boundaries and term end; the days of the period before today count nothing."""
    assert other.period_start is not None and other.period_end is not None
    subscription = replace(
        subscription,
        anchor=other.anchor,
        term_start=draft.on,
        term_end=other.term_end,
        window_opened_at=draft.now,
    )
    return begin_period(
        draft, subscription, other.period_start, other.period_end, kind="aligned", first=draft.on
    )
