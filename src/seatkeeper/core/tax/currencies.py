"""The currency of a country, in which its tax office wants VAT, and turning a sum into it (VAT Directive, art. 230)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from seatkeeper.core.money import DECIMALS, round_half_away

_EURO = "AT BE CY DE EE ES FI FR GR IE IT LT LU LV MT NL PT SI SK".split()
_OWN = {
    "BG": "BGN", "CH": "CHF", "CZ": "CZK", "DK": "DKK", "GB": "GBP", "HR": "HRK", "HU": "HUF", "NO": "NOK",
    "PL": "PLN", "RO": "RON", "SE": "SEK",
}  # fmt: skip
EURO_SINCE: dict[str, date] = {**dict.fromkeys(_EURO, date(2015, 1, 1)), "HR": date(2023, 1, 1), "BG": date(2026, 1, 1)}
"""Countries of the euro with the day from which it is theirs; the earliest day stands for all before it."""


def national_currency(country: str, on: date) -> str | None:
    """The currency of a country whose VAT is known here, on a date; None for any other country."""
    since = EURO_SINCE.get(country)
    if since is not None and (on >= since or country not in _OWN):
        return "EUR"
    return _OWN.get(country)


def converted(minor: int, *, per_euro: str, currency: str, into_per_euro: str, into: str) -> int:
    """Minor units of one currency in another's, by two rates per euro; rounded once, half away from zero."""
    exact = Fraction(minor, 10 ** DECIMALS[currency]) / Fraction(per_euro) * Fraction(into_per_euro)
    scaled = exact * 10 ** DECIMALS[into]
    return round_half_away(scaled.numerator, scaled.denominator)
