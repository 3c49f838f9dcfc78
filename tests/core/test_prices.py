"""P(q) of the four price models, and the edges at which more seats cost less (DOMAIN.md 3.3, 3.6)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatkeeper.core.catalog.prices import Price, inversions, price_from
from seatkeeper.core.invoicing.check import price_micro
from seatkeeper.core.tables import FLEXIBLE
from tests.cast import flat, graduated, micro, per_seat, plan, volume

VOLUME = volume((10, "6"), (50, "5"), (None, "4.5"))
GRADUATED = graduated((10, "6"), (50, "5"), (None, "4.5"))

TABLE = [
    (per_seat("6.00"), 0, "0"),
    (per_seat("6.00"), 1, "6"),
    (per_seat("0.000001"), 3, "0.000003"),
    (flat("49"), 1, "49"),
    (flat("49"), 300, "49"),
    (flat("49"), 0, "0"),
    (VOLUME, 1, "6"),
    (VOLUME, 10, "60"),
    (VOLUME, 11, "55"),
    (VOLUME, 50, "250"),
    (VOLUME, 51, "229.5"),
    (VOLUME, 100, "450"),
    (GRADUATED, 1, "6"),
    (GRADUATED, 10, "60"),
    (GRADUATED, 11, "65"),
    (GRADUATED, 50, "260"),
    (GRADUATED, 51, "264.5"),
]


@pytest.mark.parametrize(("price", "seats", "total"), TABLE)
def test_price_of_so_many_seats(price: Price, seats: int, total: str) -> None:
    assert price.total_micro(seats) == micro(total)
    assert price_micro(price.model, price.tiers, seats) == micro(total)


@pytest.mark.parametrize(
    ("price", "edges"),
    [
        (VOLUME, ((10, 11), (50, 51))),
        (GRADUATED, ()),
        (per_seat("6"), ()),
        (flat("6"), ()),
        (volume((10, "5"), (None, "5")), ()),
        (volume((10, "5"), (None, "6")), ()),
        (volume((1, "5"), (None, "4")), ()),
    ],
)
def test_edges_where_one_seat_more_costs_less_in_all(price: Price, edges: tuple[tuple[int, int], ...]) -> None:
    assert inversions(price) == edges


@pytest.mark.parametrize("price", [VOLUME, GRADUATED, per_seat("6.123456", "JPY"), flat("49", "USD")])
def test_a_stored_price_comes_back_as_it_was(price: Price) -> None:
    assert price_from(price.encoded()) == price


@given(
    st.sampled_from(["volume", "graduated"]),
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10**9)), min_size=1, max_size=4),
    st.integers(0, 10**9),
    st.integers(1, 300),
)
def test_prices_agree_with_the_independent_checker(
    model: str, steps: list[tuple[int, int]], last: int, seats: int
) -> None:
    tops, tiers = 0, []
    for width, one in steps:
        tops += width
        tiers.append((tops, one))
    price = Price("EUR", model, (*tiers, (None, last)))
    assert price.total_micro(seats) == price_micro(model, price.tiers, seats)


def test_the_newest_price_on_or_before_the_date_counts() -> None:
    later = [(date(2026, 7, 1), per_seat("7")), (date(2027, 1, 1), per_seat("8"))]
    sold = plan("basic-monthly", "P1M", "P1M", FLEXIBLE, per_seat("6"), per_seat("5", "USD"), later=later)
    found = [
        sold.price_on("EUR", date.fromisoformat(on)) for on in ("2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01")
    ]
    assert found == [per_seat("6"), per_seat("7"), per_seat("7"), per_seat("8")]
    assert sold.price_on("USD", date(2030, 1, 1)) == per_seat("5", "USD")
    assert sold.price_on("EUR", date(2019, 12, 31)) is None
    assert sold.price_on("GBP", date(2026, 1, 1)) is None
