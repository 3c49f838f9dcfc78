"""Files that name users: the column with addresses, keys or names is found, whatever the file's habits."""

from __future__ import annotations

import csv
import io

LARGEST = 2_000_000
"""Bytes; ten times what 10,000 users take."""
MOST_ROWS = 20_000
SEPARATORS = ";,\t"
HEADS = {
    "email": ("email", "e-mail", "mail", "e-mail address", "email address", "e-mailadres", "emailadres", "upn"),
    "key": ("key", "user", "username", "user name", "id", "sleutel", "gebruiker", "gebruikersnaam"),
    "name": ("name", "naam", "display name", "full name", "weergavenaam", "volledige naam"),
}
"""What a column's head may say, in the order in which columns are chosen."""


class UnreadablePeople(Exception):
    """The file cannot be read. code: too_large, too_many, binary, empty or no_column."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_people(data: bytes) -> tuple[str, ...]:
    """The users that a CSV file names, one a row: by address where there is such a column, else by key or name.

    UTF-8 with or without a mark at its beginning; columns divided by semicolons, commas or tabs; cells may be quoted.
    """
    if len(data) > LARGEST:
        raise UnreadablePeople("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadablePeople("binary") from None
    if "\0" in text:
        raise UnreadablePeople("binary")
    rows = _rows(text)
    if not rows:
        raise UnreadablePeople("empty")
    if len(rows) > MOST_ROWS + 1:
        raise UnreadablePeople("too_many")
    column, first = _column(rows)
    found = (row[column].strip() for row in rows[first:] if len(row) > column)
    people = tuple(cell for cell in found if cell)
    if not people:
        raise UnreadablePeople("empty")
    return people


def _rows(text: str) -> list[list[str]]:
    """The rows that are not empty, divided as the first of them is."""
    beginning = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=beginning.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, strict=False))
    except csv.Error:
        raise UnreadablePeople("binary") from None
    return [row for row in rows if any(cell.strip() for cell in row)]


def _column(rows: list[list[str]]) -> tuple[int, int]:
    """(index of the column, index of the first row that names somebody)."""
    heads = [cell.strip().lower() for cell in rows[0]]
    for names in HEADS.values():
        for index, head in enumerate(heads):
            if head in names:
                return index, 1
    width = max(len(row) for row in rows)
    addresses = [sum("@" in row[index] for row in rows if index < len(row)) for index in range(width)]
    best = max(range(width), key=addresses.__getitem__)
    if addresses[best] * 2 >= len(rows):
        return best, 0 if "@" in (rows[0][best] if best < len(rows[0]) else "") else 1
    if width == 1:
        return 0, 0
    raise UnreadablePeople("no_column")
