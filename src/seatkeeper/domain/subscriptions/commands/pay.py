"""The command invoice.pay."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform, refuse_if_declined
from seatkeeper.kit.commands import Context, command


@command("invoice.pay", needs="subscription.change")
def pay(
    ctx: Context, *, document: int, method: int, amount_minor: int | None = None, preview: str | None = None
) -> Outcome:
    """Pay an open invoice by a payment method, in whole or in part.

    amount_minor: None pays all that is due. Refused: not_found, nothing_changes (it is not open), payment_declined.
    """
    arguments = dict(document=document, method=method, amount_minor=amount_minor)
    outcome = perform(ctx, "pay", arguments, shown=preview)
    if not ctx.preview:
        refuse_if_declined(ctx.account, outcome)
    return outcome
