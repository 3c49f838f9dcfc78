"""Minor units, plain text, and the one rounding."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatkeeper.core.invoicing.check import rounded
from seatkeeper.core.money import Money, micro_from_text, micro_per_minor, minor_from_text, plain, round_half_away

ROUNDINGS = [
    (0, 1, 0),
    (1, 2, 1),
    (-1, 2, -1),
    (3, 2, 2),
    (-3, 2, -2),
    (5, 2, 3),
    (-5, 2, -3),
    (49, 100, 0),
    (50, 100, 1),
    (51, 100, 1),
    (-49, 100, 0),
    (-50, 100, -1),
    (-51, 100, -1),
    (2, 3, 1),
    (1, 3, 0),
    (-2, 3, -1),
    (7, 1, 7),
]


@pytest.mark.parametrize(("numerator", "denominator", "expected"), ROUNDINGS)
def test_halves_round_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert round_half_away(numerator, denominator) == expected


@given(st.integers(-(10**24), 10**24), st.integers(1, 10**12))
def test_rounding_agrees_with_the_independent_checker(numerator: int, denominator: int) -> None:
    assert round_half_away(numerator, denominator) == rounded(Fraction(numerator, denominator))


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "EUR", "0.00"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (1050, "EUR", "10.50"),
        (-13271, "EUR", "-132.71"),
        (900, "JPY", "900"),
        (-1, "JPY", "-1"),
        (1, "KWD", "0.001"),
        (123456, "KWD", "123.456"),
    ],
)
def test_amounts_are_written_with_the_currencys_places_and_read_back(minor: int, currency: str, text: str) -> None:
    assert plain(minor, currency) == text == str(Money(minor, currency))
    assert minor_from_text(text, currency) == minor


@pytest.mark.parametrize("text", ["", "ten", "1,50", "NaN", "Infinity", "-Infinity", "1e40", "1.234", "--1"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        minor_from_text(text, "EUR")


@pytest.mark.parametrize("text", ["-0.01", "0.0000001", "x"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        micro_from_text(text)


def test_a_price_has_up_to_six_places() -> None:
    assert micro_from_text("12.345678") == 12_345_678


@pytest.mark.parametrize(("currency", "micro"), [("EUR", 10_000), ("JPY", 1_000_000), ("KWD", 1_000)])
def test_micro_units_in_one_minor_unit(currency: str, micro: int) -> None:
    assert micro_per_minor(currency) == micro


def test_amounts_of_two_currencies_are_never_added() -> None:
    with pytest.raises(AssertionError):
        Money(1, "EUR") + Money(1, "USD")
