"""The command balance.pay_out."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("balance.pay_out", needs="seller")
def pay_out(ctx: Context, *, preview: str | None = None) -> Outcome:
    """Give an account's balance back to the payments it came from, newest first (DOMAIN.md 9.2).

    What a gateway cannot give back returns to the balance. Refused: still_billed (a subscription could be billed yet),
    nothing_changes (no balance, or no payment that could take it).
    """
    return perform(ctx, "pay_out", {}, shown=preview)
