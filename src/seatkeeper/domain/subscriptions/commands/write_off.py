"""The command invoice.write_off."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("invoice.write_off", needs="seller")
def write_off(ctx: Context, *, document: int, preview: str | None = None) -> Outcome:
    """Give up what is due on an invoice: it is uncollectible, and dunning ends for it (DOMAIN.md 9.1, 9.6).

    What is given up is posted to bad debts, VAT included. Refused: nothing_changes (nothing is due), payment_pending.
    """
    return perform(ctx, "write_off", dict(document=document), shown=preview)
