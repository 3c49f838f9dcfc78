"""Kinds of dates and times, in ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from seatkeeper.interfaces.files.kinds import Reading
from seatkeeper.interfaces.files.nodes import LIST, MAPPING, NULL, Node

FIRST_YEAR, LAST_YEAR = 1990, 2150
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?\Z", re.ASCII
)


@dataclass(frozen=True)
class Day:
    """A date of the calendar, as 2026-03-01."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind in (LIST, MAPPING, NULL) or not _DAY.match(node.value):
            return reading.wrong(node, f"this must be a date such as 2026-03-01, not {node.described()}")
        found = day(node.value)
        if found is None:
            return reading.wrong(node, f"{node.value} does not exist in the calendar")
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            return reading.wrong(node, f"{node.value} is out of range: {FIRST_YEAR} to {LAST_YEAR}")
        return found

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


def day(text: str) -> date | None:
    """The date that a text of the form 2026-03-01 names; None where the calendar has none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Moment:
    """A local time, a bare date (its start) or a time with an offset; kept as written until the zone is known."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A date or a datetime, with or without offset."""
        if node.kind in (LIST, MAPPING, NULL) or not (_MOMENT.match(node.value) or _DAY.match(node.value)):
            return reading.wrong(
                node, f"this must be a time such as 2026-03-01T09:00, or a date, not {node.described()}"
            )
        found: date | datetime | None
        if _DAY.match(node.value):
            found = day(node.value)
        else:
            try:
                found = datetime.fromisoformat(node.value)
            except ValueError:
                found = None
        if found is None:
            return reading.wrong(node, f"{node.value} does not exist in the calendar")
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            return reading.wrong(node, f"{node.value} is out of range: {FIRST_YEAR} to {LAST_YEAR}")
        return found

    def schema(self) -> dict[str, Any]:
        """Text in ISO 8601."""
        return {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$",
        }
