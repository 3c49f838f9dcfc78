"""The command subscription.set_recurring."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.set_recurring", needs="subscription.change")
def set_recurring(
    ctx: Context, *, subscription: int, to: str, preview: str | None = None
) -> Outcome:
    """Set recurring billing on, once or off. Off drops what is booked; the term ends on its date.

    Refused: unknown_subscription, subscription_deleted, not_active, nothing_changes.
    Rules: docs/concepts/statuses.md
    """
    arguments = dict(subscription=subscription, to=to)
    return perform(ctx, "set_recurring", arguments, shown=preview)
