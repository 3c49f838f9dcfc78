"""The command payment.receive."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("payment.receive", needs="seller")
def receive_payment(
    ctx: Context, *, amount_minor: int | None = None, document: int | None = None, preview: str | None = None
) -> Outcome:
    """Note money that came by bank transfer, for one invoice or for all that is open, oldest first.

    amount_minor: in minor units of the account's currency; None: all that is due. What is over is kept as balance.
    Refused: nothing_changes (that invoice is not open).
    """
    arguments = dict(amount_minor=amount_minor, document=document)
    return perform(ctx, "receive_payment", arguments, shown=preview)
