"""Organisations made once in a process and put back for every further test: making one takes seconds."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable

from django.db import connection

from tests.support.organisation import Organisation

_MADE: dict[str, tuple[Organisation, sqlite3.Connection]] = {}


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
