"""The command subscription.cancel."""

from __future__ import annotations

from seatkeeper.core.tables import NOW
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.cancel", needs="subscription.change")
def cancel(
    ctx: Context, *, subscription: int, when: str = NOW, preview: str | None = None
) -> Outcome:
    """Cancel a subscription now, by its policy, or at the end of its term.

    Refused: unknown_subscription, subscription_deleted, not_active, nothing_changes, cancel_not_allowed_until.
    Rules: docs/concepts/policies.md
    """
    arguments = dict(subscription=subscription, when=when)
    return perform(ctx, "cancel", arguments, shown=preview)
