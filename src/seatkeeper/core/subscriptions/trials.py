"""Trials: start, extend once, buy now (DOMAIN.md 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seatkeeper.core.draft import Draft
from seatkeeper.core.licensing.assign import assign_users
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import not_active, nothing_overdue, within_limits
from seatkeeper.core.subscriptions.terms import begin_term
from seatkeeper.core.tables import (
    ON,
    TRIAL,
    TRIAL_EXTENSION_DAYS,
    TRIAL_EXTENSION_LAST_DAYS,
)


def plan_start_trial(
    draft: Draft, *, plan: str, seats: int, method: int | None = None, assign_to: tuple[int, ...] = ()
) -> None:
    """Start the plan's free trial, once per account and product, at a price locked now.

    Refused: trial_not_offered, trial_already_used, trial_seat_limit, no_price, limits, balance_due.
    """
    method = draft.state.default_method if method is None else method
    started = try_out(draft, plan=plan, seats=seats, method=method)
    draft.facts.update(trial_end=started.trial_end)
    if assign_to:
        assign_users(draft, product=started.product, users=assign_to)


def try_out(
    draft: Draft, *, plan: str, seats: int, method: int | None, purchase_order: str = ""
) -> Subscription:
    """Put a new subscription in its trial on the draft; nothing is charged for it before the trial's end."""
    tried = draft.plan(plan)
    if tried.trial is None:
        raise Refused("trial_not_offered", plan=plan)
    for earlier in draft.all_subscriptions():
        if earlier.trial_start is not None and earlier.trial_product == tried.product:
            raise Refused("trial_already_used", product=tried.product, date=earlier.trial_start)
    if seats > tried.trial.seats:
        raise Refused("trial_seat_limit", max=tried.trial.seats, n=seats)
    price = draft.price(tried, draft.on)
    within_limits(draft, tried, seats)
    nothing_overdue(draft)
    started = Subscription(
        id=draft.new_id(),
        product=tried.product,
        plan=tried.id,
        status=TRIAL,
        seats=seats,
        recurring=ON,
        policy=tried.policy,
        price=price,
        bought_at=draft.now,
        method=method,
        trial_start=draft.on,
        trial_end=draft.on + timedelta(days=tried.trial.days),
        trial_product=tried.product,
        purchase_order=purchase_order,
    )
    draft.keep(started)
    return started


def plan_extend_trial(draft: Draft, *, subscription: int) -> None:
    """Extend a trial once by 30 days, in its last 15 days.

    Refused: not_active (no trial, or bought already), trial_already_extended, trial_extension_not_yet.
    """
    found = _in_trial(draft, subscription)
    assert found.trial_end is not None
    if found.trial_extended:
        raise Refused("trial_already_extended", date=found.trial_end)
    first = found.trial_end - timedelta(days=TRIAL_EXTENSION_LAST_DAYS)
    if draft.on < first:
        raise Refused("trial_extension_not_yet", date=first)
    end = found.trial_end + timedelta(days=TRIAL_EXTENSION_DAYS)
    draft.keep(replace(found, trial_end=end, trial_extended=True))
    draft.facts.update(trial_end=end)


def plan_buy_trial_now(draft: Draft, *, subscription: int) -> None:
    """Start the paid term today, at the price locked with the trial; recurring billing on. Refused: balance_due."""
    found = _in_trial(draft, subscription)
    nothing_overdue(draft)
    draft.parcel = ("command", found.method)
    plan = draft.plan(found.plan)
    found = begin_term(
        draft,
        replace(found, anchor=draft.on, recurring=ON),
        start=draft.on,
        plan=plan,
        price=found.price,
        at=draft.now,
        kind="bought",
    )
    draft.keep(found)
    draft.facts.update(starts_on=draft.on, renews_on=found.term_end)


def _in_trial(draft: Draft, subscription: int) -> Subscription:
    found = draft.subscription(subscription)
    if found.status != TRIAL:
        raise not_active(found)
    return found
