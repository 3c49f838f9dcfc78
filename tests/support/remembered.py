"""Organisations made once in a process and put back for every further test: making one takes seconds."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable
from typing import Any

from django.db import connection

from tests.support.organisation import Organisation

Rows = dict[str, Any]
"""What stands in each table: rows on SQLite, the text of COPY on PostgreSQL."""

_MADE: dict[str, tuple[Organisation, sqlite3.Connection]] = {}
_ROWS: dict[str, tuple[Organisation, Rows]] = {}
_OURS = ("django_", "auth_", "procrastinate_")
"""Tables that are filled when they are made, or that no organisation has a part in."""


def remembered(make: Callable[[], Organisation]) -> Organisation:
    """What `make` makes, committed. On SQLite the whole database is kept and copied back; elsewhere it is made anew.

    Only for tests whose database is empty but for it, as it is after every test that commits.
    """
    if connection.vendor != "sqlite":
        return make()
    connection.ensure_connection()
    name = make.__qualname__
    if name in _MADE:
        found, kept = _MADE[name]
        kept.backup(connection.connection)
    else:
        found, kept = make(), sqlite3.connect(":memory:")
        connection.connection.backup(kept)
        _MADE[name] = found, kept
    return copy.deepcopy(found)


def put_back(make: Callable[[], Organisation]) -> Organisation:
    """What `make` makes, inside the test's transaction: made once in a process, from then on its rows are put back.

    Where a seller stands in the database already it is made anew.
    """
    from seatkeeper.domain.accounts.models import Seller

    if Seller.objects.exists():
        return make()
    name = make.__qualname__
    if name in _ROWS:
        found, rows = _ROWS[name]
        _write(rows)
    else:
        found = make()
        _ROWS[name] = found, {table: kept for table, kept in _read().items() if kept}
    return copy.deepcopy(found)


def _read() -> Rows:
    with connection.cursor() as cursor:
        tables = [one for one in connection.introspection.table_names(cursor) if not one.startswith(_OURS)]
        if connection.vendor == "sqlite":
            raw = cursor.cursor.connection.cursor()
            return {table: raw.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}
        found = {}
        for table in tables:
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copied:
                found[table] = b"".join(bytes(part) for part in copied)
        return found


def _write(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, kept in rows.items():
            if connection.vendor == "sqlite":
                marks = ", ".join("?" * len(kept[0]))
                cursor.cursor.connection.cursor().executemany(f'INSERT INTO "{table}" VALUES ({marks})', kept)
            else:
                with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                    into.write(kept)
