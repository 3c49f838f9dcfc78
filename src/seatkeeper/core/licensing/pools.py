"""Pools after a change of seats: surplus suspended newest first, back oldest first, removed after 90 days.

Source: DOMAIN.md 8.5, SCENARIO.md 13. Active assignments never exceed bought seats.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seatkeeper.core.decision import AssignmentChange, PoolChange
from seatkeeper.core.draft import Draft
from seatkeeper.core.state import AccountState, Assignment, Pool, Subscription
from seatkeeper.core.tables import POOLED, SUSPENDED_DAYS


def settle_pools(draft: Draft) -> tuple[PoolChange, ...]:
    """Bring every pool's assignments in line with its seats and return the pools that changed."""
    products = _products_touched(draft)
    if not products:
        return ()
    bought = dict.fromkeys(products, 0)
    for subscription in draft.all_subscriptions():
        if subscription.product in bought and subscription.status in POOLED:
            bought[subscription.product] += subscription.seats
    return tuple(
        change
        for product in products
        if (change := _settle(draft, draft.state.pools.get(product, Pool(product)), bought[product])) is not None
    )


def surplus_after(state: AccountState, subscription: Subscription, seats: int) -> int:
    """How many seats its pool would be short of if one subscription had so many; 0 or less: none."""
    pool = state.pools.get(subscription.product, Pool(subscription.product))
    return pool.assigned - (pool.bought - subscription.seats + seats)


def _products_touched(draft: Draft) -> list[str]:
    """The products whose seats, holders or removal date this draft can change, in a fixed order."""
    found: dict[str, None] = {}
    for subscription in draft.touched.values():
        before = draft.state.subscriptions[subscription.id]
        if (
            before.product != subscription.product
            or before.seats != subscription.seats
            or (before.status in POOLED) != (subscription.status in POOLED)
        ):
            found[before.product] = None
            found[subscription.product] = None
    for subscription in draft.added:
        found[subscription.product] = None
    for change in draft.assignment_changes:
        found[change.product] = None
        if change.origin is not None:
            found[change.origin] = None
    for pool in draft.state.pools.values():
        if pool.remove_on is not None and pool.remove_on <= draft.on:
            found[pool.product] = None
    return list(found)


def _settle(draft: Draft, pool: Pool, bought: int) -> PoolChange | None:
    holders = _holders(draft, pool)
    if holders is None:
        if bought == pool.bought:
            return None
        return PoolChange(pool.product, bought, pool.assigned, pool.suspended, pool.remove_on)
    active = [holder for holder in holders if holder.suspended_on is None]
    suspended = [holder for holder in holders if holder.suspended_on is not None]
    preferred = _preferred(draft, pool.product)
    if len(active) > bought:
        ranked = sorted(active, key=lambda holder: (holder.user not in preferred, -holder.id))
        surplus = {holder.id for holder in ranked[: len(active) - bought]}
        for holder in [one for one in ranked if one.id in surplus]:
            gone = holder._replace(suspended_on=draft.on)
            _record(draft, gone, "suspended")
            suspended.append(gone)
        active = [holder for holder in active if holder.id not in surplus]
        remove_on = draft.on + timedelta(days=SUSPENDED_DAYS)
        draft.notice("suspended", product=pool.product, count=len(surplus), remove_on=remove_on)
    else:
        suspended.sort(key=lambda holder: holder.id)
        back = suspended[: bought - len(active)]
        for holder in back:
            _record(draft, holder._replace(suspended_on=None), "restored")
        active += back
        suspended = suspended[len(back) :]
    suspended = _remove_old(draft, suspended)
    remove_on_next = min(
        (holder.suspended_on + timedelta(days=SUSPENDED_DAYS) for holder in suspended if holder.suspended_on),
        default=None,
    )
    change = PoolChange(pool.product, bought, len(active), len(suspended), remove_on_next)
    unchanged = (pool.bought, pool.assigned, pool.suspended, pool.remove_on)
    return (
        None if (change.bought, change.assigned, change.suspended, change.remove_on) == unchanged else change
    )


def _holders(draft: Draft, pool: Pool) -> list[Assignment] | None:
    """The pool's assignments as this draft leaves them; None where only the number of seats can change."""
    product = pool.product
    involved = any(product in (change.product, change.origin) for change in draft.assignment_changes)
    bought = draft.bought(product)
    due = pool.remove_on is not None and pool.remove_on <= draft.on
    if not involved and not due and pool.assigned <= bought and not (pool.suspended and pool.assigned < bought):
        return None
    holders = {holder.id: holder for holder in draft.state.holders(product)}
    new: list[Assignment] = []
    for change in draft.assignment_changes:
        if change.id in holders and (change.action == "unassigned" or change.product != product):
            holders.pop(change.id)
        elif change.id in holders and change.action in ("suspended", "restored"):
            holders[change.id] = holders[change.id]._replace(suspended_on=change.suspended_on)
        if change.product == product and change.action in ("assigned", "moved"):
            new.append(Assignment(change.id or _NEW + len(new), change.user, product))
    return [*holders.values(), *new]


_NEW = 1 << 60
"""Provisional ids of assignments that do not exist yet; larger than any real one, as they are the newest."""


def _record(draft: Draft, holder: Assignment, action: str) -> None:
    """Note a change of state; an assignment made or moved in this very draft is changed in place."""
    for index, change in enumerate(draft.assignment_changes):
        same = change.id == holder.id or (change.id is None and change.user == holder.user)
        if same and change.product == holder.product and change.action in ("assigned", "moved"):
            draft.assignment_changes[index] = replace(change, suspended_on=holder.suspended_on)
            return
    draft.assignment_changes.append(
        AssignmentChange(holder.id, holder.user, holder.product, action, holder.suspended_on)
    )


def _preferred(draft: Draft, product: str) -> frozenset[int]:
    """The users an administrator chose to be suspended first, when booking the reduction."""
    chosen: set[int] = set()
    for subscription in draft.touched.values():
        before = draft.state.subscriptions[subscription.id]
        if before.product == product and before.booked_release and not subscription.booked_release:
            chosen.update(before.booked_release)
    return frozenset(chosen)


def _remove_old(draft: Draft, suspended: list[Assignment]) -> list[Assignment]:
    """Remove the assignments that have been suspended for 90 days."""
    kept = []
    for holder in suspended:
        assert holder.suspended_on is not None
        if holder.suspended_on + timedelta(days=SUSPENDED_DAYS) <= draft.on:
            draft.assignment_changes.append(
                AssignmentChange(holder.id, holder.user, holder.product, "removed", holder.suspended_on)
            )
        else:
            kept.append(holder)
    if len(kept) < len(suspended):
        draft.notice("suspended_removed", product=suspended[0].product, count=len(suspended) - len(kept))
    return kept
