"""How a process that is no web server starts Django: with which data folder and database, and ready or not.

Nothing here imports Django before it is asked to, so that a command line answers `--help` at once.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

SETTINGS_MODULE = "seatkeeper.config.settings"
MIGRATION_LOCK = 7_328_812
"""The advisory lock of whoever changes the tables."""
MIGRATION_TRIES = 20
LOCK_NOT_AVAILABLE = "55P03"
"""What PostgreSQL answers where a table was in use for too long."""


class DatabaseProblem(Exception):
    """The database cannot be used; the message is one sentence that says why and what to do."""


def begin(*, home: Path | None = None, database_url: str | None = None) -> None:
    """Set Django up, once for a process. home, database_url: instead of what the surroundings say.

    Raises DatabaseProblem for an address that is none.
    """
    if home is not None:
        os.environ["SEATKEEPER_HOME"] = str(home)
    if database_url is not None:
        os.environ["DATABASE_URL"] = database_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    import django

    try:
        django.setup()
    except ValueError as error:
        if "DATABASE_URL" not in str(error):
            raise
        raise DatabaseProblem(f"{error}.") from None


def connect() -> None:
    """Reach the database, or raise DatabaseProblem. A SQLite file that is not there is not made."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connection
    from django.db.utils import Error

    settings = connection.settings_dict
    if connection.vendor == "sqlite" and settings["NAME"] != ":memory:" and not Path(settings["NAME"]).is_file():
        raise DatabaseProblem(
            f"There is no database at {settings['NAME']} yet: `seatkeeper demo` or `seatkeeper serve` makes it."
        )
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master" if connection.vendor == "sqlite" else "SELECT 1")
    except (Error, ImproperlyConfigured) as error:
        raise DatabaseProblem(f"The database cannot be reached: {one_line(error)}.") from None


def require_version() -> None:
    """Raise DatabaseProblem where the database is of an older or a newer version than this program."""
    connect()
    missing, unknown = migrations()
    if unknown:
        raise DatabaseProblem(
            f"The database is of a newer version than this program ({', '.join(unknown[:3])}): "
            "use the program that made it, or restore a backup."
        )
    if missing:
        raise DatabaseProblem(
            f"The database is of an older version than this program ({len(missing)} changes are missing): "
            "stop what uses it, make a backup, then run `seatkeeper serve`, which brings it up to date."
        )


def migrations() -> tuple[list[str], list[str]]:
    """The migrations that are missing in the database, and those in it that this program does not know."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.utils import Error

    try:
        loader = MigrationLoader(connection)
    except Error as error:
        raise DatabaseProblem(f"The database cannot be read: {one_line(error)}.") from None
    known, applied = set(loader.disk_migrations), set(loader.applied_migrations)

    def named(found: set[tuple[str, str]]) -> list[str]:
        return sorted(f"{app}.{name}" for app, name in found)

    return named(known - applied), named(applied - known)


def pending_migrations() -> list[str]:
    """Those of this program's migrations that are not in the database yet: one query.

    Raises DatabaseProblem where the database is away. Those that a newer program has made are no harm.
    """
    from django.db import connection
    from django.db.utils import Error

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except Error as error:
        connection.close()
        raise DatabaseProblem(f"The database cannot be read: {one_line(error)}.") from None
    return sorted(f"{app}.{name}" for app, name in known_migrations() - applied)


@lru_cache(maxsize=1)
def known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations that this program brings, read from its files once."""
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).disk_migrations)


def migrate() -> None:
    """Bring the database to this program's version, making it where there is none. Never from a newer version back."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import connection
    from django.db.utils import Error

    settings = connection.settings_dict
    if connection.vendor == "sqlite" and settings["NAME"] != ":memory:":
        Path(settings["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    try:
        connection.ensure_connection()
        with _alone():
            _, unknown = migrations()
            if unknown:
                require_version()
            _migrate_patiently()
            call_command("createcachetable", verbosity=0)
    except (Error, ImproperlyConfigured) as error:
        raise DatabaseProblem(f"The database cannot be brought up to date: {one_line(error)}.") from None


def _migrate_patiently() -> None:
    """Run what is missing. A table that is in use is waited for briefly, as who comes behind waits too; then again."""
    from django.core.management import call_command
    from django.db import OperationalError

    for tried in range(1, MIGRATION_TRIES + 1):
        try:
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE or tried == MIGRATION_TRIES:
                raise


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time migrates, however many servers start at once. On SQLite each migration takes the write lock."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    pause = threading.Event()
    with connection.cursor() as cursor:
        # Asked again and again, not waited for: a statement that waits would hold up an index that is built beside it.
        while not _granted(cursor):
            pause.wait(0.2)
        cursor.execute("SET lock_timeout = '5s'")
    try:
        yield
    finally:
        with suppress(Exception), connection.cursor() as cursor:  # a lost session has lost both
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _granted(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATION_LOCK])
    return bool(cursor.fetchone()[0])


def one_line(error: BaseException) -> str:
    """An error's text on one line, without a full stop and without a password."""
    text = " ".join(str(error).split()).split(" Is the server")[0].rstrip(".?")
    return text[:300] or type(error).__name__
