"""Large tables in parts by month: the same rows, the same keys, the same run; and nothing else notices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.subscriptions import partitioning
from seatkeeper.domain.subscriptions.partitioning import TABLES, keep_ahead, last_month, month_of, partition
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.journal.models import Event
from seatkeeper.kit.partitions import CannotPart, Parted, add_parts, is_parted, make_parts, months, parts
from tests.domain.processes import inside, run
from tests.domain.test_workers import everything_is_billed_once
from tests.interfaces.test_cli import Shell
from tests.support import databases

MONTHS = 4
LATER = datetime(2040, 6, 15, tzinfo=UTC)


@pytest.fixture
def url(installed_database_url: str) -> str:
    if databases.chosen() != "postgres":
        pytest.skip("tables are put in parts on PostgreSQL only")
    return installed_database_url


def indexes() -> dict[str, str]:
    """Every index of the tables, by name, as it is defined, without the word for the parts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [[one.table for one in TABLES]]
        )
        return {name: text.replace(" ON ONLY ", " ON ") for name, text in cursor.fetchall()}


def rows() -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for one in TABLES:
            cursor.execute(f"SELECT * FROM {one.table} t ORDER BY t::text")
            found[one.table] = cursor.fetchall()
    return found


def test_a_filled_database_is_put_in_parts_and_goes_on(url: str, django_db_blocker: Any, tmp_path: Path) -> None:
    made = run(url, "prepare_real", crowd=3, months=MONTHS)
    with inside(url, django_db_blocker):
        tick(system_now() - timedelta(days=60))
        before, keys = rows(), indexes()
    said = Shell(tmp_path, url)("partition")
    with inside(url, django_db_blocker):
        assert all(is_parted(one.table) and one.table in said for one in TABLES)
        assert rows() == before and set(indexes()) == set(keys)
        changed = {name: text for name, text in indexes().items() if text != keys[name]}
        assert set(changed) == {f"{one.table}_pkey" for one in TABLES}
        for one in TABLES:
            assert changed[f"{one.table}_pkey"].endswith(f", {one.column})")
            assert others(one) == 0, "every row is in its month"
        tick(system_now())
        everything_is_billed_once(made["accounts"])
        partition(system_now())  # again: nothing is missing
        assert all(others(one) == 0 for one in TABLES)


def others(one: Parted) -> int:
    """How many rows are in no month's part."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {one.table}_other")
        return int(cursor.fetchone()[0])


def test_the_database_forbids_what_it_forbade(url: str, django_db_blocker: Any) -> None:
    run(url, "prepare", cast=["linde"])
    with inside(url, django_db_blocker):
        partition(system_now(), since=date(2026, 1, 1))
        line, document = Line.objects.get(), Document.objects.get()
        with pytest.raises(IntegrityError, match="subscription_id_period_st_key"), transaction.atomic():
            copied("invoicing_line", id=line.id + 1000)
        with pytest.raises(IntegrityError, match="due_not_negative"), transaction.atomic():
            copied("invoicing_document", id=document.id + 1000, due_minor=-1)
        with pytest.raises(IntegrityError, match="pkey"), transaction.atomic():
            copied("journal_event")
        # What it forbids within a month only, the proof of the books finds.
        copied("journal_event", at=document.issued_at + timedelta(days=40))
        assert Event.objects.count() > 1 and not verify().ok


def copied(table: str, **changed: Any) -> None:
    """Insert the table's only row again, with something changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 1")
        names = [column.name for column in cursor.description]
        chosen = ", ".join("%s" if name in changed else f'"{name}"' for name in names)
        values = [changed[name] for name in names if name in changed]
        cursor.execute(f"INSERT INTO {table} SELECT {chosen} FROM {table} LIMIT 1", values)


def test_months_to_come_are_made_and_take_what_is_there(url: str, django_db_blocker: Any) -> None:
    made = run(url, "prepare", cast=["linde"])
    with inside(url, django_db_blocker):
        partition(datetime(2020, 1, 1, tzinfo=UTC))
        assert made["accounts"] and all(others(one) > 0 for one in TABLES)
        partitioning._look.cache_clear()
        for one in TABLES:
            add_parts(one, date(2026, 1, 1), date(2026, 12, 1))
        assert all(others(one) == 0 for one in TABLES) and verify().ok
        keep_ahead(LATER)
        keep_ahead(LATER)
        names = [f"{one.table}_2041_06" in parts(one.table) for one in TABLES]
        assert all(names) and last_month(LATER) == date(2041, 6, 1) and month_of(LATER) == date(2040, 6, 1)


def test_a_table_whose_keys_do_not_allow_it_is_left_alone(url: str, django_db_blocker: Any) -> None:
    with inside(url, django_db_blocker), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id bigint PRIMARY KEY, name text UNIQUE, at date)")
        with pytest.raises(CannotPart, match="kept_name_key does not hold at"):
            make_parts(Parted("kept", "at"), date(2026, 1, 1), date(2026, 2, 1))
        cursor.execute("SELECT count(*) FROM kept")
        assert not is_parted("kept")
        assert not is_parted("nowhere")


def test_months_follow_each_other() -> None:
    found = list(months(date(2025, 11, 17), date(2026, 2, 1)))
    assert found == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert list(months(date(2026, 3, 1), date(2026, 2, 1))) == []

