"""A subscription's life on its page: the stages with their dates, and what can still be changed until when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import last_grace, window_closes_at, window_open
from seatkeeper.core.tables import (
    ACTIVE,
    DELETED,
    DISABLED,
    EXPIRED,
    GRACE_ONCE_IN_DAYS,
    OFF,
    SCHEDULED,
    TRIAL,
)
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.rows import Limits, Stage


def limits(shelf: Shelf, found: Subscription) -> Limits:
    """What can be reduced or ended now, until which instant, and from which date otherwise (DOMAIN.md 6)."""
    now: datetime = shelf.account.now
    own = window_open(found, now)
    closes = window_closes_at(found) if own else None
    added = sorted((closes_at, seats) for closes_at, seats in found.added_windows if closes_at > now)
    reduce_until, reduce_to = closes, 1 if own else None
    if not own and added:
        reduce_until = added[0][0]
        reduce_to = max(found.seats - sum(seats for _, seats in added), 1)
    return Limits(
        fewer=found.policy.fewer,
        cancel=found.policy.cancel,
        reduce_until=reduce_until if found.policy.fewer == "window" else None,
        reduce_to=reduce_to if found.policy.fewer == "window" else None,
        cancel_until=closes if found.policy.cancel == "window" else None,
        from_on=found.term_end,
    )


def stages(shelf: Shelf, found: Subscription) -> tuple[Stage, ...]:
    """The life cycle with its dates by the plan's own grace and retention days (SCREENS.md 4.3)."""
    if found.status in (SCHEDULED,):
        return (Stage("scheduled", None, found.start_on, "current"), Stage("active", found.start_on, None, "ahead"))
    plan = shelf.state.catalog.plans[found.plan]
    order = (ACTIVE, EXPIRED, DISABLED, DELETED)
    first = TRIAL if found.status == TRIAL or found.term_end is None else ACTIVE
    end = found.trial_end if first == TRIAL else found.term_end
    grace = plan.grace_days if found.status == EXPIRED or _has_grace(shelf, found, end) else 0
    if found.status == DISABLED or (found.status == DELETED and found.since):
        start = found.since if found.status == DISABLED else None
        disabled = start or (found.since - timedelta(days=plan.retention_days) if found.since else None)
        expired = found.grace_on if found.reason == "ended" and found.grace_on else None
        end = expired or disabled
    else:
        expired = end if grace else None
        disabled = end + timedelta(days=grace) if end else None
    gone = disabled + timedelta(days=plan.retention_days) if disabled else None
    if found.status == DELETED:
        gone = found.since
    here = order.index(found.status) if found.status in order else 0
    renews = found.status in (ACTIVE, TRIAL) and found.recurring != OFF
    spans = [
        (first, None, end),
        (EXPIRED, expired, disabled),
        (DISABLED, disabled, gone),
        (DELETED, gone, None),
    ]
    out = []
    for index, (kind, start, stop) in enumerate(spans):
        if kind == EXPIRED and expired is None:
            continue
        state = "past" if index < here else "current" if index == here else "conditional" if renews else "ahead"
        out.append(Stage(kind, start, stop, state))
    return tuple(out)


def _has_grace(shelf: Shelf, found: Subscription, end: date | None) -> bool:
    last = last_grace(shelf.state, list(shelf.state.subscriptions.values()), found.product)
    return end is not None and (last is None or (end - last).days >= GRACE_ONCE_IN_DAYS)
