"""Carts: what a person means to order for an account, kept until it is ordered or taken out.

A cart is a draft of the person's own, as a half-written letter: it changes nothing of the account, moves no money and
leaves no event. It is kept by person and account, so that it outlives the session and is the same on every device.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from seatkeeper.core.refusals import Refused
from seatkeeper.core.subscriptions.order import MOST_ITEMS, read_item
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.catalog.operations import catalog
from seatkeeper.domain.subscriptions.models import CartItem
from seatkeeper.kit.commands import Context

SAME = ("plan", "trial", "align_with", "start")
"""What makes two items one: putting such an item in again only changes its number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a cart. item: as `subscription.order` takes it."""

    id: int
    item: Mapping[str, Any]


def entries(account: int, user: int | None) -> tuple[Entry, ...]:
    """The person's cart for the account, in the order in which things were put in."""
    if user is None:
        return ()
    rows = CartItem.objects.filter(account_id=account, user_id=user).order_by("id").values_list("id", "item")
    return tuple(Entry(id_, _in(item)) for id_, item in rows)


def count(account: int, user: int | None) -> int:
    """How many items the person's cart holds."""
    return CartItem.objects.filter(account_id=account, user_id=user).count() if user is not None else 0


@transaction.atomic
def put(ctx: Context, item: Mapping[str, Any]) -> int:
    """Put an item in, or change the number of the one that is the same. Refused: bad_input, not_found."""
    found = _known(ctx, item)
    kept = list(_own(ctx))
    for row in kept:
        if all(_in(row.item)[name] == found[name] for name in SAME):
            row.item = _out(found)
            row.save(update_fields=["item"])
            return int(row.id)
    if len(kept) >= MOST_ITEMS:
        raise Refused("bad_input", field="items")
    made = CartItem.objects.create(
        account_id=ctx.account, user_id=_person(ctx), item=_out(found), added_at=ctx.now
    )
    return int(made.id)


@transaction.atomic
def change(ctx: Context, entry: int, changes: Mapping[str, Any]) -> None:
    """Change an item of the person's own cart. Refused: bad_input, not_found."""
    row = _own(ctx).filter(id=entry).first()
    if row is None:
        raise Refused("not_found")
    row.item = _out(_known(ctx, {**_in(row.item), **changes}))
    row.save(update_fields=["item"])


@transaction.atomic
def take_out(ctx: Context, which: tuple[int, ...]) -> None:
    """Take items out of the person's own cart; those that are not in it are passed over."""
    _own(ctx).filter(id__in=which).delete()


def take_out_ordered(ctx: Context, items: tuple[Mapping[str, Any], ...]) -> None:
    """Take out of the person's own cart what was ordered, where the order does not say which entries it was."""
    if ctx.actor.user is not None:
        ordered = [_out(read_item(one)) for one in items]
        mine = entries(ctx.account, ctx.actor.user)
        take_out(ctx, tuple(one.id for one in mine if _out(one.item) in ordered))


def _own(ctx: Context) -> Any:
    """The rows of the actor's cart, one person's two tabs after one another: the account's row is the lock."""
    accounts.lock([ctx.account])
    return CartItem.objects.filter(account_id=ctx.account, user_id=_person(ctx)).order_by("id")


def _person(ctx: Context) -> int:
    """Who gives the command; the seller's own tools have no cart."""
    if ctx.actor.user is None:
        raise Refused("not_found")
    return ctx.actor.user


def _known(ctx: Context, item: Mapping[str, Any]) -> dict[str, Any]:
    """The item, of a plan that the account's seller has."""
    found = read_item(item)
    account = accounts.look([ctx.account])[0]
    _, version = accounts.seller_facts([account.seller_id])[account.seller_id]
    if found["plan"] not in catalog(account.seller_id, version).plans:
        raise Refused("not_found")
    return found


def _out(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "start": item["start"].isoformat() if item["start"] else None}


def _in(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "start": date.fromisoformat(item["start"]) if item.get("start") else None}
