"""A test run uses the database that it was told to use, in the form that installations have."""

from __future__ import annotations

import pytest

from tests.support import databases


@pytest.mark.django_db
def test_run_uses_the_chosen_database() -> None:
    from django.db import connection

    vendors = {"sqlite": "sqlite", "postgres": "postgresql"}
    assert connection.vendor == vendors[databases.chosen()]


@pytest.mark.django_db
def test_sqlite_is_a_file_and_takes_its_lock_at_once() -> None:
    from django.db import connection

    if databases.chosen() == "sqlite":
        assert connection.settings_dict["NAME"].endswith("test.sqlite3")
        assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.django_db
def test_fresh_database_is_empty(fresh_database_url: str) -> None:
    from django.db.utils import ConnectionHandler

    from seatkeeper.config.environment import database_from_url

    connection = ConnectionHandler({"default": database_from_url(fresh_database_url)})["default"]
    assert connection.introspection.table_names() == []
    connection.close()
