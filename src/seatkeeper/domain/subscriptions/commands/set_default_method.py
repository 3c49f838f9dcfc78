"""The command payment_method.set_default."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("payment_method.set_default", needs="subscription.change")
def set_default_method(ctx: Context, *, method: int, preview: str | None = None) -> Outcome:
    """Pay what is bought from now on by this method, unless another is chosen there; what is paid already stays.

    Refused: not_found, nothing_changes.
    """
    return perform(ctx, "set_default_method", dict(method=method), shown=preview)
