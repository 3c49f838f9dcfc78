"""Standard VAT rates with the date each came into force, as text in percent.

Source: the European Commission's published standard rates (Taxes in Europe Database) and, for GB, NO and CH, the
national tax authorities; the earliest row of a country stands for all documents since 2016.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

_START = "2016-01-01"

STANDARD: dict[str, tuple[tuple[str, str], ...]] = {
    "AT": ((_START, "20"),),
    "BE": ((_START, "21"),),
    "BG": ((_START, "20"),),
    "CY": ((_START, "19"),),
    "CZ": ((_START, "21"),),
    "DE": ((_START, "19"), ("2020-07-01", "16"), ("2021-01-01", "19")),
    "DK": ((_START, "25"),),
    "EE": ((_START, "20"), ("2024-01-01", "22"), ("2025-07-01", "24")),
    "ES": ((_START, "21"),),
    "FI": ((_START, "24"), ("2024-09-01", "25.5")),
    "FR": ((_START, "20"),),
    "GR": ((_START, "23"), ("2016-06-01", "24")),
    "HR": ((_START, "25"),),
    "HU": ((_START, "27"),),
    "IE": ((_START, "23"), ("2020-09-01", "21"), ("2021-03-01", "23")),
    "IT": ((_START, "22"),),
    "LT": ((_START, "21"),),
    "LU": ((_START, "17"), ("2023-01-01", "16"), ("2024-01-01", "17")),
    "LV": ((_START, "21"),),
    "MT": ((_START, "18"),),
    "NL": ((_START, "21"),),
    "PL": ((_START, "23"),),
    "PT": ((_START, "23"),),
    "RO": ((_START, "20"), ("2017-01-01", "19"), ("2025-08-01", "21")),
    "SE": ((_START, "25"),),
    "SI": ((_START, "22"),),
    "SK": ((_START, "20"), ("2025-01-01", "23")),
    "GB": ((_START, "20"),),
    "NO": ((_START, "25"),),
    "CH": ((_START, "8"), ("2018-01-01", "7.7"), ("2024-01-01", "8.1")),
}

EU = frozenset(STANDARD) - {"GB", "NO", "CH"}
"""The member states, by ISO 3166 code; Greece is GR, its VAT ids begin with EL."""


@lru_cache(maxsize=4096)
def standard_rate(country: str, on: date) -> str:
    """The standard rate of a country on a date, in percent as text; "0" for a country whose rates are not kept."""
    found = "0"
    for since, rate in STANDARD.get(country, ()):
        if since <= on.isoformat() or since == _START:
            found = rate
    return found
