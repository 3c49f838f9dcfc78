"""Organisations made once in a process and put back for every further test: making one takes seconds."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from tests.support.organisation import Organisation

Rows = dict[str, Any]
"""What stands in each table: rows on SQLite, the text of COPY on PostgreSQL."""

_MADE: dict[str, tuple[Organisation, Rows]] = {}
_OURS = ("django_", "auth_", "procrastinate_")
"""Tables that are filled when they are made, or that no organisation has a part in."""


def put_back(make: Callable[[], Organisation]) -> Organisation:
    """What `make` makes: made once in a process, from then on its rows are put back.

    Where a seller stands in the database already it is made anew.
    """
    from seatkeeper.domain.accounts.models import Seller

    if Seller.objects.exists():
        return make()
    name = make.__qualname__
    if name in _MADE:
        found, rows = _MADE[name]
        _write(rows)
    else:
        found = make()
        _MADE[name] = found, {table: kept for table, kept in _read().items() if kept}
    return copy.deepcopy(found)


def _read() -> Rows:
    with connection.cursor() as cursor:
        tables = [one for one in connection.introspection.table_names(cursor) if not one.startswith(_OURS)]
        if connection.vendor == "sqlite":
            raw = cursor.cursor.connection.cursor()
            return {table: raw.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}
        found = {}
        for table in tables:
            with cursor.copy(f'COPY (SELECT * FROM "{table}") TO STDOUT') as copied:
                found[table] = b"".join(bytes(part) for part in copied)
        return found


def _write(rows: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, kept in rows.items():
            if connection.vendor == "sqlite":
                marks = ", ".join("?" * len(kept[0]))
                cursor.cursor.connection.cursor().executemany(f'INSERT INTO "{table}" VALUES ({marks})', kept)
            else:
                with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                    into.write(kept)
