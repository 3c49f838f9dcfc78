"""The commands cart.add, cart.change and cart.remove: the cart of the person who gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatkeeper.domain.subscriptions import cart as carts
from seatkeeper.kit.commands import Context, command


@command("cart.add", needs="subscription.change")
def add(ctx: Context, *, item: Mapping[str, Any]) -> int:
    """Put an item into the actor's cart; one that is in it already gets the new number. Returns its number there.

    item: as an item of subscription.order. Nothing is decided yet: a cart may hold what an order would be refused for.
    Refused: bad_input, naming the field, or `items` where the cart is full; not_found for an unknown plan.
    Rules: docs/concepts/ordering.md
    """
    return carts.put(ctx, item)


@command("cart.change", needs="subscription.change")
def change(ctx: Context, *, entry: int, changes: Mapping[str, Any]) -> None:
    """Change an item of the actor's cart. changes: some fields of the item, such as seats.

    Refused: bad_input, naming the field; not_found for an item that is not in the cart.
    Rules: docs/concepts/ordering.md
    """
    carts.change(ctx, entry, changes)


@command("cart.remove", needs="subscription.change")
def remove(ctx: Context, *, entry: int) -> None:
    """Take an item out of the actor's cart; one that is gone already is no mistake. Rules: docs/concepts/ordering.md"""
    carts.take_out(ctx, (entry,))
