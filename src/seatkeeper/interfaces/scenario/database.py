"""The throw-away database of a scenario run: made once for a process, removed when it ends.

Without an address: SQLite in a temporary folder, which need not wait for the disk. With one: a new database beside
the one that it names, on the same server or in the same folder; nothing is ever written into the named one.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from seatkeeper.config import process

PREFIX = "seatkeeper-scenario-"


@contextmanager
def throw_away(url: str | None = None) -> Iterator[None]:
    """Django set up on an empty database of this program's version. Raises process.DatabaseProblem."""
    parts = urlsplit(url or "sqlite:")
    if parts.scheme not in ("sqlite", "postgres", "postgresql"):
        given = parts.scheme or repr(url)
        raise process.DatabaseProblem(f"--database must begin with sqlite:// or postgresql://, not {given}.")
    beside = url is not None and parts.scheme == "sqlite" and parts.path[1:]
    folder = _folder(Path(unquote(parts.path[1:])).resolve().parent if beside else None)
    try:
        if url is None or parts.scheme == "sqlite":
            address = f"sqlite:///{quote(str(folder / 'scenario.sqlite3'))}?synchronous=off"
            process.begin(home=folder, database_url=address)
            yield from _migrated()
        else:
            name = folder.name.replace("-", "_").lower()
            with _server(url, name):
                process.begin(home=folder, database_url=urlunsplit(parts._replace(path=f"/{name}")))
                yield from _migrated()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder(parent: Path | None) -> Path:
    """A new folder, in the system's temporary one or in the given one."""
    try:
        return Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        where = parent or tempfile.gettempdir()
        raise process.DatabaseProblem(f"No throw-away database can be made in {where}: {why}.") from None


def _migrated() -> Iterator[None]:
    from django.db import connections

    try:
        process.migrate()
        yield
    finally:
        connections.close_all()


@contextmanager
def _server(url: str, name: str) -> Iterator[None]:
    """A new database on the server of a URL, dropped at the end."""
    import psycopg
    from psycopg import sql

    def run(statement: str) -> None:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))  # type: ignore[arg-type]

    try:
        run("CREATE DATABASE {}")
    except psycopg.errors.InsufficientPrivilege:
        raise process.DatabaseProblem(
            "This database user may not make a throw-away database: grant it CREATEDB."
        ) from None
    except psycopg.Error as error:
        raise process.DatabaseProblem(f"The database cannot be reached: {process.one_line(error)}.") from None
    try:
        yield
    finally:
        run("DROP DATABASE IF EXISTS {} WITH (FORCE)")
