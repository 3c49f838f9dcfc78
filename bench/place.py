"""Where a benchmark's database stands: a folder of its own, a snapshot of it, and the way back to that."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.core.management import call_command
from django.db import connection

SNAPSHOT = "_snapshot"
DURABLE = ("fsync = on", "synchronous_commit = on", "full_page_writes = on")
"""The test server runs without these; a benchmark waits for the disk as an installation does."""


def begin() -> None:
    """Make the tables. On PostgreSQL also turn on what an ordinary server waits for."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for setting in DURABLE:
                cursor.execute(f"ALTER SYSTEM SET {setting}")
            cursor.execute("SELECT pg_reload_conf()")
    call_command("migrate", verbosity=0)


def keep() -> None:
    """Keep the database as it now is, for `restore`."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(_file(), _file() + SNAPSHOT)
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _copy_database(_name(), _name() + SNAPSHOT)


def restore() -> None:
    """Put the database back as it was kept."""
    if connection.vendor == "sqlite":
        connection.close()
        for ending in ("-wal", "-shm"):
            Path(_file() + ending).unlink(missing_ok=True)
        shutil.copyfile(_file() + SNAPSHOT, _file())
        return
    _copy_database(_name() + SNAPSHOT, _name())


def _file() -> str:
    return str(connection.settings_dict["NAME"])


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _copy_database(source: str, target: str) -> None:
    """Make `target` anew as a copy of `source`; nobody may be connected to either."""
    connection.close()
    with connection._nodb_cursor() as cursor:  # the way in which Django makes its own test databases
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}"')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        cursor.execute("CHECKPOINT")
