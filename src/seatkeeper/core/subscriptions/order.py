"""Ordering several products at once: one decision, one document, all or nothing (DOMAIN.md 7, "buy")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from seatkeeper.core.decision import AssignmentChange
from seatkeeper.core.draft import Draft
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.buy import sell
from seatkeeper.core.subscriptions.trials import try_out
from seatkeeper.core.tables import SCHEDULED

MOST_ITEMS = 50
"""The most items of one order: more is a mistake, and a page stays one page."""
MOST_ORDER_NUMBER = 64
"""The longest purchase order number, in characters."""

ITEM: Mapping[str, tuple[tuple[type, ...], object]] = {
    "plan": ((str,), None),
    "seats": ((int,), None),
    "trial": ((bool,), False),
    "align_with": ((int, type(None)), None),
    "start": ((date, type(None)), None),
    "assign_all": ((bool,), False),
}
"""What an item may say: its type, and what it is where it is left out. plan and seats must be said."""


def plan_order(
    draft: Draft, *, items: tuple[Mapping[str, Any], ...], method: int | None = None, purchase_order: str = ""
) -> None:
    """Sell every item, or none: what is billed today stands on one document, paid with one method.

    An item: plan and seats; trial instead of buying; align_with another subscription or a later start, as in buying;
    assign_all: a licence for every active user without one, save those with an excluded product or without a required
    one, who are counted in a warning. purchase_order: the buyer's own number for all of it.

    Refused as in buying and trials, with `item`, the position of the first item that is refused; bad_input.
    """
    if not 0 < len(items) <= MOST_ITEMS or len(purchase_order) > MOST_ORDER_NUMBER:
        raise Refused("bad_input", field="purchase_order" if items else "items")
    method = draft.state.default_method if method is None else method
    draft.parcel = ("command", method)
    wanted: dict[str, int] = {}
    for position, item in enumerate(items):
        try:
            new = _item(draft, read_item(item), method, purchase_order)
        except Refused as refused:
            raise _of_item(refused, position) from None
        if item.get("assign_all"):
            wanted.setdefault(new.product, position)
    for product in _needed_first(draft, wanted):
        try:
            _assign_everybody(draft, product)
        except Refused as refused:
            raise _of_item(refused, wanted[product]) from None
    draft.facts.update(items=len(items))


def _of_item(refused: Refused, position: int) -> Refused:
    """The refusal, naming the item; a debt is not of one item's making."""
    if refused.code == "balance_due":
        return refused
    return Refused(refused.code, **{**refused.facts, "item": position})


def read_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item with all that it may say. Refused: bad_input, naming the field that is wrong, missing or too much."""
    for name in item:
        if name not in ITEM:
            raise Refused("bad_input", field=name)
    found = {}
    for name, (kinds, default) in ITEM.items():
        value = item.get(name, default)
        if not isinstance(value, kinds) or (bool not in kinds and isinstance(value, bool)):
            raise Refused("bad_input", field=name)
        found[name] = value
    return found


def _item(draft: Draft, item: dict[str, Any], method: int | None, purchase_order: str) -> Subscription:
    if item["trial"]:
        if item["align_with"] is not None or item["start"] is not None:
            raise Refused("bad_input", field="start" if item["align_with"] is None else "align_with")
        new = try_out(
            draft, plan=item["plan"], seats=item["seats"], method=method, purchase_order=purchase_order
        )
    else:
        new = sell(
            draft, plan=item["plan"], seats=item["seats"], align_with=item["align_with"], start=item["start"],
            method=method, purchase_order=purchase_order,
        )
    if item["assign_all"] and new.status == SCHEDULED:
        raise Refused("bad_input", field="assign_all")
    dates = {"starts_on": new.start_on or draft.on, "renews_on": new.term_end, "trial_end": new.trial_end}
    draft.facts.update({f"{name}_{1 - new.id}": on for name, on in dates.items() if on is not None})
    return new


def _needed_first(draft: Draft, products: Iterable[str]) -> list[str]:
    """The products, each after those of them that it requires."""
    found: list[str] = []

    def put(product: str, asked: frozenset[str]) -> None:
        for required in draft.catalog.products[product].requires:
            if required in wanted and required not in asked:
                put(required, asked | {product})
        if product not in found:
            found.append(product)

    wanted = list(products)
    for product in wanted:
        put(product, frozenset({product}))
    return found


def _assign_everybody(draft: Draft, product: str) -> None:
    """A licence for every active user who lacks one and may hold it. Refused: no_seats_available."""
    everybody = draft.state.active_users()
    holding = _holders(draft, product, suspended=True)
    fit = [user for user in everybody if user not in holding]
    without = len(fit)
    for required in draft.catalog.products[product].requires:
        active = _holders(draft, required, suspended=False)
        fit = [user for user in fit if user in active]
    for excluded in sorted(draft.catalog.excluded(product)):
        held = _holders(draft, excluded, suspended=True)
        fit = [user for user in fit if user not in held]
    pool = draft.state.pools.get(product)
    free = max(draft.bought(product) - (pool.assigned + pool.suspended if pool else 0), 0)
    if len(fit) > free:
        raise Refused("no_seats_available", free=free, n=len(fit), k=len(fit) - free, product=product)
    draft.assignment_changes += [AssignmentChange(None, user, product, "assigned") for user in fit]
    if len(fit) < without:
        draft.warn("left_out", product=product, count=without - len(fit))
    assigned = draft.facts.get("assigned", 0)
    assert isinstance(assigned, int)
    draft.facts.update(assigned=assigned + len(fit))


def _holders(draft: Draft, product: str, *, suspended: bool) -> set[int]:
    """Who holds the product once this draft is done."""
    found = {one.user for one in draft.state.holders(product) if suspended or one.suspended_on is None}
    return found | {one.user for one in draft.assignment_changes if one.product == product}
