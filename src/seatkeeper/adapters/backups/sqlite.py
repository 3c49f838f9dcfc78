"""SQLite: by its online backup, while the server runs; a restore is one transaction on the database in its place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from seatkeeper.adapters.backups import BackupProblem, Migrations, written_whole

PATIENCE_SECONDS = 60


def backup(database: Path, target: Path, *, overwrite: bool) -> None:
    """Copy the database as it stands at one instant. Who writes meanwhile is not held up."""
    with written_whole(target, overwrite=overwrite) as part:
        try:
            with closing(_open(database)) as live, closing(sqlite3.connect(part)) as copy:
                live.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise BackupProblem(f"{database} cannot be read: {error}") from None
        check(part)


def check(path: Path) -> Migrations:
    """The migrations in a backup; BackupProblem where SQLite finds a fault in it."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as found:
            faults = [row[0] for row in found.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise BackupProblem(f"{path} is damaged: {'; '.join(faults)[:200]}")
            return frozenset(found.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error as error:
        raise BackupProblem(f"{path} is no database of this program: {error}") from None


def restore(source: Path, database: Path) -> None:
    """Put a checked backup in the database's place: all of it, or nothing is changed."""
    if not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(database, overwrite=True) as part:
            _copy(source, part)
        return
    _copy(source, database)


def _copy(source: Path, target: Path) -> None:
    kept = sqlite3.connect(f"file:{quote(str(source))}?mode=ro&immutable=1", uri=True)
    try:
        with closing(kept), closing(_open(target)) as live:
            live.execute("PRAGMA synchronous = FULL")
            kept.backup(live)
    except sqlite3.Error as error:
        raise BackupProblem(f"{target} cannot be written: {error}; stop what uses it") from None


def _open(path: Path) -> sqlite3.Connection:
    """A database that is there; one is never made."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=PATIENCE_SECONDS)
