"""Money, numbers and dates in the reader's language, by CLDR through Babel. The only place that formats them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from django.utils.translation import get_language

from seatkeeper.core.money import DECIMALS, round_half_away
from seatkeeper.core.periods import ONE_DAY

MINUS = "\u2212"
NO_BREAK = "\u00a0"
SIGNS = {"EUR": "€", "GBP": "£"}
"""Currencies whose sign means no other; the rest show their ISO code (SCREENS.md, Wording)."""


BRITISH, DUTCH = Locale("en", "GB"), Locale("nl", "NL")


def locale() -> Locale:
    """The reader's locale: British English or Dutch."""
    return DUTCH if (get_language() or "en").startswith("nl") else BRITISH


def number(value: int) -> str:
    """A whole number with the language's groups, and a real minus sign."""
    return _number(value, locale())


@lru_cache(maxsize=4096)
def _number(value: int, where: Locale) -> str:
    return (MINUS if value < 0 else "") + format_decimal(abs(value), locale=where)


def money(minor: int, currency: str) -> str:
    """An amount in minor units: €1,234.56 or € 1.234,56; USD 12.00 where the sign is not unique."""
    decimals = DECIMALS[currency]
    return _money(Decimal(minor).scaleb(-decimals), decimals, decimals, currency, locale())


def price(micro: int, currency: str) -> str:
    """A price in micro units: as many decimals as it has, at least the currency's own."""
    decimals = DECIMALS[currency]
    return _money(Decimal(micro).scaleb(-6), decimals, max(decimals, 6), currency, locale())


@lru_cache(maxsize=8192)
def _money(amount: Decimal, least: int, most: int, currency: str, where: Locale) -> str:
    pattern = "#,##0" + ("." + "0" * least + "#" * (most - least) if most else "")
    digits = format_decimal(abs(amount), format=pattern, locale=where)
    minus = MINUS if amount < 0 else ""
    sign = SIGNS.get(currency)
    if sign is None:
        return f"{currency}{NO_BREAK}{minus}{digits}"
    return f"{sign}{NO_BREAK}{minus}{digits}" if where.language == "nl" else f"{minus}{sign}{digits}"


def decimal_text(value: Decimal) -> str:
    """A plain decimal number, such as a VAT rate."""
    return format_decimal(value, locale=locale())


def long_date(on: date) -> str:
    """15 March 2026 / 15 maart 2026."""
    return _date(on, "long", locale())


def short_date(on: date) -> str:
    """15 Mar 2026 / 15 mrt 2026."""
    return _date(on, "medium", locale())


@lru_cache(maxsize=4096)
def _date(on: date, form: str, where: Locale) -> str:
    return format_date(on, form, locale=where).replace(" ", NO_BREAK)


def day_month(on: date, today: date | None = None) -> str:
    """1 Apr / 1 apr; with the year where it is not today's."""
    if today is not None and on.year != today.year:
        return short_date(on)
    return _skeleton("MMMd", on, locale()).replace(" ", NO_BREAK)


@lru_cache(maxsize=4096)
def _skeleton(pattern: str, on: date, where: Locale) -> str:
    return format_skeleton(pattern, on, locale=where)


def month_year(on: date) -> str:
    """March 2026 / maart 2026."""
    return _skeleton("yMMMM", on, locale())


def month_short(on: date) -> str:
    """Mar / mrt; January with its year, where a row of months crosses into it."""
    return _skeleton("yMMM" if on.month == 1 else "MMM", on, locale())


def round_money(minor: int, currency: str) -> str:
    """An amount in whole units, rounded half away from zero, where there is no room for more: €1,235."""
    return _money(Decimal(round_half_away(minor, 10 ** DECIMALS[currency])), 0, 0, currency, locale())


def instant(at: datetime, timezone: str) -> str:
    """22 March 2026, 14:05, in the account's zone."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{long_date(local.date())}, {format_time(local.time(), 'HH:mm', locale=locale())}"


def short_instant(at: datetime, timezone: str) -> str:
    """22 Mar 2026, 14:05, in the account's zone."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{short_date(local.date())}, {format_time(local.time(), 'HH:mm', locale=locale())}"


def time_of_day(at: datetime, timezone: str) -> str:
    """14:05, in the account's zone."""
    return format_time(at.astimezone(ZoneInfo(timezone)).time(), "HH:mm", locale=locale())


def last_day(end: date) -> date:
    """The last day of a half-open span, which is what people read."""
    return end - ONE_DAY


def span(start: date, end: date) -> str:
    """The first and last day of [start, end): 15 to 31 March 2026 / 15 tot en met 31 maart 2026."""
    last = last_day(end)
    word = "tot en met" if locale().language == "nl" else "to"
    if start == last:
        return long_date(start)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day} {word} {long_date(last)}"
    if start.year == last.year:
        first = _skeleton("MMMMd", start, locale()).replace(" ", NO_BREAK)
        return f"{first} {word} {long_date(last)}"
    return f"{long_date(start)} {word} {long_date(last)}"


def country(code: str) -> str:
    """Netherlands / Nederland."""
    return locale().territories.get(code, code)


def join(parts: list[str]) -> str:
    """A, B and C / A, B en C."""
    if len(parts) < 2:
        return "".join(parts)
    word = "en" if locale().language == "nl" else "and"
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
