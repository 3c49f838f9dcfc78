"""Revenue by day: a line's amount over its service period, in whole minor units that add up exactly (DOMAIN.md 9.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from seatkeeper.core.money import round_half_away


class Service(NamedTuple):
    """What a document's line is for: [start, end), its net amount (negative: a credit), and the day of its issue."""

    start: date
    end: date
    amount_minor: int
    issued_on: date


def recognised_minor(service: Service, through: date) -> int:
    """What is recognised by the end of a day: nothing before the issue, the days gone by at once on it.

    Cumulative sums are rounded, and a day is the difference of two of them, so that all days add up to the amount.
    """
    if through < service.issued_on or through < service.start:
        return 0
    days = (service.end - service.start).days
    gone = (through - service.start).days + 1
    if gone >= days:
        return service.amount_minor
    return round_half_away(service.amount_minor * gone, days)


def by_day(service: Service) -> Iterator[tuple[date, int]]:
    """Each day on which something is recognised, with how much."""
    day, before = max(service.issued_on, service.start), 0
    while before != service.amount_minor or day < service.end:
        now = recognised_minor(service, day)
        if now != before:
            yield day, now - before
        if now == service.amount_minor and day >= service.end - timedelta(days=1):
            return
        before, day = now, day + timedelta(days=1)
