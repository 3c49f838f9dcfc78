"""`seatkeeper migrate`, `partition`, `backup` and `restore`: the tables, and keeping what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatkeeper.interfaces.cli.common import DIFFERS, BadInput, Json, begin, out, print_json, progress, stop

if TYPE_CHECKING:
    from seatkeeper.adapters.backups import Migrations
    from seatkeeper.adapters.backups.postgres import Server

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, one file.")]


def migrate(
    check: Annotated[bool, typer.Option("--check", help="Only say what is missing; exit code 1 where any is.")] = False,
    as_json: Json = False,
) -> None:
    """Bring the database to this program's version, making it where there is none. Older servers may go on meanwhile.

    `serve` does it by itself. One at a time does it, however many are started at once (PostgreSQL).
    """
    begin(require=False)
    from seatkeeper.config import process

    if check:
        process.connect()
        missing, unknown = process.migrations()
    else:
        process.migrate()
        missing, unknown = [], []
    if as_json:
        print_json({"missing": missing, "unknown": unknown})
    else:
        said = f"{len(missing)} changes are missing: {', '.join(missing)}." if missing else "Nothing is missing."
        out().print(said, markup=False)
    if missing:
        stop(DIFFERS)


def partition() -> None:
    """Put documents, lines, postings and events into parts by month. PostgreSQL only; stop servers and workers first.

    For installations of tens of millions of subscriptions: docs/operating/scale.md says what it brings and costs. Run
    again it makes the months that are missing, which workers do by themselves.
    """
    begin()
    from django.conf import settings

    if not settings.HAS_QUEUE:
        raise BadInput("parts by month need PostgreSQL (set DATABASE_URL)")
    from seatkeeper.domain.subscriptions.partitioning import partition as make
    from seatkeeper.kit.clock import system_now

    made: dict[str, int] = {}
    with progress(quiet=False) as bar:
        task = bar.add_task("Tables", total=None)

        def done(table: str, count: int) -> None:
            made[table] = count
            bar.update(task, description=f"{table}: {count} parts")

        make(system_now(), done=done)
    for table, count in made.items():
        out().print(f"{table}: {count} parts", markup=False)


def backup(
    file: BackupFile,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of that name.")] = False,
) -> None:
    """Write the whole database to one file, as it stands at one instant, while servers and workers go on.

    The file is there whole or not at all, and readable by its owner only. The secret key is not in it: keep that too.
    """
    begin()
    from django.conf import settings

    from seatkeeper.adapters.backups import BackupProblem, sqlite

    with progress(quiet=False) as bar:
        bar.add_task(f"Writing {file.name}", total=None)
        try:
            if settings.HAS_QUEUE:
                _server().backup(file, overwrite=overwrite)
            else:
                sqlite.backup(Path(settings.DATABASES["default"]["NAME"]), file, overwrite=overwrite)
        except BackupProblem as problem:
            raise BadInput(str(problem)) from None
    out().print(f"{file}: {file.stat().st_size:,} bytes.", markup=False)


def restore(
    file: BackupFile,
    replace: Annotated[
        bool, typer.Option("--replace", help="Throw away what is in the database. Without it none may be in it.")
    ] = False,
    check: Annotated[bool, typer.Option("--verify/--no-verify", help="Prove afterwards that the books hold.")] = True,
) -> None:
    """Put a backup in the place of the database: all of it, or nothing is changed. Stop servers and workers first.

    A backup of an older version of the program is brought up to date. Exit code 1 where the books do not hold.
    """
    begin(require=False)
    from seatkeeper.adapters.backups import BackupProblem

    if not file.is_file():
        raise BadInput(f"there is no file {file}")
    with progress(quiet=False) as bar:
        bar.add_task(f"Restoring {file.name}", total=None)
        try:
            _restore(file, replace=replace)
        except BackupProblem as problem:
            raise BadInput(str(problem)) from None
    out().print(f"Restored from {file}.", markup=False)
    if check:
        from seatkeeper.interfaces.cli.operating import verify

        verify(seller=None, as_json=False)


def _restore(file: Path, *, replace: bool) -> None:
    """Look at the backup first, then at what is there; only then is anything touched."""
    from django.conf import settings
    from django.db import connection

    from seatkeeper.adapters.backups import POSTGRES, SQLITE, BackupProblem, kind_of, sqlite
    from seatkeeper.config import process

    kind = kind_of(file)
    if kind != (POSTGRES if settings.HAS_QUEUE else SQLITE):
        raise BackupProblem(f"{file} is a backup of {kind}, and DATABASE_URL names another kind of database")
    server = _server() if settings.HAS_QUEUE else None
    _require_known(file, server.check(file) if server else sqlite.check(file))
    if _holds_data() and not replace:
        raise BackupProblem("there is data in the database (--replace throws it away)")
    connection.close()
    if server:
        server.restore(file)
    else:
        sqlite.restore(file, Path(settings.DATABASES["default"]["NAME"]))
    process.migrate()


def _require_known(file: Path, found: Migrations) -> None:
    """Refuse a backup that this program is too old for."""
    from seatkeeper.adapters.backups import BackupProblem
    from seatkeeper.config.process import known_migrations

    unknown = sorted(f"{app}.{name}" for app, name in found - known_migrations() if app != "procrastinate")
    if unknown:
        raise BackupProblem(f"{file} was made by a newer version of the program ({', '.join(unknown[:3])})")


def _holds_data() -> bool:
    """Whether a seller is in the database. None in one that has no tables yet, or a SQLite file that is not there."""
    from django.conf import settings
    from django.db import connection

    if not settings.HAS_QUEUE and not Path(settings.DATABASES["default"]["NAME"]).is_file():
        return False
    with connection.cursor() as cursor:
        if "accounts_seller" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT EXISTS (SELECT 1 FROM accounts_seller)")
        return bool(cursor.fetchone()[0])


def _server() -> Server:
    """The PostgreSQL of the settings."""
    from django.conf import settings
    from django.db import connection

    from seatkeeper.adapters.backups.postgres import Server

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
    return Server(connection.get_connection_params(), version, settings.PG_PROGRAMS)
