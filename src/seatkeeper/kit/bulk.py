"""Reading and writing many rows at once, by SQL that is built once: COPY on PostgreSQL, executemany on SQLite.

Values are Python's own (date, aware datetime, int, str, bool, None; JSON columns as lists and dicts); columns are
the model's attribute names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models

Row = Sequence[Any]
COPY_FROM_ROWS = 8
"""From so many rows on COPY is quicker than single INSERT statements."""


def _json_text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, separators=(",", ":"))


def _sqlite_instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def _sqlite_date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _json_value(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


def _decoded(row: tuple[Any, ...], decoders: list[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for index, decoder in decoders:
        values[index] = decoder(values[index])
    return tuple(values)


class Table:
    """One model's table, ready for bulk writes on the connection's database."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = model._meta.db_table
        self._selects: dict[tuple[Any, ...], tuple[str, list[tuple[int, Callable[[Any], Any]]]]] = {}
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
        if not ids:
            return []
        postgres = connection.vendor == "postgresql"
        form = (connection.vendor, tuple(columns), key, where, order, lock, 0 if postgres else len(ids))
        if form not in self._selects:
            self._selects[form] = self._build_select(columns, len(ids), key, where, order, lock and postgres)
        statement, decoders = self._selects[form]
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(ids), *parameters] if postgres else [*ids, *parameters])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_decoded(row, decoders) for row in rows] if decoders else rows

    def find(self, columns: Sequence[str], where: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Rows by a condition of one's own, with ORDER BY and LIMIT where wanted, decoded to Python's values."""
        form = (connection.vendor, tuple(columns), "", where, "", False, -1)
        if form not in self._selects:
            self._selects[form] = self._statement(columns, where)
        statement, decoders = self._selects[form]
        with connection.cursor() as cursor:
            cursor.execute(statement, list(parameters))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_decoded(row, decoders) for row in rows] if decoders else rows

    def _build_select(
        self, columns: Sequence[str], count: int, key: str, where: str, order: str, lock: bool
    ) -> tuple[str, list[tuple[int, Callable[[Any], Any]]]]:
        postgres = connection.vendor == "postgresql"
        chosen = "= ANY(%s)" if postgres else f"IN ({', '.join(['%s'] * count)})"
        ending = (f" ORDER BY {order}" if order else "") + (" FOR UPDATE" if lock else "")
        return self._statement(columns, f'"{key}" {chosen} {where}{ending}')

    def _statement(
        self, columns: Sequence[str], where: str
    ) -> tuple[str, list[tuple[int, Callable[[Any], Any]]]]:
        postgres = connection.vendor == "postgresql"
        names = ", ".join(f'"{self.fields[column].column}"' for column in columns)
        statement = f'SELECT {names} FROM "{self.name}" WHERE {where}'
        decoders: list[tuple[int, Callable[[Any], Any]]] = []
        for index, column in enumerate(columns):
            field = self.fields[column]
            if isinstance(field, models.JSONField):
                decoders.append((index, _json_value))
            elif isinstance(field, models.DateTimeField) and not postgres:
                decoders.append((index, _utc))
        return statement, decoders

    def _encoders(self, columns: Sequence[str]) -> list[tuple[int, Callable[[Any], Any]]]:
        """(position, encoder) of the columns whose values the driver does not take as they are."""
        sqlite = connection.vendor == "sqlite"
        found: list[tuple[int, Callable[[Any], Any]]] = []
        for index, column in enumerate(columns):
            field = self.fields[column]
            if isinstance(field, models.JSONField):
                found.append((index, _json_text))
            elif sqlite and isinstance(field, models.DateTimeField):
                found.append((index, _sqlite_instant))
            elif sqlite and isinstance(field, models.DateField):
                found.append((index, _sqlite_date))
        return found

    def encode(self, columns: Sequence[str], rows: Iterable[Row]) -> list[list[Any]]:
        """The rows as the database driver takes them."""
        encoders = self._encoders(columns)
        encoded = []
        for row in rows:
            values = list(row)
            for index, encoder in encoders:
                values[index] = encoder(values[index])
            encoded.append(values)
        return encoded

    def insert(self, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert rows; a constraint that one of them breaks raises IntegrityError and the transaction is lost."""
        if rows:
            self.insert_encoded(columns, self.encode(columns, rows))

    def insert_encoded(self, columns: Sequence[str], rows: list[list[Any]]) -> None:
        """Insert rows that `encode` made."""
        names = ", ".join(f'"{self.fields[column].column}"' for column in columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql" and len(rows) >= COPY_FROM_ROWS:
                with cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})', rows)

    def update(
        self, keys: Sequence[str], columns: Sequence[str], rows: Sequence[Row], *, adds: Sequence[str] = ()
    ) -> None:
        """Update rows found by their key columns; each row is (*key values, *new values, *values to add)."""
        if rows:
            self.update_encoded(keys, columns, self.encode([*keys, *columns, *adds], rows), adds=adds)

    def update_encoded(
        self, keys: Sequence[str], columns: Sequence[str], rows: list[list[Any]], *, adds: Sequence[str] = ()
    ) -> None:
        """Update by rows that `encode` made."""
        if connection.vendor == "postgresql" and len(rows) >= COPY_FROM_ROWS:
            self._update_from_arrays(keys, columns, rows, adds)
            return
        names = [f'"{self.fields[column].column}"' for column in columns]
        sets = ", ".join(
            [f"{name} = %s" for name in names]
            + [f'"{self.fields[column].column}" = "{self.fields[column].column}" + %s' for column in adds]
        )
        where = " AND ".join(f'"{self.fields[key].column}" = %s' for key in keys)
        count = len(keys)
        with connection.cursor() as cursor:
            cursor.executemany(
                f'UPDATE "{self.name}" SET {sets} WHERE {where}', [(*row[count:], *row[:count]) for row in rows]
            )

    def _update_from_arrays(
        self, keys: Sequence[str], columns: Sequence[str], rows: list[list[Any]], adds: Sequence[str]
    ) -> None:
        """One UPDATE joined with the rows as arrays: one statement, whatever their number."""
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
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{self.name}" t SET {sets} FROM unnest({arrays}) AS d({names}) WHERE {where}',
                [list(values) for values in zip(*rows, strict=True)],
            )

    def _array_type(self, column: str) -> str:
        kind = self.fields[column].db_type(connection) or "text"
        return "text" if kind.startswith(("varchar", "jsonb")) else kind.split(" GENERATED")[0]

    def _cast(self, column: str) -> str:
        return "::jsonb" if isinstance(self.fields[column], models.JSONField) else ""
