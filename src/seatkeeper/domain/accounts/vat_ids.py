"""VAT ids: their form, checked without asking anybody (docs/decisions/0046-python-stdnum.md)."""

from __future__ import annotations

from types import ModuleType

import stdnum.ch.vat
import stdnum.eu.vat
import stdnum.gb.vat
import stdnum.no.mva

from seatkeeper.core.tax.rates import EU

PREFIXES = {"GR": ("EL",), "GB": ("XI", "GB"), "CH": ("CHE",), "NO": ("NO", "")}
"""How the VAT ids of a country begin, where that is not its code. XI: Northern Ireland, for goods."""
OUTSIDE: dict[str, ModuleType] = {"GB": stdnum.gb.vat, "CH": stdnum.ch.vat, "NO": stdnum.no.mva}
EXAMPLES = {
    "AT": "ATU13585627", "BE": "BE0403170701", "BG": "BG175074752", "CH": "CHE-107.787.577 MWST", "CY": "CY10259033P",
    "CZ": "CZ25123891", "DE": "DE136695976", "DK": "DK13585628", "EE": "EE100931558", "EL": "EL094259216",
    "ES": "ES54362315K", "FI": "FI20774740", "FR": "FR40303265045", "GB": "GB980780684", "GR": "EL094259216",
    "HR": "HR33392005961", "HU": "HU12892312", "IE": "IE6433435F", "IT": "IT00743110157", "LT": "LT119511515",
    "LU": "LU15027442", "LV": "LV40003521600", "MT": "MT11679112", "NL": "NL004495445B01", "NO": "NO995525828MVA",
    "PL": "PL8567346215", "PT": "PT501964843", "RO": "RO18547290", "SE": "SE123456789701", "SI": "SI50223054",
    "SK": "SK2022749619",
}  # fmt: skip
"""An id of the right form for each country whose form is known; examples of the public documentation."""
MOST = 32


def cleaned(text: str) -> str:
    """What was typed, without spaces, dots and dashes, in capitals."""
    return "".join(one for one in text.upper() if one not in " .-\u00a0")


def valid(text: str, country: str) -> bool:
    """Whether a cleaned id has the form of the country's. Of a country whose form is not known: letters and digits."""
    if not text or len(text) > MOST or not (text.isascii() and text.isalnum()):
        return False
    if not belongs(text, country):
        return False
    if country in EU or text.startswith("XI"):
        return bool(stdnum.eu.vat.is_valid(text))
    known = OUTSIDE.get(country)
    return True if known is None else bool(known.is_valid(text))


def belongs(text: str, country: str) -> bool:
    """Whether an id begins as those of the country do; of a country whose form is not known, every id may."""
    if country not in EU and country not in OUTSIDE:
        return True
    return text.startswith(PREFIXES.get(country, (country,)))
