"""VAT category by the two countries, and the tax of a document (DOMAIN.md 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from seatkeeper.core.decision import Line, VatSum
from seatkeeper.core.money import round_half_away
from seatkeeper.core.state import AccountState
from seatkeeper.core.tax.rates import EU, standard_rate

STANDARD = "S"
REVERSE_CHARGE = "AE"
EXEMPT = "E"
OUTSIDE = "O"


def treatment(state: AccountState, issued_on: date) -> tuple[str, str]:
    """The (category, rate) of a charge to this account on a document of that date of issue (DOMAIN.md 4.2)."""
    seller, buyer = state.seller.country, state.country
    if state.exempt:
        return EXEMPT, "0"
    if buyer == seller:
        return STANDARD, standard_rate(buyer, issued_on)
    if buyer not in EU or seller not in EU:
        return OUTSIDE, "0"
    if state.vat_id and state.vat_confirmed:
        return REVERSE_CHARGE, "0"
    return STANDARD, standard_rate(buyer, issued_on)


@lru_cache(maxsize=256)
def _ratio(rate: str) -> tuple[int, int]:
    return (Decimal(rate) / 100).as_integer_ratio()


def tax_on(taxable_minor: int, rate: str) -> int:
    """VAT on a taxable sum, rounded half away from zero to the minor unit."""
    numerator, denominator = _ratio(rate)
    return round_half_away(taxable_minor * numerator, denominator)


def vat_sums(lines: Iterable[Line]) -> tuple[VatSum, ...]:
    """One sum for each (category, rate), in the order in which they first appear."""
    taxable: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.category, line.rate)
        taxable[key] = taxable.get(key, 0) + line.amount_minor
    return tuple(
        VatSum(category, rate, amount, tax_on(amount, rate)) for (category, rate), amount in taxable.items()
    )
