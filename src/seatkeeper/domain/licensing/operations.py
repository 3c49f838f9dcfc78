"""Pools and assignments, read and written for the contexts above."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
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


def write_assignments(
    new: list[tuple[Any, ...]], changed: list[tuple[int, int, str, Any]], gone: list[tuple[int, int]]
) -> None:
    """Write assignments: gone ones first, so that a user may hold the licence anew."""
    ASSIGNMENTS.delete(("account_id", "id"), gone)
    ASSIGNMENTS.update(("account_id", "id"), ("product", "suspended_on"), changed)
    ASSIGNMENTS.insert(ASSIGNMENT_COLUMNS, new)
