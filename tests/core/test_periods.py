"""Boundaries counted from the anchor: the day clamps to the month, and comes back (DOMAIN.md 2.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatkeeper.core.calendar import first_instant, local_date
from seatkeeper.core.periods import MONTHS, boundary, days_between, period_holding

JANUARY_31 = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"]
LEAP_JANUARY_31 = ["2028-01-31", "2028-02-29", "2028-03-31"]
FEBRUARY_29_YEARLY = ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]
AUGUST_30_QUARTERLY = ["2025-08-30", "2025-11-30", "2026-02-28", "2026-05-30", "2026-08-30"]
FEBRUARY_29_THREE_YEARLY = ["2024-02-29", "2027-02-28", "2030-02-28", "2033-02-28", "2036-02-29"]


@pytest.mark.parametrize(
    ("months", "dates"),
    [
        (1, JANUARY_31),
        (1, LEAP_JANUARY_31),
        (12, FEBRUARY_29_YEARLY),
        (3, AUGUST_30_QUARTERLY),
        (36, FEBRUARY_29_THREE_YEARLY),
    ],
)
def test_boundaries_come_from_the_anchor_and_never_drift(months: int, dates: list[str]) -> None:
    anchor = date.fromisoformat(dates[0])
    assert [boundary(anchor, months * n).isoformat() for n in range(len(dates))] == dates


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.sampled_from(sorted(MONTHS.values())),
    st.integers(0, 20_000),
)
def test_periods_of_one_anchor_tile_time(anchor: date, months: int, days: int) -> None:
    on = anchor + timedelta(days=days)
    start, end = period_holding(anchor, months, on)
    assert start <= on < end
    assert period_holding(anchor, months, end)[0] == end
    assert period_holding(anchor, months, start) == (start, end)
    if start > anchor:
        assert period_holding(anchor, months, start - timedelta(days=1))[1] == start


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("2026-03-01", "2026-04-01", 31), ("2024-02-29", "2025-02-28", 365), ("2027-02-28", "2028-02-29", 366)],
)
def test_spans_are_half_open_and_count_whole_days(start: str, end: str, days: int) -> None:
    assert days_between(date.fromisoformat(start), date.fromisoformat(end)) == days


@pytest.mark.parametrize(
    ("on", "zone", "instant"),
    [
        ("2026-03-29", "Europe/Amsterdam", "2026-03-28T23:00:00+00:00"),  # the clock goes forward on that day
        ("2026-03-30", "Europe/Amsterdam", "2026-03-29T22:00:00+00:00"),
        ("2026-10-25", "Europe/Amsterdam", "2026-10-24T22:00:00+00:00"),
        ("2026-10-26", "Europe/Amsterdam", "2026-10-25T23:00:00+00:00"),
        ("2026-01-01", "Asia/Tokyo", "2025-12-31T15:00:00+00:00"),
        ("2026-01-01", "America/Los_Angeles", "2026-01-01T08:00:00+00:00"),
    ],
)
def test_a_date_begins_at_its_first_instant_in_the_zone(on: str, zone: str, instant: str) -> None:
    found = first_instant(date.fromisoformat(on), zone)
    assert found.isoformat() == instant
    assert local_date(found, zone).isoformat() == on
    assert local_date(found - timedelta(microseconds=1), zone) == date.fromisoformat(on) - timedelta(days=1)


def test_where_midnight_is_skipped_the_date_begins_at_the_skip() -> None:
    found = first_instant(date(2026, 4, 24), "Africa/Cairo")  # 24 April 2026: midnight becomes one o'clock
    assert local_date(found, "Africa/Cairo") == date(2026, 4, 24)
    assert local_date(found - timedelta(microseconds=1), "Africa/Cairo") == date(2026, 4, 23)
