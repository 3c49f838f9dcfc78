"""The command subscription.reactivate."""

from __future__ import annotations

from seatkeeper.core.tables import ON
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.reactivate", needs="subscription.change")
def reactivate(
    ctx: Context, *, subscription: int, recurring: str = ON,
    method: int | None = None, preview: str | None = None
) -> Outcome:
    """Bring an expired or disabled subscription back.

    Expired: from the old end date. Disabled: a new term from today, or the same term resumed, by case.
    Refused: unknown_subscription, subscription_deleted, not_active, nothing_changes, no_price, seats_above_maximum,
    balance_due, credit_limit_exceeded, payment_declined. Rules: docs/concepts/statuses.md
    """
    arguments = dict(subscription=subscription, recurring=recurring, method=method)
    return perform(ctx, "reactivate", arguments, shown=preview)
