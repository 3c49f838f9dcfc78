"""Rates as the European Central Bank publishes them each working day, in its CSV form, plain or in a ZIP.

Asked only where the setting names an address: an installation that sells in its own currency needs none of it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from urllib.request import Request, urlopen

from seatkeeper.adapters.rates.shipped import MISSING, SOURCE

MOST_BYTES = 5_000_000
SECONDS = 20
_RATE = re.compile(r"\d{1,9}(\.\d{1,12})?")
Rate = tuple[str, date, str, str]


class BadRates(Exception):
    """What came is no list of rates; a sentence says why."""


def fetched(address: str) -> bytes:
    """What stands at an address. Raises BadRates, OSError."""
    if not re.match(r"https?://", address):
        raise BadRates(f"an address begins with https://, not so {address!r}")
    with urlopen(Request(address, headers={"Accept": "text/csv, application/zip"}), timeout=SECONDS) as answer:
        found: bytes = answer.read(MOST_BYTES + 1)
    return found


def rates(content: bytes) -> list[Rate]:
    """(currency, day, per euro, source) of every rate in a file. Raises BadRates."""
    if len(content) > MOST_BYTES:
        raise BadRates("the file is too large for rates")
    reader = csv.reader(io.StringIO(_text(content)))
    head = [one.strip() for one in next(reader, [])]
    if not head or head[0] != "Date":
        raise BadRates("the first line does not begin with Date and then name currencies")
    return [rate for row in reader if row and row[0].strip() for rate in _row(head, row)]


def _text(content: bytes) -> str:
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as file:
                first = file.infolist()[0]
                if first.file_size > MOST_BYTES:
                    raise BadRates("the file is too large for rates")
                content = file.read(first)
        return content.decode("ascii")
    except (zipfile.BadZipFile, IndexError, UnicodeDecodeError):
        raise BadRates("this is no CSV file, nor a ZIP with one") from None


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise BadRates(f"no day: {text.strip()!r}")


def _row(head: list[str], row: list[str]) -> list[Rate]:
    on, found = _day(row[0]), []
    for currency, text in zip(head[1:], row[1:], strict=False):
        rate = text.strip()
        if not currency or rate in ("", MISSING):
            continue
        if not re.fullmatch(r"[A-Z]{3}", currency) or not _RATE.fullmatch(rate) or not Decimal(rate):
            raise BadRates(f"no rate of {currency[:10]!r}: {rate[:30]!r}")
        found.append((currency, on, rate, SOURCE))
    return found
