"""What every test run shares: the chosen database, the browser, and a loud word on whatever could not run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.support import browser as browsers
from tests.support import databases, postgres
from tests.support.browser import browser, page, page_without_scripts  # noqa: F401  fixtures

# Two busy cores say nothing about speed; a found example is printed so that it can be repeated.
hypothesis.settings.register_profile("seatkeeper", deadline=None, print_blob=True)
hypothesis.settings.load_profile("seatkeeper")

_BROWSER_FIXTURES = {"browser", "page", "page_without_scripts"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        metavar="sqlite|postgres",
        help="the database of this run (or SEATKEEPER_TEST_DATABASE); the run starts PostgreSQL itself",
    )
    parser.addoption("--partitioned", action="store_true", help="PostgreSQL: with large tables in parts by month")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    databases.choose(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    databases.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set the marks that follow from what a test asks for; bench runs only when it is named."""
    named = config.getoption("-m") or ""
    missing = browsers.missing_reason()
    for item in items:
        if databases.uses_database(item):
            item.add_marker(pytest.mark.database)
        if _BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        if missing and item.get_closest_marker("browser") and os.environ.get("CI") != "true":
            item.add_marker(pytest.mark.skip(reason=missing))
        for kind in ("soak", "bench"):
            if item.get_closest_marker(kind) and kind not in named:
                item.add_marker(pytest.mark.skip(reason=f"{kind} runs only when named: -m {kind}"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """In CI a browser that is missing is a failure."""
    missing = browsers.missing_reason()
    if missing and item.get_closest_marker("browser") and os.environ.get("CI") == "true":
        pytest.fail(f"CI must run browser tests: {missing}", pytrace=False)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {databases.chosen()}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    missing = browsers.missing_reason()
    if skipped and missing:
        terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} browser tests did NOT run: {missing}.", red=True, bold=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite tests use a file, one for each worker; in memory its locks would not be the real ones."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> None:
    """The tables of the run; in parts by month where asked for."""
    if request.config.getoption("--partitioned"):
        from seatkeeper.domain.subscriptions.partitioning import partition
        from seatkeeper.kit.clock import system_now

        with django_db_blocker.unblock():
            partition(system_now(), since=date(2025, 1, 1))


@pytest.fixture(autouse=True)
def _no_catalogue_from_another_test() -> None:
    """A rolled-back test gives its seller's id back; the catalogue kept for that id must not outlive it."""
    from seatkeeper.domain.catalog.operations import catalog

    catalog.cache_clear()


@pytest.fixture
def fresh_database_url(tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of the chosen kind, for tests that start processes of their own."""
    if databases.chosen() == "sqlite":
        yield f"sqlite:///{tmp_path}/fresh.sqlite3"
        return
    with postgres.made_database(os.environ["DATABASE_URL"]) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with all tables and nothing in them, made once for a test process, to be copied only."""
    if databases.chosen() == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('migrated')}/migrated.sqlite3"
        databases.migrate(url)
        yield url
        return
    with postgres.made_database(os.environ["DATABASE_URL"]) as url:
        databases.migrate(url)
        yield url


@pytest.fixture
def installed_database_url(migrated_database_url: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of a new installation, for tests that start processes of their own."""
    if databases.chosen() == "sqlite":
        copy = tmp_path / "installed.sqlite3"
        shutil.copyfile(migrated_database_url.removeprefix("sqlite:///"), copy)
        yield f"sqlite:///{copy}"
        return
    with postgres.made_database(os.environ["DATABASE_URL"], like=migrated_database_url) as url:
        yield url
