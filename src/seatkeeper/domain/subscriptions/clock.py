"""A test seller's own clock: moving it does every due instant on the way, as real time would (DOMAIN.md 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.operations import SELLERS, next_due_at
from seatkeeper.domain.subscriptions.charging import settle_attempts
from seatkeeper.domain.subscriptions.run import Report, tick


def advance(seller: int, to: datetime, *, progress: Callable[[datetime, Report], None] | None = None) -> None:
    """Move a test seller's clock to an instant, doing all that falls due up to and including it.

    Refused: clock_not_allowed where the instant lies before the clock, or the seller has the system's.
    """
    clock_at = next((row[0] for row in SELLERS.select(("clock_at",), [seller], key="id")), None)
    if clock_at is None or to < clock_at:
        raise Refused("clock_not_allowed", at=clock_at)
    while (due_at := next_due_at(seller)) is not None and due_at <= to:
        report = tick(due_at, seller=seller)
        if progress is not None:
            progress(due_at, report)
    settle_attempts(to, seller=seller)
    SELLERS.update(("id", "is_test"), ("clock_at",), [(seller, True, to)])
