"""The command subscription.set_many_method."""

from __future__ import annotations

from collections.abc import Sequence

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.set_many_method", needs="subscription.change")
def set_many_method(
    ctx: Context, *, subscriptions: Sequence[int], method: int, preview: str | None = None
) -> Outcome:
    """Pay many subscriptions by another method, in one decision; declined open invoices are tried again once.

    Each is decided by the rules of set_payment_method; those that refuse are left as they are, and the preview names
    them.
    Refused: unknown_subscription, not_found, nothing_changes (where all of them refuse).
    """
    arguments = dict(subscriptions=tuple(subscriptions), method=method)
    return perform(ctx, "set_many_method", arguments, shown=preview)
