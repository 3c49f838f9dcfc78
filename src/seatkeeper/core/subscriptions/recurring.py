"""Recurring billing on, once or off; cancelling at once; undoing what is booked (DOMAIN.md 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seatkeeper.core.draft import Draft
from seatkeeper.core.invoicing.exact import change_by_person
from seatkeeper.core.invoicing.lines import change_line, period_of
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import not_active, window_closes_at, window_open
from seatkeeper.core.subscriptions.terms import delete, disable, grace_allowed
from seatkeeper.core.tables import ACTIVE, CANCELLED, END, OFF, SCHEDULED, TRIAL


def plan_recurring(draft: Draft, *, subscription: int, to: str) -> None:
    """Set recurring billing. off drops what is booked; the term or trial then ends on its date.

    Refused: not_active (unless active or in trial), nothing_changes.
    """
    found = draft.subscription(subscription)
    if found.status not in (ACTIVE, TRIAL):
        raise not_active(found)
    if found.recurring == to:
        raise Refused("nothing_changes")
    end = found.term_end if found.status == ACTIVE else found.trial_end
    assert end is not None
    if to == OFF:
        found = draft.drop(found)
        plan = draft.plan(found.plan)
        draft.facts.update(ends_on=end)
        if grace_allowed(draft, found, end):
            draft.facts.update(access_until=end + timedelta(days=plan.grace_days))
        else:
            draft.facts.update(access_until=end)
            if plan.grace_days:
                draft.warn("grace_used", subscription=found.id, on=end)
    else:
        draft.facts.update(renews_on=end)
    draft.keep(replace(found, recurring=to))


def plan_cancel(draft: Draft, *, subscription: int, when: str) -> None:
    """Cancel now (disabled, credited by policy from tomorrow) or at the end (recurring billing off).

    A scheduled purchase is deleted at once. Refused: not_active, nothing_changes, cancel_not_allowed_until.
    """
    if when == END:
        plan_recurring(draft, subscription=subscription, to=OFF)
        return
    found = draft.subscription(subscription)
    if found.status == SCHEDULED:
        draft.keep(delete(found, on=draft.on, reason=CANCELLED))
        draft.facts.update(ends_on=draft.on)
        return
    if found.status not in (ACTIVE, TRIAL):
        raise not_active(found)
    if found.status == ACTIVE:
        if found.policy.cancel == "window" and not window_open(found, draft.now):
            raise Refused(
                "cancel_not_allowed_until",
                instant=window_closes_at(found),
                date=found.term_end,
                subscription=found.id,
            )
        found = draft.drop(found)
        found = _credit_rest(draft, found)
    users = draft.state.pools.get(found.product)
    changed = disable(draft, found, on=draft.on, reason=CANCELLED)
    draft.keep(changed)
    plan = draft.plan(found.plan)
    draft.facts.update(
        ends_on=draft.on,
        data_until=draft.on + timedelta(days=plan.retention_days),
        users_losing_access=max((users.assigned if users else 0) - draft.bought(found.product), 0),
    )


def _credit_rest(draft: Draft, found: Subscription) -> Subscription:
    period = period_of(found)
    after, start = change_by_person(found.stretches, draft.on, period.end, None, None, 0)
    line = change_line(
        found,
        period,
        after,
        kind="cancelled",
        seats=-found.seats,
        start=start,
        plan=found.plan,
        vat=draft.vat,
        currency=draft.state.currency,
    )
    draft.parcel = ("command", found.method)
    return draft.add_lines(found, period, after, (line,))


def plan_undo(draft: Draft, *, subscription: int, what: str = "all") -> None:
    """Drop what is booked for the renewal: all of it, or only the seats or the plan. Refused: nothing_to_undo."""
    found = draft.subscription(subscription)
    changed = draft.drop(found, seats=what in ("all", "seats"), plan=what in ("all", "plan"))
    if changed is found:
        raise Refused("nothing_to_undo", subscription=found.id)
    draft.keep(changed)
