"""Backups of the whole database in one file, in the database's own form, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Progress = Callable[[int, int], None]
Migrations = frozenset[tuple[str, str]]
"""Which changes of the tables a database has seen, by (app, name)."""

SQLITE, POSTGRES = "sqlite", "postgresql"
MAGIC = {b"SQLite format 3\0": SQLITE, b"PGDMP": POSTGRES}


class BackupProblem(Exception):
    """It cannot be made or restored; the message is a sentence without its full stop. Nothing was changed."""


def kind_of(path: Path) -> str:
    """Which database a backup is of, by its first bytes."""
    with path.open("rb") as source:
        begins = source.read(16)
    for magic, kind in MAGIC.items():
        if begins.startswith(magic):
            return kind
    raise BackupProblem(f"{path} is no backup: neither a SQLite database nor an archive of pg_dump")


@contextmanager
def written_whole(target: Path, *, overwrite: bool) -> Iterator[Path]:
    """A file to write to, beside the target and for its owner only; it takes the target's place when all went well."""
    if target.exists() and not overwrite:
        raise BackupProblem(f"{target} is there already (--overwrite replaces it)")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BackupProblem(f"{target} cannot be written: {(error.strerror or str(error)).lower()}") from None
    try:
        yield part
        _to_disk(part)
        os.replace(part, target)
        _to_disk(target.parent)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
