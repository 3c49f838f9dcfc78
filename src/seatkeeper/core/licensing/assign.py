"""Assigning and unassigning licences of a product by user (DOMAIN.md 7, SCENARIO.md 13)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from seatkeeper.core.decision import AssignmentChange
from seatkeeper.core.draft import Draft
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Assignment


def assign_users(
    draft: Draft, *, product: str, users: tuple[int, ...], swap: tuple[int, ...] = (), first: tuple[int, ...] = ()
) -> None:
    """Give each user one licence of the product; who holds it already is passed over, a user named twice counts once.

    swap: those of the users from whom products that this one excludes are taken back in the same decision.
    first: those of the users who are given what this one requires, too.
    Refused: requires_product, excluded_by_product (with product and user), no_seats_available, bad_input.
    """
    if product not in draft.catalog.products:
        raise Refused("not_found")
    if not {*swap, *first} <= set(users):
        raise Refused("bad_input", field="swap" if set(swap) - set(users) else "first")
    fresh, swapping, needing = _without(draft, product, users), set(swap), set(first)
    taken = _take_back_excluded(draft, product, [user for user in fresh if user in swapping])
    given = _give_required(draft, product, [user for user in fresh if user in needing], ())
    _give(draft, product, fresh)
    draft.facts.update(assigned=len(fresh), passed_over=len(users) - len(fresh), product=product)
    if taken:
        draft.facts.update(swapped=taken)
    if given:
        draft.facts.update(given_first=given)


def _is_active(draft: Draft, user: int) -> bool:
    """Users who left or are unknown to the account are passed over by the doors; here they must be known."""
    return draft.state.users is None or draft.state.users.get(user, False)


def _without(draft: Draft, product: str, users: Sequence[int]) -> list[int]:
    """The active ones of the users who do not hold the product as this draft leaves it, each once."""
    held = _held(draft, product)
    return [user for user in dict.fromkeys(users) if user not in held and _is_active(draft, user)]


def _held(draft: Draft, product: str) -> dict[int, Assignment | None]:
    """Who holds a product as this draft leaves it; None for those who are given it in this very draft."""
    held: dict[int, Assignment | None] = {one.user: one for one in draft.state.holders(product)}
    for change in draft.assignment_changes:
        if change.product == product and change.action == "unassigned":
            held.pop(change.user, None)
        elif change.product == product and change.action == "assigned":
            held[change.user] = None
    return held


def _take_back_excluded(draft: Draft, product: str, users: Collection[int]) -> int:
    if not users:
        return 0
    excluded = sorted(draft.catalog.excluded(product))
    return sum(_take_back(draft, other, users, excluded) for other in excluded)


def _give_required(draft: Draft, product: str, users: list[int], asked: tuple[str, ...]) -> int:
    """Give the users what the product requires, and before that what that requires itself."""
    given = 0
    if not users:
        return 0
    for required in draft.catalog.products[product].requires:
        if required in asked:
            continue
        fresh = _without(draft, required, users)
        given += _give_required(draft, required, fresh, (*asked, product))
        _give(draft, required, fresh)
        given += len(fresh)
    return given


def _give(draft: Draft, product: str, fresh: Sequence[int]) -> None:
    """Give a licence to users who hold none, where they may hold it and enough are free."""
    for required in draft.catalog.products[product].requires:
        held = _held(draft, required)
        for user in fresh:
            one = held.get(user)
            if user not in held or (one is not None and one.suspended_on is not None):
                raise Refused("requires_product", product=product, required=required, user=user)
    for excluded in sorted(draft.catalog.excluded(product)):
        held = _held(draft, excluded)
        for user in fresh:
            if user in held:
                raise Refused("excluded_by_product", product=product, other=excluded, user=user)
    free = max(_free(draft, product), 0)
    if len(fresh) > free:
        raise Refused("no_seats_available", free=free, n=len(fresh), k=len(fresh) - free, product=product)
    draft.assignment_changes += [AssignmentChange(None, user, product, "assigned") for user in fresh]


def _free(draft: Draft, product: str) -> int:
    """What this draft leaves to be given; licences that return go to those who are suspended first (DOMAIN.md 8.5)."""
    pool = draft.state.pools.get(product)
    held = pool.assigned + pool.suspended if pool else 0
    for change in draft.assignment_changes:
        if change.product == product:
            held += {"assigned": 1, "unassigned": -1}.get(change.action, 0)
    return draft.bought(product) - held


def unassign_users(draft: Draft, *, product: str, users: tuple[int, ...], also: tuple[str, ...] = ()) -> None:
    """Take the licence back; who does not hold it is passed over. also: products to take back with it.

    Where another licence of a user needs this one and is not among `also`, the preview says so (needed_by).
    """
    gone = [product, *(one for one in dict.fromkeys(also) if one != product)]
    taken = [_take_back(draft, one, dict.fromkeys(users), gone) for one in gone]
    draft.facts.update(unassigned=sum(taken), product=product)


def _take_back(draft: Draft, product: str, users: Collection[int], gone: Collection[str]) -> int:
    """Take a product back from those of the users who hold it. gone: what is taken back along with it."""
    holders = {holder.user: holder for holder in draft.state.holders(product)}
    dependants = {
        one: {holder.user for holder in draft.state.holders(one)}
        for one in draft.catalog.dependants(product)
        if one not in gone
    }
    taken = 0
    for user in users:
        holder = holders.get(user)
        if holder is None:
            continue
        for dependant, held in dependants.items():
            if user in held:
                draft.warn("needed_by", product=dependant, required=product, user=user)
        draft.assignment_changes.append(AssignmentChange(holder.id, user, product, "unassigned"))
        taken += 1
    return taken


def exchange_users(draft: Draft, *, product: str, back: tuple[int, ...], instead: tuple[int, ...]) -> None:
    """Choose who keeps a licence: those in `back` are suspended no more, as many others are `instead`.

    Whoever is suspended instead takes over the day of the one who comes back, so that nobody stays longer than 90
    days by turns. Refused: not_found, nothing_changes, bad_input (not as many, or not suspended and active).
    """
    if product not in draft.catalog.products:
        raise Refused("not_found")
    if not back and not instead:
        raise Refused("nothing_changes")
    if len(set(back)) != len(set(instead)):
        raise Refused("bad_input", field="instead")
    holders = {holder.user: holder for holder in draft.state.holders(product)}
    returning = [holders[user] for user in dict.fromkeys(back) if user in holders and holders[user].suspended_on]
    leaving = [holders[user] for user in dict.fromkeys(instead) if user in holders and not holders[user].suspended_on]
    if len(returning) != len(set(back)) or len(leaving) != len(set(instead)):
        raise Refused("bad_input", field="back" if len(returning) != len(set(back)) else "instead")
    for one, other in zip(sorted(returning), sorted(leaving), strict=True):
        draft.assignment_changes.append(AssignmentChange(one.id, one.user, product, "restored"))
        draft.assignment_changes.append(AssignmentChange(other.id, other.user, product, "suspended", one.suspended_on))
    draft.facts.update(exchanged=len(returning), product=product)
