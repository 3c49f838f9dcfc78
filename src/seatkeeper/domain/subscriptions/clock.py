"""A test seller's own clock: moving it does every due instant on the way, as real time would (DOMAIN.md 2.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from seatkeeper.domain.accounts.models import Seller
from seatkeeper.domain.accounts.operations import next_due_at
from seatkeeper.domain.subscriptions.run import Report, tick


def advance(seller: int, to: datetime, *, progress: Callable[[datetime, Report], None] | None = None) -> None:
    """Move a test seller's clock to an instant, not back, doing all that falls due up to and including it."""
    while (due_at := next_due_at(seller)) is not None and due_at <= to:
        report = tick(due_at, seller=seller)
        if progress is not None:
            progress(due_at, report)
    Seller.objects.filter(id=seller, is_test=True).update(clock_at=to)
