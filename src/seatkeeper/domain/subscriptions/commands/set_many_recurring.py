"""The command subscription.set_many_recurring."""

from __future__ import annotations

from collections.abc import Sequence

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.set_many_recurring", needs="subscription.change")
def set_many_recurring(
    ctx: Context, *, subscriptions: Sequence[int], to: str, preview: str | None = None
) -> Outcome:
    """Set recurring billing of many subscriptions on, once or off, in one decision.

    Each is decided by the rules of set_recurring; those that refuse are left as they are, and the preview names them.
    Refused: unknown_subscription, not_found, nothing_changes (where all of them refuse).
    """
    arguments = dict(subscriptions=tuple(subscriptions), to=to)
    return perform(ctx, "set_many_recurring", arguments, shown=preview)
