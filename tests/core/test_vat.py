"""VAT: the category by two countries, the rate by the document's date, rounded once a category (DOMAIN.md 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from seatkeeper.core.decision import Line
from seatkeeper.core.tax.rates import standard_rate
from seatkeeper.core.tax.vat import tax_on, treatment, vat_sums
from tests.cast import pure_state

ON = date(2026, 3, 1)
TREATMENTS = [
    ("NL", {"country": "NL"}, ("S", "21")),
    ("NL", {"country": "NL", "vat_id": "NL1", "vat_confirmed": True}, ("S", "21")),
    ("NL", {"country": "BE"}, ("S", "21")),
    ("NL", {"country": "DE"}, ("S", "19")),
    ("NL", {"country": "FI"}, ("S", "25.5")),
    ("NL", {"country": "GR"}, ("S", "24")),
    ("NL", {"country": "BE", "vat_id": "BE0403170701", "vat_confirmed": True}, ("AE", "0")),
    ("NL", {"country": "BE", "vat_id": "BE0403170701", "vat_confirmed": False}, ("S", "21")),
    ("NL", {"country": "US"}, ("O", "0")),
    ("NL", {"country": "JP"}, ("O", "0")),
    ("NL", {"country": "GB"}, ("O", "0")),
    ("NL", {"country": "NL", "exempt": True}, ("E", "0")),
    ("NL", {"country": "US", "exempt": True}, ("E", "0")),
    ("DE", {"country": "NL"}, ("S", "21")),
    ("DE", {"country": "DE"}, ("S", "19")),
]


@pytest.mark.parametrize(("seller", "buyer", "expected"), TREATMENTS)
def test_category_and_rate(seller: str, buyer: dict[str, object], expected: tuple[str, str]) -> None:
    state = pure_state(**buyer)
    state = replace(state, seller=replace(state.seller, country=seller))
    assert treatment(state, ON) == expected


@pytest.mark.parametrize(
    ("country", "on", "rate"),
    [
        ("EE", "2025-06-30", "22"),
        ("EE", "2025-07-01", "24"),
        ("RO", "2025-07-31", "19"),
        ("RO", "2025-08-01", "21"),
        ("SK", "2024-12-31", "20"),
        ("SK", "2025-01-01", "23"),
        ("FI", "2024-08-31", "24"),
        ("FI", "2024-09-01", "25.5"),
        ("LU", "2026-01-01", "17"),
        ("AT", "2026-01-01", "20"),
        ("FR", "2026-01-01", "20"),
        ("BE", "2026-01-01", "21"),
    ],
)
def test_the_rate_is_that_of_the_date(country: str, on: str, rate: str) -> None:
    assert standard_rate(country, date.fromisoformat(on)) == rate


@pytest.mark.parametrize(
    ("taxable", "rate", "vat"),
    [
        (5000, "21", 1050),
        (1, "21", 0),
        (2, "21", 0),
        (3, "21", 1),
        (50, "21", 11),
        (-50, "21", -11),
        (-5000, "21", -1050),
        (100, "25.5", 26),
        (-100, "25.5", -26),
        (98, "25.5", 25),
        (0, "21", 0),
        (999, "0", 0),
    ],
)
def test_vat_rounds_half_away_from_zero(taxable: int, rate: str, vat: int) -> None:
    assert tax_on(taxable, rate) == vat


def _line(amount: int, category: str = "S", rate: str = "21") -> Line:
    on = date(2026, 3, 1)
    return Line(1, "basic", "basic-monthly", "added", 1, on, on, on, 1, amount, category, rate, 0, 0, 1, 0, 31, ())


def test_vat_is_rounded_once_for_all_lines_of_a_category() -> None:
    """37.50 + 12.50 at 21% is 10.50; each alone would give 7.88 + 2.63."""
    (found,) = vat_sums([_line(3750), _line(1250)])
    assert (found.taxable_minor, found.vat_minor) == (5000, 1050)


def test_each_category_and_rate_has_its_own_sum() -> None:
    found = vat_sums([_line(100), _line(200, "S", "19"), _line(-50), _line(300, "AE", "0")])
    assert [(one.category, one.rate, one.taxable_minor, one.vat_minor) for one in found] == [
        ("S", "21", 50, 11),
        ("S", "19", 200, 38),
        ("AE", "0", 300, 0),
    ]
