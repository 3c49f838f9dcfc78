"""Keeping what a run gives the bulk writer, and writing the same rows again with nothing else to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from seatkeeper.kit.bulk import Table

Statement = tuple[str, Table, tuple[Any, ...], list[tuple[Any, ...]], dict[str, Any]]


@dataclass
class Recording:
    """The statements of a run, transaction by transaction, with their rows as the driver takes them."""

    transactions: list[list[Statement]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows are inserted or updated."""
        return sum(len(statement[3]) for one in self.transactions for statement in one)

    def replay(self) -> None:
        """Write every row again, in the same statements and transactions."""
        for one in self.transactions:
            with transaction.atomic():
                for name, table, columns, rows, options in one:
                    getattr(table, name)(*columns, rows, **options)


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what goes through the bulk writer within the block."""
    found = Recording()
    insert, update, enter = Table.insert_encoded, Table.update_encoded, transaction.Atomic.__enter__

    def begin(self: transaction.Atomic) -> None:
        if not transaction.get_connection().in_atomic_block:
            found.transactions.append([])
        enter(self)

    def insert_encoded(self: Table, columns: Any, rows: list[tuple[Any, ...]]) -> None:
        found.transactions[-1].append(("insert_encoded", self, (columns,), rows, {}))
        insert(self, columns, rows)

    def update_encoded(self: Table, keys: Any, columns: Any, rows: list[tuple[Any, ...]], *, adds: Any = ()) -> None:
        found.transactions[-1].append(("update_encoded", self, (keys, columns), rows, {"adds": adds}))
        update(self, keys, columns, rows, adds=adds)

    Table.insert_encoded, Table.update_encoded = insert_encoded, update_encoded  # type: ignore[method-assign]
    transaction.Atomic.__enter__ = begin  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Table.insert_encoded, Table.update_encoded = insert, update  # type: ignore[method-assign]
        transaction.Atomic.__enter__ = enter  # type: ignore[method-assign]
        found.transactions[:] = [one for one in found.transactions if one]
