"""Pools and assignments, read and written for the contexts above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seatkeeper.core.state import Assignment as AssignmentFacts
from seatkeeper.core.state import Pool as PoolFacts
from seatkeeper.domain.licensing.models import Assignment, Pool
from seatkeeper.kit.bulk import Table

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
    found: dict[tuple[int, str], list[AssignmentFacts]] = {
        (account, product): [] for account in account_ids for product in products
    }
    rows = Assignment.objects.filter(account_id__in=account_ids, product__in=products).order_by("account_id", "id")
    for account, id_, user, product, suspended_on in rows.values_list(
        "account_id", "id", "user_id", "product", "suspended_on"
    ):
        found[(account, product)].append(AssignmentFacts(id_, user, product, suspended_on))
    return {key: tuple(holders) for key, holders in found.items()}


def write_pools(new: list[tuple[Any, ...]], changed: list[tuple[Any, ...]]) -> None:
    """Write pools: rows of (account_id, product, *POOL_COLUMNS)."""
    POOLS.insert(("account_id", "product", *POOL_COLUMNS), new)
    POOLS.update(("account_id", "product"), POOL_COLUMNS, changed)


def write_assignments(
    new: list[tuple[Any, ...]], changed: list[tuple[int, int, str, Any]], gone: list[tuple[int, int]]
) -> None:
    """Write assignments: gone ones first, so that a user may hold the licence anew."""
    by_account: dict[int, list[int]] = {}
    for account, id_ in gone:
        by_account.setdefault(account, []).append(id_)
    for account, ids in by_account.items():
        Assignment.objects.filter(account_id=account, id__in=ids).delete()
    ASSIGNMENTS.update(("account_id", "id"), ("product", "suspended_on"), changed)
    ASSIGNMENTS.insert(ASSIGNMENT_COLUMNS, new)
