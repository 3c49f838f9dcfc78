"""The words of documents, by version of the template and language, with their numbers, sums and dates.

A version's words are files that never change once documents were issued with it: an issued document is read from its
own version for ever. So they stand apart from the words of pages, which may be bettered any day.
"""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from seatkeeper.core.money import DECIMALS
from seatkeeper.core.periods import ONE_DAY

HOME = Path(__file__).parent
LOCALES = {"en": Locale("en", "GB"), "nl": Locale("nl", "NL")}
MINUS, NO_BREAK = "\u2212", "\u00a0"
SIGNS = {"EUR": "€", "GBP": "£"}
_SLOT = re.compile(r"\{(\w+)(?::([^,}]+),([^}]+))?\}")


class Words:
    """The words of one version in one language."""

    def __init__(self, version: str, language: str) -> None:
        self.language = language
        self.locale = LOCALES[language]
        self.texts: dict[str, str] = json.loads((HOME / version / f"{language}.json").read_text("utf-8"))

    def say(self, key: str, **values: object) -> str:
        """A text with its values. {n:licence,licences} writes a number with its noun."""

        def slot(found: re.Match[str]) -> str:
            name, one, many = found.groups()
            value = values[name]
            if not isinstance(value, int):
                return str(value)
            return self.number(value) + (f"{NO_BREAK}{one if value == 1 else many}" if one else "")

        return _SLOT.sub(slot, self.texts[key])

    def number(self, value: int) -> str:
        """A whole number in the language's groups."""
        return _number(value, self.language)

    def decimal(self, text: str) -> str:
        """A plain decimal number, such as a rate, with all its places."""
        places = len(text.partition(".")[2])
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return format_decimal(Decimal(text), format=pattern, locale=self.locale)

    def money(self, minor: int, currency: str) -> str:
        """An amount in minor units."""
        places = DECIMALS[currency]
        return _money(Decimal(minor).scaleb(-places), places, places, currency, self.language)

    def price(self, micro: int, currency: str) -> str:
        """A price in micro units: as many places as it has, at least the currency's own."""
        places = DECIMALS[currency]
        return _money(Decimal(micro).scaleb(-6), places, max(places, 6), currency, self.language)

    def long_date(self, on: date) -> str:
        """15 March 2026."""
        return _date(on, "long", self.language)

    def short_date(self, on: date) -> str:
        """15 Mar 2026."""
        return _date(on, "medium", self.language)

    def span(self, start: date, end: date) -> str:
        """The first and last day of [start, end): 15 – 31 Mar 2026."""
        last = end - ONE_DAY
        if start == last:
            return self.short_date(start)
        if (start.year, start.month) == (last.year, last.month):
            return f"{start.day}{NO_BREAK}–{NO_BREAK}{self.short_date(last)}"
        return f"{self.short_date(start)} – {self.short_date(last)}"

    def country(self, code: str) -> str:
        """A country's name."""
        return str(self.locale.territories.get(code, code))

    def join(self, parts: list[str]) -> str:
        """A, B and C."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.texts['and']} {parts[-1]}"


@lru_cache(maxsize=4096)
def _number(value: int, language: str) -> str:
    return (MINUS if value < 0 else "") + format_decimal(abs(value), locale=LOCALES[language])


@lru_cache(maxsize=8192)
def _money(amount: Decimal, least: int, most: int, currency: str, language: str) -> str:
    pattern = "#,##0" + ("." + "0" * least + "#" * (most - least) if most else "")
    digits = format_decimal(abs(amount), format=pattern, locale=LOCALES[language])
    minus = MINUS if amount < 0 else ""
    sign = SIGNS.get(currency)
    if sign is None:
        return f"{currency}{NO_BREAK}{minus}{digits}"
    return f"{sign}{NO_BREAK}{minus}{digits}" if language == "nl" else f"{minus}{sign}{digits}"


@lru_cache(maxsize=4096)
def _date(on: date, form: str, language: str) -> str:
    return format_date(on, form, locale=LOCALES[language]).replace(" ", NO_BREAK)


@lru_cache(maxsize=16)
def words(version: str, language: str) -> Words:
    """The words of a version in a language."""
    return Words(version, language)
