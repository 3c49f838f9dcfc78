"""The command subscription.buy_trial_now."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.buy_trial_now", needs="subscription.change")
def buy_trial_now(
    ctx: Context, *, subscription: int, preview: str | None = None
) -> Outcome:
    """End a trial by buying it: the paid term starts today at the price locked with the trial.

    Refused: unknown_subscription, subscription_deleted, not_active, balance_due,
    credit_limit_exceeded, payment_declined. Rules: docs/concepts/trials.md
    """
    arguments = dict(subscription=subscription)
    return perform(ctx, "buy_trial_now", arguments, shown=preview)
