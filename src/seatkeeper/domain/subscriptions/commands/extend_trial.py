"""The command subscription.extend_trial."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.extend_trial", needs="subscription.change")
def extend_trial(
    ctx: Context, *, subscription: int, preview: str | None = None
) -> Outcome:
    """Extend a trial once by 30 days, in its last 15 days.

    Refused: unknown_subscription, subscription_deleted, not_active, trial_already_extended,
    trial_extension_not_yet. Rules: docs/concepts/trials.md
    """
    arguments = dict(subscription=subscription)
    return perform(ctx, "extend_trial", arguments, shown=preview)
