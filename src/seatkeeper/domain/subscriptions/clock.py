"""A test seller's own clock: moving it does every due instant on the way, as real time would (DOMAIN.md 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.operations import SELLERS, next_due_at
from seatkeeper.domain.subscriptions.charging import settle_attempts
from seatkeeper.domain.subscriptions.run import Report, tick
from seatkeeper.domain.subscriptions.zones import next_take_over, take_over


def advance(seller: int, to: datetime, *, progress: Callable[[datetime, Report], None] | None = None) -> None:
    """Move a test seller's clock to an instant, doing all that falls due up to and including it.

    Refused: clock_not_allowed where the instant lies before the clock, or the seller has the system's.
    """
    clock_at = next((row[0] for row in SELLERS.select(("clock_at",), [seller], key="id")), None)
    if clock_at is None or to < clock_at:
        raise Refused("clock_not_allowed", at=clock_at)
    last: datetime = clock_at
    while (due_at := _next(seller, last)) is not None and due_at <= to:
        report, last = tick(due_at, seller=seller), due_at
        if progress is not None:
            progress(due_at, report)
    settle_attempts(to, seller=seller)
    take_over(to, seller=seller)
    SELLERS.update(("id", "is_test"), ("clock_at",), [(seller, True, to)])


def _next(seller: int, last: datetime) -> datetime | None:
    """The next instant at which something of the seller's accounts is due, or a new time zone counts."""
    known = [one for one in (next_due_at(seller), next_take_over(seller, after=last)) if one is not None]
    return min(known, default=None)
