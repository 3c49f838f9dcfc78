"""The command subscription.undo."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.undo", needs="subscription.change")
def undo(
    ctx: Context, *, subscription: int, what: str = "all", preview: str | None = None
) -> Outcome:
    """Undo what is booked for a subscription's renewal: all of it, or only the seats or the plan.

    Refused: unknown_subscription, subscription_deleted, nothing_to_undo.
    """
    arguments = dict(subscription=subscription, what=what)
    return perform(ctx, "undo", arguments, shown=preview)
