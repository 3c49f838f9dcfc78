"""The command license.assign."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("license.assign", needs="license.assign")
def assign(
    ctx: Context, *, product: str, users: tuple[int, ...], swap: tuple[int, ...] = (), first: tuple[int, ...] = (),
    preview: str | None = None
) -> Outcome:
    """Give users a licence of a product from the account's pool; who holds it already is passed over.

    swap: those of the users from whom products that exclude this one are taken back in the same decision.
    first: those of the users who are given the products that this one requires, too.
    Refused: requires_product, excluded_by_product, no_seats_available, bad_input, not_found (a user of another
    account).
    Rules: docs/concepts/seats.md
    """
    return perform(ctx, "assign", dict(product=product, users=users, swap=swap, first=first), shown=preview)
