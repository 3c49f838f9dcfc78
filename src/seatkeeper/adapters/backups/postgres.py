"""PostgreSQL: by its own pg_dump and pg_restore; a restore is one transaction, undone where anything fails."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from seatkeeper.adapters.backups import BackupProblem, Migrations, written_whole
from seatkeeper.config.environment import surroundings

QUEUE = "procrastinate_*"
"""Messages are told anew from the rows; their tables come along empty."""
BEFORE = "BEGIN;\nSET LOCAL lock_timeout = '10s';\nDROP SCHEMA IF EXISTS public CASCADE;\nCREATE SCHEMA public;\n"
AFTER = "\nCOMMIT;\n"


class Server:
    """A database, and the programs of PostgreSQL that talk to it. folder: where they are; none: on the path.

    parameters: how psycopg connects to it. The password goes by the environment, never on a command line.
    """

    def __init__(self, parameters: Mapping[str, Any], version: int, folder: str = "") -> None:
        known = {one.keyword.decode() for one in Conninfo.get_defaults()} - {"password", "client_encoding"}
        self._conninfo = make_conninfo(**{name: value for name, value in parameters.items() if name in known})
        password = parameters.get("password")
        quiet = {"PGOPTIONS": "-c client_min_messages=warning"}
        self._environment = surroundings(**quiet, **({"PGPASSWORD": str(password)} if password else {}))
        self._version, self._folder = version, folder

    def backup(self, target: Path, *, overwrite: bool) -> None:
        """Write an archive of the database as it stands at one instant. Who writes meanwhile is not held up."""
        program = self._program("pg_dump")
        with written_whole(target, overwrite=overwrite) as part:
            self._run(
                program, "--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s",
                f"--exclude-table-data={QUEUE}", f"--file={part}", f"--dbname={self._conninfo}",
            )  # fmt: skip

    def check(self, path: Path) -> Migrations:
        """The migrations in an archive; BackupProblem where it is damaged or of a newer PostgreSQL than ours."""
        program = self._program("pg_restore")
        listed = self._run(program, "--list", str(path))
        made = re.search(r"Dumped from database version: (\d+)", listed)
        if made is not None and int(made[1]) > self._version:
            raise BackupProblem(f"{path} is of PostgreSQL {made[1]}, newer than the server's {self._version}")
        rows = self._run(program, "--data-only", "--table=django_migrations", "--file=-", str(path))
        copied = re.search(r"^COPY \S*django_migrations \((.*?)\) FROM stdin;\n(.*?)^\\\.$", rows, re.M | re.S)
        if copied is None:
            raise BackupProblem(f"{path} is no database of this program")
        columns = copied[1].split(", ")
        found = (dict(zip(columns, line.split("\t"), strict=True)) for line in copied[2].splitlines())
        return frozenset((one["app"], one["name"]) for one in found)

    def restore(self, source: Path) -> None:
        """Put a checked archive in the place of all that is in the database, in one transaction."""
        psql = self._program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={self._conninfo}"
        reads = self._program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)
        with (
            subprocess.Popen(
                psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self._environment
            ) as writing,
            subprocess.Popen(reads, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self._environment) as reading,
        ):
            assert writing.stdin is not None and reading.stdout is not None
            with suppress(BrokenPipeError):
                writing.stdin.write(BEFORE.encode())
                shutil.copyfileobj(reading.stdout, writing.stdin, 1 << 20)
                if reading.wait() == 0:  # otherwise the transaction ends here, undone
                    writing.stdin.write(AFTER.encode())
            with suppress(BrokenPipeError):
                writing.stdin.close()
            writing.stdin = None
            reading.stdout.close()
            problem = _said(writing.stderr) or _said(reading.stderr)
            if writing.wait() or reading.wait():
                raise BackupProblem(f"nothing was restored: {problem}")

    def _program(self, name: str) -> str:
        """A program of PostgreSQL that is not older than the server."""
        found = str(Path(self._folder) / name) if self._folder else shutil.which(name)
        if found is None or not Path(found).is_file():
            raise BackupProblem(
                f"{name} was not found: install PostgreSQL's client programs, or name their folder in "
                "SEATKEEPER_PG_PROGRAMS"
            )
        version = re.search(r"\) (\d+)", self._run(found, "--version"))
        if version is None or int(version[1]) < self._version:
            raise BackupProblem(
                f"{found} is of version {version[1] if version else '?'}, older than the server's {self._version}: "
                "name the folder of newer programs in SEATKEEPER_PG_PROGRAMS"
            )
        return found

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BackupProblem(f"{Path(command[0]).name} failed: {_last(done.stderr)}")
        return done.stdout


def _said(stream: IO[bytes] | None) -> str:
    return _last("" if stream is None else stream.read().decode(errors="replace"))


def _last(text: str) -> str:
    """The first line that says what is wrong."""
    lines: Sequence[str] = [line for line in text.splitlines() if line.strip()]
    wrong = [line for line in lines if "error" in line.lower()] or lines
    return wrong[0].strip().rstrip(".")[:300] if wrong else ""
