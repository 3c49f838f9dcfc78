"""Pools and assignments, read and written for the contexts above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import repeat
from operator import or_
from typing import Any

from django.db.models import Max, Q

from seatkeeper.core.decision import PoolChange
from seatkeeper.core.state import Assignment as AssignmentFacts
from seatkeeper.core.state import Pool as PoolFacts
from seatkeeper.domain.accounts.operations import LockedAccount
from seatkeeper.domain.licensing.models import Assignment, Pool, PoolUse
from seatkeeper.kit.bulk import Table, batch_memory

POOLS = Table(Pool)
ASSIGNMENTS = Table(Assignment)
USES = Table(PoolUse)
POOL_COLUMNS = ("bought", "assigned", "suspended", "remove_on")
ASSIGNMENT_COLUMNS = ("account_id", "id", "user_id", "product", "assigned_at", "suspended_on")


def pools(account_ids: Sequence[int]) -> dict[int, dict[str, PoolFacts]]:
    """The accounts' pools, by account and product."""
    found: dict[int, dict[str, PoolFacts]] = {}
    rows = POOLS.select(("account_id", "product", *POOL_COLUMNS), account_ids, order="account_id, product")
    for account, product, bought, assigned, suspended, remove_on in rows:
        found.setdefault(account, {})[product] = PoolFacts(product, bought, assigned, suspended, remove_on)
    return found


def assignments(account: int, product: str) -> tuple[AssignmentFacts, ...]:
    """All assignments of a product in an account, oldest first."""
    columns = ("id", "user_id", "suspended_on")
    with batch_memory():
        rows = ASSIGNMENTS.select(columns, [account], where="AND product = %s", parameters=[product], order="id")
        ids, users, suspended = zip(*rows, strict=True) if rows else ((), (), ())
        return tuple(map(AssignmentFacts, ids, users, repeat(product), suspended))


def write_pools(new: list[tuple[Any, ...]], changed: list[tuple[Any, ...]]) -> None:
    """Write pools: rows of (account_id, product, *POOL_COLUMNS)."""
    POOLS.insert(("account_id", "product", *POOL_COLUMNS), new)
    POOLS.update(("account_id", "product"), POOL_COLUMNS, changed)


def use_rows(
    account: LockedAccount, on: date, before: PoolFacts | None, after: PoolChange
) -> list[tuple[int, str, int, date, int]]:
    """The row of `write_uses` for a pool that a decision changes; none where as many are held as before."""
    held = before.assigned if before is not None else 0
    if held == after.assigned:
        return []
    return [(account.id, after.product, account.version + 1, on, max(held, after.assigned))]


def write_uses(rows: list[tuple[Any, ...]]) -> None:
    """Keep how many were held at most: rows of (account_id, product, version, on, most)."""
    USES.insert(("account_id", "product", "version", "on", "most"), rows)


def write_assignments(
    new: list[tuple[Any, ...]], changed: list[tuple[int, int, str, Any]], gone: list[tuple[int, int]]
) -> None:
    """Write assignments: gone ones first, so that a user may hold the licence anew."""
    ASSIGNMENTS.delete(("account_id", "id"), gone)
    ASSIGNMENTS.update(("account_id", "id"), ("product", "suspended_on"), changed)
    ASSIGNMENTS.insert(ASSIGNMENT_COLUMNS, new)


def held_at_most(account: int, since: date) -> dict[str, tuple[int, int]]:
    """By product, how many licences were held at most since a day and ever, as far as they changed: one query."""
    uses = PoolUse.objects.filter(account_id=account).values("product")
    rows = uses.annotate(ever=Max("most"), lately=Max("most", filter=Q(on__gte=since)))
    return {product: (lately or 0, ever) for product, ever, lately in rows.values_list("product", "ever", "lately")}


def last_above(account: int, most: Mapping[str, int]) -> dict[str, date]:
    """By product, the last day on which more than so many licences were held: one query."""
    if not most:
        return {}
    above = reduce(or_, (Q(product=product, most__gt=number) for product, number in most.items()))
    rows = PoolUse.objects.filter(above, account_id=account).values("product").annotate(last=Max("on"))
    return dict(rows.values_list("product", "last"))


def holding_both(account: int, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, ...]]:
    """By (product, other), the users who hold licences of both, oldest licence of the first first: one query."""
    if not pairs:
        return {}
    names = sorted({one for pair in pairs for one in pair})
    rows = Assignment.objects.filter(account_id=account, product__in=names, suspended_on=None)
    held: dict[int, list[str]] = {}
    for user, product in rows.order_by("id").values_list("user_id", "product"):
        held.setdefault(user, []).append(product)
    both: dict[tuple[str, str], list[int]] = {}
    for user, products in held.items():
        if len(products) > 1:
            for pair in pairs:
                if pair[0] in products and pair[1] in products:
                    both.setdefault(pair, []).append(user)
    return {pair: tuple(users) for pair, users in both.items()}
