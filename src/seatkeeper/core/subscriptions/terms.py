"""Beginning terms and billing periods, ending them, and moving assignments along. Shared by commands and the run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.decision import AssignmentChange
from seatkeeper.core.draft import Draft
from seatkeeper.core.invoicing.lines import Period, change_line
from seatkeeper.core.periods import boundary, months_between
from seatkeeper.core.state import Stretch, Subscription
from seatkeeper.core.subscriptions.checks import last_grace
from seatkeeper.core.tables import (
    ACTIVE,
    CANCELLED,
    DELETED,
    DISABLED,
    ENDED,
    EXPIRED,
    GRACE_ONCE_IN_DAYS,
)
from seatkeeper.core.values import changed


def begin_period(
    draft: Draft, subscription: Subscription, start: date, end: date, *, kind: str, first: date | None = None
) -> Subscription:
    """Begin a billing period and charge its days from `first` (default: all) for what is held now."""
    day = first or start
    period = Period(start, end, (), 0, 0)
    after = (Stretch(day, subscription.plan, subscription.price, subscription.seats),)
    line = change_line(
        subscription,
        period,
        after,
        kind=kind,
        seats=subscription.seats,
        start=day,
        plan=subscription.plan,
        vat=draft.vat,
        currency=draft.state.currency,
    )
    return draft.add_lines(subscription, period, after, (line,))


def next_boundary(subscription: Subscription, start: date, months: int) -> date:
    """The boundary `months` after a boundary of the subscription's anchor."""
    assert subscription.anchor is not None
    return boundary(subscription.anchor, months_between(subscription.anchor, start) + months)


def begin_term(
    draft: Draft, subscription: Subscription, *, start: date, plan: Plan, price: Price, at: datetime, kind: str
) -> Subscription:
    """Start a new term on a boundary of the anchor: price locked, own window opened, first period charged.

    subscription: with its anchor set; its plan, product and policy become those of `plan`.
    """
    subscription = changed(
        subscription,
        status=ACTIVE,
        reason=None,
        since=None,
        plan=plan.id,
        product=plan.product,
        policy=plan.policy,
        price=price,
        term_start=start,
        term_end=next_boundary(subscription, start, plan.term_months),
        window_opened_at=at,
        added_windows=(),
    )
    end = next_boundary(subscription, start, plan.billing_months)
    return begin_period(draft, subscription, start, end, kind=kind)


def disable(draft: Draft, subscription: Subscription, *, on: date, reason: str) -> Subscription:
    """Take access away from `on`; where the plan keeps nothing (retention 0) it is deleted at once."""
    plan = draft.plan(subscription.plan)
    if plan.retention_days == 0:
        draft.notice(DELETED, subscription=subscription.id, reason=reason, on=on)
        return delete(subscription, on=on, reason=reason)
    draft.notice(DISABLED, subscription=subscription.id, reason=reason, on=on)
    return replace(subscription, status=DISABLED, reason=reason, since=on)


def grace_allowed(draft: Draft, subscription: Subscription, on: date) -> bool:
    """Whether the free grace is given: the plan has one, and none was given in 365 days (DOMAIN.md 5.1)."""
    if draft.plan(subscription.plan).grace_days == 0:
        return False
    last = last_grace(draft.state, draft.all_subscriptions(), subscription.product)
    return last is None or (on - last).days >= GRACE_ONCE_IN_DAYS


def end_of_term(draft: Draft, subscription: Subscription, *, on: date) -> Subscription:
    """The end of a term or trial with recurring billing off: expired with grace, else straight on."""
    if grace_allowed(draft, subscription, on):
        draft.notice("expired", subscription=subscription.id, on=on)
        graces = (*subscription.graces, (subscription.product, on))
        return replace(subscription, status=EXPIRED, since=on, grace_on=on, graces=graces)
    return disable(draft, subscription, on=on, reason=ENDED)


def delete(subscription: Subscription, *, on: date, reason: str | None = None) -> Subscription:
    """The final status; documents stay."""
    return replace(
        subscription,
        status=DELETED,
        since=on,
        reason=reason or subscription.reason or CANCELLED,
        booked_seats=None,
        booked_plan=None,
        booked_plan_at=None,
        booked_release=(),
        booked_reminders=0,
    )


def move_assignments(
    draft: Draft, *, old_product: str, new_product: str, seats: int, named: tuple[int, ...] | None = None
) -> None:
    """Move active assignments to another product: at most `seats`, oldest first, or those of the named users.

    Who holds the new product already holds it once (DOMAIN.md 7, "change plan").
    """
    holders = [one for one in draft.state.holders(old_product) if one.suspended_on is None]
    gone = {change.id for change in draft.assignment_changes}
    holders = [one for one in holders if one.id not in gone]
    if named is not None:
        holders = [one for one in holders if one.user in named]
    already = {one.user for one in draft.state.holders(new_product)} | {
        change.user for change in draft.assignment_changes if change.product == new_product
    }
    for holder in holders[:seats]:
        if holder.user in already:
            draft.assignment_changes.append(
                AssignmentChange(holder.id, holder.user, old_product, "unassigned")
            )
        else:
            draft.assignment_changes.append(
                AssignmentChange(holder.id, holder.user, new_product, "moved", origin=old_product)
            )
            already.add(holder.user)
