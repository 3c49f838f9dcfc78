"""A table on PostgreSQL in one part for each month, under the name that it had (docs/operating/scale.md).

Keys of a table in parts must hold the column that parts are made by: the primary key gets it as its last column. What
comes in no month that there is a part for goes into a part for all others, so that writing never fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

OTHERS = "other"


class CannotPart(Exception):
    """The table's keys do not allow it; the message says which."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A table, and the column by whose month its rows are parted."""

    table: str
    column: str


def is_parted(table: str) -> bool:
    """Whether a table is in parts."""
    return bool(_rows("SELECT 1 FROM pg_class WHERE oid = to_regclass(%s) AND relkind = 'p'", [table]))


def parts(table: str) -> list[str]:
    """The names of its parts."""
    return [row[0] for row in _rows(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = to_regclass(%s) ORDER BY c.relname", [table],
    )]  # fmt: skip


def first_month(one: Parted) -> date | None:
    """The month of its oldest row."""
    [[found]] = _rows(f"SELECT (date_trunc('month', min({one.column})))::date FROM {one.table}")
    return found if isinstance(found, date) else None


def make_parts(one: Parted, first: date, last: date) -> None:
    """Put a whole table into parts, from month to month, in one transaction; who uses it waits meanwhile."""
    with transaction.atomic():
        _do("SET LOCAL lock_timeout = '10s'")
        _do("SET LOCAL timezone = 'UTC'")
        _do(f"LOCK TABLE {one.table} IN ACCESS EXCLUSIVE MODE")
        keys, indexes = _keys(one), _indexes(one.table)
        fresh = f"{one.table}__parts"
        _do(
            f"CREATE TABLE {fresh} (LIKE {one.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE) "
            f"PARTITION BY RANGE ({one.column})"
        )
        _do(f"CREATE TABLE {one.table}_{OTHERS} PARTITION OF {fresh} DEFAULT")
        for month in months(first, last):
            _do(f"CREATE TABLE {_part(one, month)} PARTITION OF {fresh} {_span(month)}")
        _do(f"INSERT INTO {fresh} SELECT * FROM {one.table}")
        _do(f"DROP TABLE {one.table}")
        _do(f"ALTER TABLE {fresh} RENAME TO {one.table}")
        for statement in [*keys, *indexes]:
            _do(statement)
    _do(f"ANALYZE {one.table}")


def add_parts(one: Parted, first: date, last: date) -> int:
    """Make the parts that are missing from month to month; how many. What lies among the others is put into them."""
    known, made = set(parts(one.table)), 0
    for month in months(first, last):
        if _part(one, month) in known:
            continue
        with transaction.atomic():
            _do("SET LOCAL lock_timeout = '5s'")
            _do("SET LOCAL timezone = 'UTC'")
            _do(f"LOCK TABLE {one.table}_{OTHERS} IN ACCESS EXCLUSIVE MODE")
            _do(f"CREATE TABLE {_part(one, month)} (LIKE {one.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
            _do(
                f"WITH moved AS (DELETE FROM {one.table}_{OTHERS} WHERE {one.column} >= '{month}' "
                f"AND {one.column} < '{following(month)}' RETURNING *) "
                f"INSERT INTO {_part(one, month)} SELECT * FROM moved"
            )
            _do(f"ALTER TABLE {one.table} ATTACH PARTITION {_part(one, month)} {_span(month)}")
        made += 1
    return made


def months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one to another, both included."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = following(month)


def following(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _part(one: Parted, month: date) -> str:
    return f"{one.table}_{month:%Y_%m}"


def _span(month: date) -> str:
    """From the month's first instant, of UTC where the column holds instants, to the next one's."""
    return f"FOR VALUES FROM ('{month}') TO ('{following(month)}')"


def _keys(one: Parted) -> list[str]:
    """The statements that make its primary and unique keys anew, with the column that parts are made by in them."""
    found = []
    for name, kind, columns in _rows(
        "SELECT c.conname, c.contype::text, array_agg(a.attname::text ORDER BY k.place) FROM pg_constraint c "
        "CROSS JOIN unnest(c.conkey) WITH ORDINALITY AS k(number, place) "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number "
        "WHERE c.conrelid = to_regclass(%s) AND c.contype IN ('p', 'u') GROUP BY c.conname, c.contype ORDER BY 2, 1",
        [one.table],
    ):
        if one.column not in columns and kind == "u":
            raise CannotPart(f"{one.table}: the unique key {name} does not hold {one.column}")
        held = columns if one.column in columns else [*columns, one.column]
        what = "PRIMARY KEY" if kind == "p" else "UNIQUE"
        found.append(f"ALTER TABLE {one.table} ADD CONSTRAINT {name} {what} ({', '.join(held)})")
    return found


def _indexes(table: str) -> list[str]:
    """The statements that make its other indexes anew."""
    return [row[0] for row in _rows(
        "SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE i.indrelid = to_regclass(%s) "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u')) "
        "ORDER BY 1", [table],
    )]  # fmt: skip


def _do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
