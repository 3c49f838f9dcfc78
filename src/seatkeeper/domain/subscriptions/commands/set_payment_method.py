"""The command subscription.set_payment_method."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.set_payment_method", needs="subscription.change")
def set_payment_method(
    ctx: Context, *, method: int, subscription: int | None = None, preview: str | None = None
) -> Outcome:
    """Pay one subscription, or all of them, by another payment method.

    A declined open invoice is tried again at once. Refused: unknown_subscription, subscription_deleted,
    not_found, nothing_changes.
    """
    arguments = dict(method=method, subscription=subscription)
    return perform(ctx, "set_payment_method", arguments, shown=preview)
