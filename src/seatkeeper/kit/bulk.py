"""Reading and writing many rows at once, by SQL that is built once: COPY on PostgreSQL, executemany on SQLite.

Values are Python's own (date, aware datetime, int, str, bool, None; JSON columns as lists and dicts); columns are
the model's attribute names.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from seatkeeper.kit.compact import compact_encoder

Row = Sequence[Any]
Coder = tuple[int, Callable[[Any], Any]]
"""A column's position and the function that each of its values goes through."""

COPY_FROM_ROWS = 8
"""From so many rows on COPY is quicker than single INSERT statements."""

_encode = compact_encoder(ascii_only=True)
_TRUTH = {None: None, 0: False, 1: True}


def _json_text(value: Any) -> str | None:
    return None if value is None else _encode(value)


# A batch holds the same few dates and instants thousands of times: hence the caches.


@lru_cache(maxsize=16384)
def _sqlite_instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


@lru_cache(maxsize=16384)
def _sqlite_date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _json_value(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


@lru_cache(maxsize=16384)
def _instant_in(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


@lru_cache(maxsize=16384)
def _date_in(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def instant(value: Any) -> datetime | None:
    """An instant that a statement of one's own answered, whichever way the database gives it."""
    return _instant_in(value) if isinstance(value, str) else value


def _coded(rows: Sequence[Row], coders: Sequence[Coder]) -> list[tuple[Any, ...]]:
    """The rows with some columns recoded: column by column, so that no Python code runs for each value."""
    if not rows or not coders:
        return [tuple(row) for row in rows]
    columns: list[Any] = list(zip(*rows, strict=True))
    for index, coder in coders:
        columns[index] = map(coder, columns[index])
    return list(zip(*columns, strict=True))


@contextmanager
def batch_memory() -> Iterator[None]:
    """Leave the search for reference cycles until the block's end.

    A batch makes tens of thousands of values at once and none of them in cycles, so that searching finds nothing.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


class Table:
    """One model's table, ready for bulk writes on the connection's database."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = model._meta.db_table
        self._selects: dict[tuple[Any, ...], tuple[str, list[Coder]]] = {}
        self._encoders: dict[tuple[Any, ...], list[Coder]] = {}
        self.fields = {
            field.attname: field for field in model._meta.local_fields if getattr(field, "column", None) is not None
        }

    def select(
        self, columns: Sequence[str], ids: Sequence[Any], *, key: str = "account_id", where: str = "", order: str = "",
        parameters: Sequence[Any] = (), lock: bool = False,
    ) -> list[tuple[Any, ...]]:
        """Rows of the accounts (or other `key`) in `ids`, decoded to Python's values.

        where: further conditions beginning with AND, with %s for `parameters`. lock: until the transaction's end,
        on PostgreSQL; on SQLite the immediate transaction is the lock.
        """
        on = connections[DEFAULT_DB_ALIAS]
        if not ids:
            return []
        postgres = on.vendor == "postgresql"
        form = (on.vendor, tuple(columns), key, where, order, lock, 0 if postgres else len(ids))
        if form not in self._selects:
            self._selects[form] = self._build_select(columns, len(ids), key, where, order, lock and postgres)
        statement, decoders = self._selects[form]
        with on.cursor() as cursor:
            cursor.execute(statement, [list(ids), *parameters] if postgres else [*ids, *parameters])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return _coded(rows, decoders) if decoders else rows

    def find(self, columns: Sequence[str], where: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Rows by a condition of one's own, with ORDER BY and LIMIT where wanted, decoded to Python's values."""
        on = connections[DEFAULT_DB_ALIAS]
        form = (on.vendor, tuple(columns), "", where, "", False, -1)
        if form not in self._selects:
            self._selects[form] = self._statement(columns, where)
        statement, decoders = self._selects[form]
        with on.cursor() as cursor:
            cursor.execute(statement, list(parameters))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return _coded(rows, decoders) if decoders else rows

    def parameter(self, column: str, value: Any) -> Any:
        """A value of a column as `find` takes it among its parameters."""
        return self.encode((column,), [(value,)])[0][0]

    def _build_select(
        self, columns: Sequence[str], count: int, key: str, where: str, order: str, lock: bool
    ) -> tuple[str, list[Coder]]:
        on = connections[DEFAULT_DB_ALIAS]
        postgres = on.vendor == "postgresql"
        chosen = "= ANY(%s)" if postgres else f"IN ({', '.join(['%s'] * count)})"
        ending = (f" ORDER BY {order}" if order else "") + (" FOR UPDATE" if lock else "")
        return self._statement(columns, f'"{key}" {chosen} {where}{ending}')

    def _statement(self, columns: Sequence[str], where: str) -> tuple[str, list[Coder]]:
        on = connections[DEFAULT_DB_ALIAS]
        sqlite = on.vendor == "sqlite"
        # SQLite: "+" makes an expression of a column, which spares the driver's own slow conversion of each value.
        mark = "+" if sqlite else ""
        names = ", ".join(f'{mark}"{self.fields[column].column}"' for column in columns)
        statement = f'SELECT {names} FROM "{self.name}" WHERE {where}'
        decoders: list[Coder] = []
        for index, column in enumerate(columns):
            field = self.fields[column]
            if isinstance(field, models.JSONField):
                decoders.append((index, _json_value))
            elif sqlite and isinstance(field, models.DateTimeField):
                decoders.append((index, _instant_in))
            elif sqlite and isinstance(field, models.DateField):
                decoders.append((index, _date_in))
            elif sqlite and isinstance(field, models.BooleanField):
                decoders.append((index, _TRUTH.__getitem__))
        return statement, decoders

    def _encoders_of(self, columns: Sequence[str]) -> list[Coder]:
        """The coders of the columns whose values the driver does not take as they are."""
        on = connections[DEFAULT_DB_ALIAS]
        sqlite = on.vendor == "sqlite"
        found: list[Coder] = []
        for index, column in enumerate(columns):
            field = self.fields[column]
            if isinstance(field, models.JSONField):
                found.append((index, _json_text))
            elif sqlite and isinstance(field, models.DateTimeField):
                found.append((index, _sqlite_instant))
            elif sqlite and isinstance(field, models.DateField):
                found.append((index, _sqlite_date))
        return found

    def encode(self, columns: Sequence[str], rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """The rows as the database driver takes them."""
        on = connections[DEFAULT_DB_ALIAS]
        form = (on.vendor, *columns)
        if form not in self._encoders:
            self._encoders[form] = self._encoders_of(columns)
        return _coded(rows, self._encoders[form])

    def insert(self, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert rows; a constraint that one of them breaks raises IntegrityError and the transaction is lost."""
        if rows:
            self.insert_encoded(columns, self.encode(columns, rows))

    def insert_encoded(self, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """Insert rows that `encode` made."""
        on = connections[DEFAULT_DB_ALIAS]
        names = ", ".join(f'"{self.fields[column].column}"' for column in columns)
        with on.cursor() as cursor:
            if on.vendor == "postgresql" and len(rows) >= COPY_FROM_ROWS:
                with cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})', rows)

    def delete(self, keys: Sequence[str], rows: Sequence[Row]) -> None:
        """Delete rows found by their key columns."""
        on = connections[DEFAULT_DB_ALIAS]
        if not rows:
            return
        where = " AND ".join(f'"{self.fields[key].column}" = %s' for key in keys)
        with on.cursor() as cursor:
            cursor.executemany(f'DELETE FROM "{self.name}" WHERE {where}', self.encode(keys, rows))

    def update(
        self, keys: Sequence[str], columns: Sequence[str], rows: Sequence[Row], *, adds: Sequence[str] = ()
    ) -> None:
        """Update rows found by their key columns; each row is (*key values, *new values, *values to add)."""
        if rows:
            self.update_encoded(keys, columns, self.encode([*keys, *columns, *adds], rows), adds=adds)

    def update_encoded(
        self, keys: Sequence[str], columns: Sequence[str], rows: list[tuple[Any, ...]], *, adds: Sequence[str] = ()
    ) -> None:
        """Update by rows that `encode` made."""
        on = connections[DEFAULT_DB_ALIAS]
        if on.vendor == "postgresql" and len(rows) >= COPY_FROM_ROWS:
            self._update_from_arrays(keys, columns, rows, adds)
            return
        names = [f'"{self.fields[column].column}"' for column in columns]
        sets = ", ".join(
            [f"{name} = %s" for name in names]
            + [f'"{self.fields[column].column}" = "{self.fields[column].column}" + %s' for column in adds]
        )
        where = " AND ".join(f'"{self.fields[key].column}" = %s' for key in keys)
        values = list(zip(*rows, strict=True))
        keys_last = list(zip(*values[len(keys):], *values[:len(keys)], strict=True))
        with on.cursor() as cursor:
            cursor.executemany(f'UPDATE "{self.name}" SET {sets} WHERE {where}', keys_last)

    def _update_from_arrays(
        self, keys: Sequence[str], columns: Sequence[str], rows: list[tuple[Any, ...]], adds: Sequence[str]
    ) -> None:
        """One UPDATE joined with the rows as arrays: one statement, whatever their number."""
        on = connections[DEFAULT_DB_ALIAS]
        every = [*keys, *columns, *adds]
        arrays = ", ".join(f"%s::{self._array_type(column)}[]" for column in every)
        names = ", ".join(f'"{self.fields[column].column}"' for column in every)
        sets = ", ".join(
            f'"{self.fields[column].column}" = d."{self.fields[column].column}"{self._cast(column)}'
            for column in columns
        )
        sets = ", ".join(filter(None, [sets, *(
            f'"{self.fields[column].column}" = t."{self.fields[column].column}" + d."{self.fields[column].column}"'
            for column in adds
        )]))
        where = " AND ".join(
            f't."{self.fields[key].column}" = d."{self.fields[key].column}"' for key in keys
        )
        with on.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{self.name}" t SET {sets} FROM unnest({arrays}) AS d({names}) WHERE {where}',
                [list(values) for values in zip(*rows, strict=True)],
            )

    def _array_type(self, column: str) -> str:
        kind = self.fields[column].db_type(connections[DEFAULT_DB_ALIAS]) or "text"
        return "text" if kind.startswith(("varchar", "jsonb")) else kind.split(" GENERATED")[0]

    def _cast(self, column: str) -> str:
        return "::jsonb" if isinstance(self.fields[column], models.JSONField) else ""
