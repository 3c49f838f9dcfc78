"""Calendar months counted from an anchor (DOMAIN.md 2). Spans are half-open, [start, end), in whole days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

MONTHS: dict[str, int] = {"P1M": 1, "P3M": 3, "P1Y": 12, "P3Y": 36}
"""Length in months of every interval a plan may have."""

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=16_384)
def boundary(anchor: date, months: int) -> date:
    """The anchor plus so many months, its day clamped to the month's length: 31 Jan gives 28 Feb, then 31 Mar.

    Remembered, as a run asks for the same few boundaries of the same few anchors again and again.
    """
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    month += 1
    day = anchor.day
    return date(year, month, day if day <= 28 else min(day, monthrange(year, month)[1]))


def months_between(anchor: date, on: date) -> int:
    """How many months after the anchor's month `on` lies; exact where `on` is a boundary of that anchor."""
    return (on.year - anchor.year) * 12 + on.month - anchor.month


def period_holding(anchor: date, months: int, on: date) -> tuple[date, date]:
    """The span of `months` months, counted from the anchor, that holds the date `on`."""
    index = months_between(anchor, on) // months
    start = boundary(anchor, index * months)
    if start > on:
        index -= 1
        start = boundary(anchor, index * months)
    end = boundary(anchor, (index + 1) * months)
    assert start <= on < end, "periods tile"
    return start, end


def days_between(start: date, end: date) -> int:
    """Whole days in [start, end)."""
    return end.toordinal() - start.toordinal()
