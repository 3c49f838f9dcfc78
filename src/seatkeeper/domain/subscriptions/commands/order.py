"""The command subscription.order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatkeeper.domain.subscriptions import cart as carts
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.order", needs="subscription.change")
def order(
    ctx: Context, *, items: tuple[Mapping[str, Any], ...], method: int | None = None, purchase_order: str = "",
    cart: tuple[int, ...] = (), preview: str | None = None
) -> Outcome:
    """Buy and try several products at once: all or nothing, and one invoice for what is billed today.

    items: each with plan and seats; trial: true for its free trial; align_with: a subscription whose renewal date is
    shared; start: a later date; assign_all: true gives every active user without a licence one. method: default the
    account's own. purchase_order: the buyer's own number, which stands on every document of these subscriptions.
    cart: the items of the actor's cart that this orders; they leave it once the order is done.
    Refused as subscription.buy and subscription.start_trial, with `item`, the position of the item that is refused.
    Rules: docs/concepts/ordering.md
    """
    arguments = dict(items=items, method=method, purchase_order=purchase_order)
    outcome = perform(ctx, "order", arguments, shown=preview)
    if cart and not ctx.preview:
        carts.take_out(ctx, cart)
    return outcome
