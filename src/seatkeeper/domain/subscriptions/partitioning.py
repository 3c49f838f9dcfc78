"""The tables that grow with every billing period, in one part for each month: chosen by whoever runs the installation.

Which, by what, and what is given up for it: docs/decisions/0088-parts-by-month.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from seatkeeper.kit.partitions import Parted, add_parts, first_month, following, is_parted, make_parts, parts

TABLES = (
    Parted("invoicing_document", "issued_on"),
    Parted("invoicing_line", "period_start"),
    Parted("ledger_posting", "at"),
    Parted("journal_event", "at"),
)
AHEAD_MONTHS = 12
"""For so many months to come there are parts."""


def partition(
    now: datetime, *, since: date | None = None, done: Callable[[str, int], None] | None = None
) -> None:
    """Put the tables into parts; those that are already get the months that are missing. done: told of each table.

    since: the first month; None: that of the oldest row.
    """
    for one in TABLES:
        if is_parted(one.table):
            add_parts(one, since or month_of(now), last_month(now))
        else:
            make_parts(one, since or first_month(one) or month_of(now), last_month(now))
        if done is not None:
            done(one.table, len(parts(one.table)))


def keep_ahead(now: datetime) -> None:
    """Make the parts of the months to come, where tables are in parts. Asked again and again, it looks once a month."""
    if connection.vendor == "postgresql":
        _look(month_of(now))


@lru_cache(maxsize=1)
def _look(month: date) -> None:
    for one in TABLES:
        if is_parted(one.table):
            add_parts(one, month, _after(month, AHEAD_MONTHS))


def month_of(now: datetime) -> date:
    """The first day of an instant's month."""
    return now.date().replace(day=1)


def last_month(now: datetime) -> date:
    """The last month for which there is a part."""
    return _after(month_of(now), AHEAD_MONTHS)


def _after(month: date, count: int) -> date:
    for _ in range(count):
        month = following(month)
    return month
