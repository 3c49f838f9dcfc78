"""The command payment_method.remove."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("payment_method.remove", needs="subscription.change")
def remove_method(
    ctx: Context, *, method: int, replacement: int | None = None, preview: str | None = None
) -> Outcome:
    """Remove a payment method; what it pays moves to the replacement, and declined open invoices are tried again.

    replacement: another method of the account; None: it pays nothing. A removed default is followed by the
    replacement, else by the oldest method that can be used.
    Refused: not_found, method_in_use, payment_pending, bad_input (replaced by itself).
    """
    return perform(ctx, "remove_method", dict(method=method, replacement=replacement), shown=preview)
