"""The command license.assign."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("license.assign", needs="license.assign")
def assign(ctx: Context, *, product: str, users: tuple[int, ...], preview: str | None = None) -> Outcome:
    """Give users a licence of a product from the account's pool; who holds it already is passed over.

    Refused: requires_product, excluded_by_product, no_seats_available, not_found (a user of another account).
    Rules: docs/concepts/seats.md
    """
    return perform(ctx, "assign", dict(product=product, users=users), shown=preview)
