"""How a process that is no web server starts Django: with which data folder and database, and ready or not.

Nothing here imports Django before it is asked to, so that a command line answers `--help` at once.
"""

from __future__ import annotations

import os
from pathlib import Path

SETTINGS_MODULE = "seatkeeper.config.settings"


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
        _, unknown = migrations()
        if unknown:
            require_version()
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        call_command("createcachetable", verbosity=0)
    except (Error, ImproperlyConfigured) as error:
        raise DatabaseProblem(f"The database cannot be brought up to date: {one_line(error)}.") from None


def one_line(error: BaseException) -> str:
    """An error's text on one line, without a full stop and without a password."""
    text = " ".join(str(error).split()).split(" Is the server")[0].rstrip(".?")
    return text[:300] or type(error).__name__
