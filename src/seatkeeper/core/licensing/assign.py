"""Assigning and unassigning licences of a product by user (DOMAIN.md 7, SCENARIO.md 13)."""

from __future__ import annotations

from seatkeeper.core.decision import AssignmentChange
from seatkeeper.core.draft import Draft
from seatkeeper.core.refusals import Refused


def assign_users(draft: Draft, *, product: str, users: tuple[int, ...]) -> None:
    """Give each user one licence of the product; who holds it already is passed over, a user named twice counts once.

    Refused: requires_product, excluded_by_product (with product and user), no_seats_available.
    """
    if product not in draft.catalog.products:
        raise Refused("not_found")
    holding = {holder.user for holder in draft.state.holders(product)}
    fresh = [user for user in dict.fromkeys(users) if user not in holding and _is_active(draft, user)]
    passed_over = len(users) - len(fresh)
    sold = draft.catalog.products[product]
    for required in sold.requires:
        active = {one.user for one in draft.state.holders(required) if one.suspended_on is None}
        for user in fresh:
            if user not in active:
                raise Refused("requires_product", product=product, required=required, user=user)
    for excluded in sorted(draft.catalog.excluded(product)):
        held = {one.user for one in draft.state.holders(excluded)}
        for user in fresh:
            if user in held:
                raise Refused("excluded_by_product", product=product, other=excluded, user=user)
    pool = draft.state.pools.get(product)
    free = draft.bought(product) - (pool.assigned if pool else 0)
    if len(fresh) > free:
        free = max(free, 0)
        raise Refused("no_seats_available", free=free, n=len(fresh), k=len(fresh) - free, product=product)
    for user in fresh:
        draft.assignment_changes.append(AssignmentChange(None, user, product, "assigned"))
    draft.facts.update(assigned=len(fresh), passed_over=passed_over, product=product)


def _is_active(draft: Draft, user: int) -> bool:
    """Users who left or are unknown to the account are passed over by the doors; here they must be known."""
    return draft.state.users is None or draft.state.users.get(user, False)


def unassign_users(draft: Draft, *, product: str, users: tuple[int, ...], also: tuple[str, ...] = ()) -> None:
    """Take the licence back; who does not hold it is passed over. also: products to take back with it.

    Where another licence of a user needs this one and is not among `also`, the preview says so (needed_by).
    """
    gone = [product, *also]
    taken = 0
    for one in gone:
        holders = {holder.user: holder for holder in draft.state.holders(one)}
        for user in dict.fromkeys(users):
            holder = holders.get(user)
            if holder is None:
                continue
            _warn_if_needed(draft, one, user, gone)
            draft.assignment_changes.append(AssignmentChange(holder.id, user, one, "unassigned"))
            taken += 1
    draft.facts.update(unassigned=taken, product=product)


def _warn_if_needed(draft: Draft, product: str, user: int, gone: list[str]) -> None:
    for dependant in draft.catalog.dependants(product):
        if dependant not in gone and any(one.user == user for one in draft.state.holders(dependant)):
            draft.warn("needed_by", product=dependant, required=product, user=user)
