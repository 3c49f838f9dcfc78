"""Pools and assignments, read and written for the contexts above."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, starmap
from operator import itemgetter
from typing import Any

from seatkeeper.core.state import Assignment as AssignmentFacts
from seatkeeper.core.state import Pool as PoolFacts
from seatkeeper.domain.licensing.models import Assignment, Pool
from seatkeeper.kit.bulk import Table, batch_memory

POOLS = Table(Pool)
ASSIGNMENTS = Table(Assignment)
POOL_COLUMNS = ("bought", "assigned", "suspended", "remove_on")
ASSIGNMENT_COLUMNS = ("account_id", "id", "user_id", "product", "assigned_at", "suspended_on")


def pools(account_ids: Sequence[int]) -> dict[int, dict[str, PoolFacts]]:
    """The accounts' pools, by account and product."""
    found: dict[int, dict[str, PoolFacts]] = {}
    rows = POOLS.select(("account_id", "product", *POOL_COLUMNS), account_ids, order="account_id, product")
    for account, product, bought, assigned, suspended, remove_on in rows:
        found.setdefault(account, {})[product] = PoolFacts(product, bought, assigned, suspended, remove_on)
    return found


def assignments(
    account_ids: Sequence[int], products: Sequence[str]
) -> dict[tuple[int, str], tuple[AssignmentFacts, ...]]:
    """All assignments of some products, oldest first; a product without any has an empty entry."""
    found: dict[tuple[int, str], tuple[AssignmentFacts, ...]] = {
        (account, product): () for account in account_ids for product in products
    }
    with batch_memory():
        rows = ASSIGNMENTS.select(
            ("account_id", "product", "id", "user_id", "product", "suspended_on"),
            account_ids,
            where=f"AND product IN ({', '.join(['%s'] * len(products))})",
            parameters=products,
            order="account_id, product, id",
        )
        for key, holders in groupby(rows, itemgetter(0, 1)):
            found[key] = tuple(starmap(AssignmentFacts, map(itemgetter(2, 3, 4, 5), holders)))
    return found


def write_pools(new: list[tuple[Any, ...]], changed: list[tuple[Any, ...]]) -> None:
    """Write pools: rows of (account_id, product, *POOL_COLUMNS)."""
    POOLS.insert(("account_id", "product", *POOL_COLUMNS), new)
    POOLS.update(("account_id", "product"), POOL_COLUMNS, changed)


def write_assignments(
    new: list[tuple[Any, ...]], changed: list[tuple[int, int, str, Any]], gone: list[tuple[int, int]]
) -> None:
    """Write assignments: gone ones first, so that a user may hold the licence anew."""
    ASSIGNMENTS.delete(("account_id", "id"), gone)
    ASSIGNMENTS.update(("account_id", "id"), ("product", "suspended_on"), changed)
    ASSIGNMENTS.insert(ASSIGNMENT_COLUMNS, new)
