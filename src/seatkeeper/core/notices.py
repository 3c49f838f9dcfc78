"""Which notice comes next before something happens to a subscription by itself (DOMAIN.md 8, SCREENS.md 5). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import ACTIVE, DISABLED, EXPIRED, OFF, TRIAL

RENEWAL, EXPIRING, TRIAL_ENDING, LOSING_ACCESS, DELETION = (
    "renewal", "expiring", "trial_ending", "losing_access", "deletion",
)
DAYS = {
    RENEWAL: (60, 30, 7), EXPIRING: (30, 7), TRIAL_ENDING: (7, 1), LOSING_ACCESS: (7, 1), DELETION: (30, 7),
}
"""Notice: so many days before its date. Only where what ends has lasted, or lasts, at least twice as long."""
CARD_DAYS = (30, 7)
"""So many days before a card expires its people are told."""


@dataclass(frozen=True, slots=True)
class Coming:
    """The next notice of a subscription. sent_on: the day on which it is due; on: the day that it tells of."""

    kind: str
    sent_on: date
    on: date
    days: int


def coming(found: Subscription, plan: Plan, today: date) -> Coming | None:
    """The next notice on or after a day; None where none comes before something changes."""
    schedule = _schedule(found, plan)
    if schedule is None:
        return None
    kind, start, on = schedule
    lasts = (on - start).days
    for days in DAYS[kind]:
        sent_on = on - timedelta(days=days)
        if sent_on >= today and 2 * days <= lasts:
            return Coming(kind, sent_on, on, days)
    return None


def _schedule(found: Subscription, plan: Plan) -> tuple[str, date, date] | None:
    """(kind, first day of the present stage, the day on which it ends)."""
    if found.status == ACTIVE and found.term_start and found.term_end:
        return (EXPIRING if found.recurring == OFF else RENEWAL), found.term_start, found.term_end
    if found.status == TRIAL and found.trial_start and found.trial_end:
        return (EXPIRING if found.recurring == OFF else TRIAL_ENDING), found.trial_start, found.trial_end
    if found.since is None:
        return None
    if found.status == EXPIRED:
        return LOSING_ACCESS, found.since, found.since + timedelta(days=plan.grace_days)
    if found.status == DISABLED:
        return DELETION, found.since, found.since + timedelta(days=plan.retention_days)
    return None
