"""The command payment_method.set_backup."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("payment_method.set_backup", needs="subscription.change")
def set_backup_method(ctx: Context, *, method: int | None, preview: str | None = None) -> Outcome:
    """Charge this method where a renewal or a later try is declined; None: no other. Nothing is charged by it now.

    method: not the default, and one that can be charged at once. What a person pays is never charged to it unasked.
    Refused: not_found, nothing_changes, backup_not_possible (it is the default, paid on invoice, refused before or
    expired).
    """
    return perform(ctx, "set_backup_method", dict(method=method), shown=preview)
