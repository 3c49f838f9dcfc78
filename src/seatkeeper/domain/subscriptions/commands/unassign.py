"""The command license.unassign."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("license.unassign", needs="license.assign")
def unassign(
    ctx: Context, *, product: str, users: tuple[int, ...], also: tuple[str, ...] = (), preview: str | None = None
) -> Outcome:
    """Take a product's licence back from users; who does not hold it is passed over.

    also: products to take back with it, where they need this one; the preview says which do.
    Refused: not_found (a user of another account). Rules: docs/concepts/seats.md
    """
    return perform(ctx, "unassign", dict(product=product, users=users, also=also), shown=preview)
