"""The command license.keep."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("license.keep", needs="license.assign")
def keep(
    ctx: Context, *, product: str, back: tuple[int, ...], instead: tuple[int, ...], preview: str | None = None
) -> Outcome:
    """Choose who keeps a licence where some are suspended: users in `back` return, as many others are suspended.

    back: users whose licence is suspended. instead: as many users whose licence is not; they take over the day on
    which the other's licence would have been removed.
    Refused: nothing_changes, bad_input, not_found (a user of another account). Rules: docs/concepts/seats.md
    """
    return perform(ctx, "keep", dict(product=product, back=back, instead=instead), shown=preview)
