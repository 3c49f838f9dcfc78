"""The command invoice.pay_overdue."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform, refuse_if_declined
from seatkeeper.kit.commands import Context, command


@command("invoice.pay_overdue", needs="subscription.change")
def pay_overdue(ctx: Context, *, method: int, preview: str | None = None) -> Outcome:
    """Pay everything that is overdue by one payment method, oldest first.

    Each invoice is charged by itself: where some charges are declined the others stand, and the receipt says so.
    Refused: not_found, nothing_changes (nothing is overdue), payment_pending, payment_declined (where all are).
    """
    outcome = perform(ctx, "pay_overdue", dict(method=method), shown=preview)
    if not ctx.preview:
        refuse_if_declined(ctx.account, outcome)
    return outcome
