"""Money as whole minor units of an ISO 4217 currency, and the two roundings that exist (DOMAIN.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MICRO = 1_000_000
"""Prices are counted in millionths of the currency's main unit: up to 6 decimal places, exactly."""

_ZERO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_TWO_DECIMALS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG"
)

DECIMALS: dict[str, int] = {
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_ZERO_DECIMALS.split(), 0),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
}
"""Minor-unit digits of every currency the product knows (ISO 4217)."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units of one currency; may be negative. Adding two currencies is a mistake."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        assert self.currency == other.currency, "amounts of two currencies cannot be added"
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + Money(-other.minor, other.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __str__(self) -> str:
        return plain(self.minor, self.currency)


def plain(minor: int, currency: str) -> str:
    """Write minor units as a plain decimal string with the currency's places: 1050 EUR is "10.50"."""
    decimals = DECIMALS[currency]
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def minor_from_text(text: str, currency: str) -> int:
    """Read a plain decimal string as minor units. Raises ValueError when it is no number or has too many places."""
    return _scaled(text, DECIMALS[currency])


def micro_from_text(text: str) -> int:
    """Read a price of up to 6 decimal places as micro units. Raises ValueError otherwise or when it is negative."""
    value = _scaled(text, 6)
    if value < 0:
        raise ValueError(f"a price cannot be negative: {text!r}")
    return value


def _scaled(text: str, places: int) -> int:
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        raise ValueError(f"not a number: {text!r}") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 13:
        raise ValueError(f"not an amount: {text!r}")
    scaled = value.scaleb(places)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"more than {places} decimal places: {text!r}")
    return int(scaled)


def round_half_away(numerator: int, denominator: int) -> int:
    """Round the exact quotient to a whole number, half away from zero (DOMAIN.md 3.2). The denominator is positive."""
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


_POWERS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


def micro_per_minor(currency: str) -> int:
    """How many micro units make one minor unit: 10 000 for EUR, 1 000 000 for JPY."""
    return _POWERS[6 - DECIMALS[currency]]
