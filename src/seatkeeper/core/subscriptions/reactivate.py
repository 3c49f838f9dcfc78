"""Reactivating an expired or disabled subscription, in every case of DOMAIN.md 7."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from seatkeeper.core.draft import Draft
from seatkeeper.core.invoicing.exact import change_by_run
from seatkeeper.core.invoicing.lines import change_line, period_of
from seatkeeper.core.periods import ONE_DAY
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import not_active, nothing_overdue, within_limits
from seatkeeper.core.subscriptions.terms import begin_period, begin_term, next_boundary
from seatkeeper.core.tables import (
    ACTIVE,
    CANCELLED,
    ENDED,
    EXPIRED,
    OFF,
    ON,
    RESUME_DAYS,
    SCHEDULED,
    TRIAL,
    UNPAID,
)


def plan_reactivate(
    draft: Draft, *, subscription: int, recurring: str = ON, method: int | None = None
) -> None:
    """Bring a subscription back. facts["case"] says how: from_old_end, new_term or resumed.

    Refused: nothing_changes (active or in trial), not_active (scheduled), no_price, seats_above_maximum,
    balance_due, and payment refusals.
    """
    found = draft.subscription(subscription)
    if found.status in (ACTIVE, TRIAL):
        raise Refused("nothing_changes")
    if found.status == SCHEDULED:
        raise not_active(found)
    if recurring == OFF:
        found = draft.drop(found)
    if method is not None:
        found = replace(found, method=method)
    draft.parcel = ("command", found.method)
    if found.status == EXPIRED:
        changed = _from_old_end(draft, found)
    elif found.reason == ENDED or found.term_end is None or found.term_end <= draft.on:
        changed = _new_term(draft, found)
    else:
        changed = _resumed(draft, found)
    draft.keep(replace(changed, status=ACTIVE, reason=None, since=None, recurring=recurring))
    draft.facts.update(renews_on=changed.term_end)


def _from_old_end(draft: Draft, found: Subscription) -> Subscription:
    """Expired: the new term starts on the old end date; every billing period begun so far is charged."""
    start = found.term_end or found.trial_end
    assert start is not None
    plan = draft.plan(found.plan)
    prices = {start: draft.price(plan, start)}
    changed = found if found.anchor is not None else replace(found, anchor=start)
    term = start
    while (term := next_boundary(changed, term, plan.term_months)) <= draft.on:
        prices[term] = draft.price(plan, term)
    nothing_overdue(draft)
    for term_start, price in prices.items():
        changed = begin_term(
            draft, changed, start=term_start, plan=plan, price=price, at=draft.now, kind="reactivated"
        )
        changed = _following_periods(draft, changed, first=term_start)
    draft.facts.update(case="from_old_end", starts_on=start)
    return changed


def _new_term(draft: Draft, found: Subscription) -> Subscription:
    """Disabled and ended, over, or a trial: a new term from today, with a new anchor and today's price."""
    plan = draft.plan(found.plan)
    price = draft.price(plan, draft.on)
    within_limits(draft, plan, found.seats, minimum=False)
    nothing_overdue(draft)
    changed = replace(found, anchor=draft.on)
    draft.facts.update(case="new_term", starts_on=draft.on)
    return begin_term(
        draft, changed, start=draft.on, plan=plan, price=price, at=draft.now, kind="reactivated"
    )


def _resumed(draft: Draft, found: Subscription) -> Subscription:
    """Disabled before the term is over: the same term resumes; which days between count is policy's to say."""
    within_limits(draft, draft.plan(found.plan), found.seats, minimum=False)
    nothing_overdue(draft)
    first = _first_counted_day(draft, found)
    changed = found
    assert found.period_end is not None
    if first < found.period_end:
        changed = _resume_period(draft, found, first)
    draft.facts.update(case="resumed", counts_from=first, starts_on=draft.on)
    return _following_periods(draft, changed, first=first)


def _first_counted_day(draft: Draft, found: Subscription) -> date:
    assert found.since is not None
    if found.reason == CANCELLED:
        within = (draft.on - found.since).days <= RESUME_DAYS
        return found.since + ONE_DAY if within else draft.on
    assert found.reason == UNPAID
    return found.since if found.policy.unpaid == "owed" else draft.on


def _resume_period(draft: Draft, found: Subscription, first: date) -> Subscription:
    """The days of the last billing period from `first` on count again; where they never stopped nothing is charged."""
    period = period_of(found)
    after = change_by_run(found.stretches, first, found.plan, found.price, found.seats)
    line = change_line(
        found,
        period,
        after,
        kind="resumed",
        seats=found.seats,
        start=first,
        plan=found.plan,
        vat=draft.vat,
        currency=draft.state.currency,
    )
    return draft.add_lines(found, period, after, (line,))


def _following_periods(draft: Draft, changed: Subscription, *, first: date) -> Subscription:
    """Begin the term's further billing periods up to the one that holds today; days before `first` count nothing."""
    plan = draft.plan(changed.plan)
    assert changed.term_end is not None
    while changed.period_end is not None and changed.period_end <= draft.on and changed.period_end < changed.term_end:
        start = changed.period_end
        end = next_boundary(changed, start, plan.billing_months)
        if end <= first:
            changed = replace(
                changed, period_start=start, period_end=end, stretches=(), charged_minor=0, line_count=0
            )
        else:
            changed = begin_period(
                draft, changed, start, end, kind="resumed" if first > start else "period", first=max(first, start)
            )
    return changed
