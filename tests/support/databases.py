"""Which database a test run uses: SQLite, or a PostgreSQL that the run starts itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
import pytest

from tests.support import postgres

PREFIX = "seatkeeper-tests-"
SETTINGS_MODULE = "seatkeeper.config.settings"
CHOICES = ("sqlite", "postgres")
MIGRATE = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
"""
_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "fresh_database_url", "installed_database_url"}
_started: list[postgres.TestPostgres] = []
_folders: list[Path] = []


def choose(config: pytest.Config) -> None:
    """Put DATABASE_URL and a data folder in place, then set Django up. Workers inherit both."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        choice = config.getoption("--database") or os.environ.get("SEATKEEPER_TEST_DATABASE") or "sqlite"
        if choice not in CHOICES:
            raise pytest.UsageError(f"the test database is {choice!r}; it can be {' or '.join(CHOICES)}")
        os.environ["SEATKEEPER_TEST_DATABASE"] = choice
        sweep_leftovers()
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        _folders.append(folder)
        os.environ["SEATKEEPER_HOME"] = str(folder / "home")
        # On SQLite a file, as an installation has it: locks on a database in memory are not the real ones.
        (folder / "home").mkdir()
        sqlite_url = f"sqlite:///{folder}/home/seatkeeper.sqlite3"
        os.environ["DATABASE_URL"] = _postgres_url(folder) if choice == "postgres" else sqlite_url
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
    django.setup()


def chosen() -> str:
    """sqlite or postgres."""
    return os.environ.get("SEATKEEPER_TEST_DATABASE", "sqlite")


def uses_database(item: pytest.Item) -> bool:
    """Whether a test touches the chosen database, by its marks or by what it asks for."""
    if item.get_closest_marker("django_db") or item.get_closest_marker("database"):
        return True
    return bool(_FIXTURES & set(getattr(item, "fixturenames", ())))


def migrate(url: str) -> None:
    """Make all tables in a database, in a process of its own, as this one's connections lead elsewhere."""
    subprocess.run([sys.executable, "-c", MIGRATE], env={**os.environ, "DATABASE_URL": url}, check=True)


def stop() -> None:
    """Stop what this process started."""
    while _started:
        _started.pop().stop()
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


def sweep_leftovers() -> None:
    """Stop and remove what test runs have left that were killed before they could do it themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            postgres.stop_leftover(folder / "postgres")
            shutil.rmtree(folder, ignore_errors=True)


def _postgres_url(folder: Path) -> str:
    try:
        _started.append(postgres.TestPostgres(folder / "postgres"))
    except Exception as problem:
        raise pytest.UsageError(f"PostgreSQL for the tests could not be started: {problem}") from problem
    return _started[-1].url
