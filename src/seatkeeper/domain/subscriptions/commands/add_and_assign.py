"""The command subscription.add_and_assign."""

from __future__ import annotations

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.add_and_assign", needs="subscription.change")
def add_and_assign(
    ctx: Context, *, subscription: int, seats: int, users: tuple[int, ...], swap: tuple[int, ...] = (),
    first: tuple[int, ...] = (), preview: str | None = None
) -> Outcome:
    """Add licences to a subscription and assign its product: one decision, one invoice, all or nothing.

    seats: the new total, above today's. users, swap, first: as in license.assign, which the actor must be allowed to
    give as well. Refused as subscription.set_seats and license.assign. Rules: docs/concepts/seats.md
    """
    if not ctx.actor.may("license.assign"):
        raise Refused("not_permitted", needs="license.assign", roles=("owner",))
    arguments = dict(subscription=subscription, seats=seats, users=users, swap=swap, first=first)
    return perform(ctx, "add_and_assign", arguments, shown=preview)
