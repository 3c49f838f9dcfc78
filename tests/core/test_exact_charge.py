"""The exact charge of a billing period: the dearest holding of each day, in whatever order (DOMAIN.md 3.4)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.invoicing.exact import change_by_person, change_by_run, exact_micro_days
from seatkeeper.core.state import Stretch
from tests.cast import micro, per_seat, volume

START, END = date(2026, 3, 1), date(2026, 4, 1)
SIX, TWENTY = per_seat("6"), per_seat("20")
EDGE = volume((10, "6"), (None, "5"))
Change = tuple[str, int]


def held_from_start(seats: int, price: Price = SIX) -> tuple[Stretch, ...]:
    return (Stretch(START, "basic", price, seats),)


@pytest.mark.parametrize(
    ("changes", "seat_days", "first_day"),
    [
        ([("2026-03-10", 12)], 9 * 10 + 22 * 12, "2026-03-10"),  # an addition counts from today
        ([("2026-03-10", 8)], 10 * 10 + 21 * 8, "2026-03-11"),  # a reduction from tomorrow
        ([("2026-03-31", 8)], 31 * 10, "2026-04-01"),  # the last day is still charged
        ([("2026-03-31", 12)], 30 * 10 + 12, "2026-03-31"),
        ([("2026-03-01", 12)], 31 * 12, "2026-03-01"),
        ([("2026-03-10", 12), ("2026-03-10", 10)], 9 * 10 + 12 + 21 * 10, "2026-03-11"),  # up and down on one day
        ([("2026-03-10", 8), ("2026-03-10", 10)], 31 * 10, "2026-03-11"),  # down and up: nothing changed
        ([("2026-03-10", 8), ("2026-03-10", 9)], 10 * 10 + 21 * 9, "2026-03-11"),
        ([("2026-03-10", 8), ("2026-03-11", 9)], 10 * 10 + 21 * 9, "2026-03-11"),
    ],
)
def test_a_day_counts_its_dearest_holding(changes: list[Change], seat_days: int, first_day: str) -> None:
    stretches, first = held_from_start(10), START
    for day, seats in changes:
        stretches, first = change_by_person(stretches, date.fromisoformat(day), END, "basic", SIX, seats)
    assert exact_micro_days(stretches, END) == seat_days * micro("6")
    assert first == date.fromisoformat(first_day)


def test_what_the_run_changes_counts_from_its_first_instant() -> None:
    stretches = change_by_run(held_from_start(10), date(2026, 3, 10), None, None, 0)
    assert exact_micro_days(stretches, END) == 9 * 10 * micro("6")


def test_a_dearer_reduction_counts_today() -> None:
    """11 seats at 5 cost 55; 10 at 6 cost 60: the direction of money decides the day (DOMAIN.md 3.6)."""
    stretches, first = change_by_person(held_from_start(11, EDGE), date(2026, 3, 10), END, "basic", EDGE, 10)
    assert (first, exact_micro_days(stretches, END)) == (date(2026, 3, 10), 9 * micro("55") + 22 * micro("60"))


def test_only_one_plans_days_can_be_counted() -> None:
    stretches, _ = change_by_person(held_from_start(10), date(2026, 3, 10), END, "premium", TWENTY, 10)
    assert exact_micro_days(stretches, END, "basic") == 9 * micro("60")
    assert exact_micro_days(stretches, END, "premium") == 22 * micro("200")


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20), st.sampled_from([SIX, TWENTY, EDGE])), max_size=12),
    st.integers(1, 20),
)
def test_stretches_agree_with_counting_day_by_day(changes: list[tuple[int, int, Price]], seats: int) -> None:
    """The definition itself: for each day the largest P(q) held at any moment of it."""
    ordered = sorted(changes, key=lambda change: change[0])
    stretches = held_from_start(seats)
    holding = micro("6") * seats
    held: dict[int, list[int]] = {0: [holding]}
    for offset, number, price in ordered:
        price_or_none = price if number else None
        stretches, _ = change_by_person(
            stretches, START + timedelta(days=offset), END, "basic" if number else None, price_or_none, number
        )
        held.setdefault(offset, [holding])
        holding = price.total_micro(number) if number else 0
        held[offset].append(holding)
    total, now = Fraction(0), micro("6") * seats
    for offset in range((END - START).days):
        total += max(held.get(offset, [now]))
        now = held[offset][-1] if offset in held else now
    assert exact_micro_days(stretches, END) == total
