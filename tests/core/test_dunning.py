"""When a document's next dunning step is due: by the table, at most one a day (DOMAIN.md 8.4, 9.5)."""

from __future__ import annotations

from datetime import date

import pytest

from seatkeeper.core.settle import dunning_due_on
from seatkeeper.core.state import OpenDocument
from seatkeeper.core.tables import DUNNING, TRY

DUE = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("done", "last", "next_on"),
    [
        (0, None, "2026-03-04"),
        (1, "2026-03-04", "2026-03-08"),
        (2, "2026-03-08", "2026-03-15"),
        (3, "2026-03-15", "2026-03-22"),
        (4, "2026-03-22", "2026-03-31"),
        (5, "2026-03-31", None),
        (1, "2026-04-20", "2026-04-21"),
        (4, "2026-04-23", "2026-04-24"),  # after a standstill: one step a day
    ],
)
def test_next_step(done: int, last: str | None, next_on: str | None) -> None:
    found = dunning_due_on(DUNNING, DUE, done, date.fromisoformat(last) if last else None)
    assert (found.isoformat() if found else None) == next_on


def test_the_table_is_four_tries_and_a_consequence() -> None:
    assert [(days, what == TRY) for days, what in DUNNING] == [
        (3, True),
        (7, True),
        (14, True),
        (21, True),
        (30, False),
    ]


@pytest.mark.parametrize(
    ("due_minor", "overdue_from", "on", "overdue"),
    [
        (100, None, "2026-03-01", False),
        (100, None, "2026-03-02", True),  # by transfer: the day after the due date
        (100, "2026-03-01", "2026-03-01", True),
        (100, "2026-03-05", "2026-03-01", False),
        (0, "2026-03-01", "2026-04-01", False),
    ],
)
def test_overdue(due_minor: int, overdue_from: str | None, on: str, overdue: bool) -> None:
    since = date.fromisoformat(overdue_from) if overdue_from else None
    document = OpenDocument(1, "INV-2026-000001", DUE, DUE, 100, due_minor, 1, frozenset(), since)
    assert document.overdue(date.fromisoformat(on)) is overdue
