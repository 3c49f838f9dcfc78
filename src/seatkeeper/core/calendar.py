"""From instants to billing dates and back, by IANA time zone (DOMAIN.md 2.1)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises KeyError (ZoneInfoNotFoundError) for a name that is none."""
    return ZoneInfo(name)


def local_date(instant: datetime, zone_name: str) -> date:
    """The calendar date of an instant in a zone."""
    return instant.astimezone(zone(zone_name)).date()


@lru_cache(maxsize=65536)
def first_instant(on: date, zone_name: str) -> datetime:
    """The first instant of a date in a zone, in UTC; where midnight is skipped, the instant of the skip itself."""
    return datetime(on.year, on.month, on.day, tzinfo=zone(zone_name)).astimezone(UTC)
