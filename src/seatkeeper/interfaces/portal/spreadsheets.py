"""CSV files as spreadsheets take them: marked as UTF-8, no cell a formula, whole or line by line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language, override

from seatkeeper.interfaces.web.text import plain

KIND = "text/csv; charset=utf-8"
Row = Sequence[object]


def spreadsheet(name: str, heads: Iterable[str], rows: Iterable[Row]) -> HttpResponse:
    """The file of a few rows. heads: sentences; name: without its ending."""
    return _named(HttpResponse("".join(_lines(heads, rows)), content_type=KIND), name)


def long_spreadsheet(name: str, heads: Iterable[str], rows: Iterable[Row]) -> HttpResponse:
    """The file of any number of rows, each read, worded and sent when its turn comes."""
    answer = StreamingHttpResponse(_lines(heads, rows), content_type=KIND)
    return _named(cast(HttpResponse, answer), name)  # a view may answer either


def _named(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


class _Echo:
    """What csv writes to: gives back each line."""

    def write(self, text: str) -> str:
        return text


def _lines(heads: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """Line by line; the language is set for each, as others may be served between them."""
    writer, language, left = csv.writer(_Echo()), get_language() or "en", iter(rows)

    def lines() -> Iterator[str]:
        with override(language):
            yield f"\ufeff{writer.writerow([plain(one) for one in heads])}"
        while True:
            with override(language):
                row = next(left, None)
                text = "" if row is None else str(writer.writerow([safe_cell(one) for one in row]))
            if row is None:
                return
            yield text

    return lines()


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet reads as a formula; a negative amount stays one."""
    text = str(value)
    if text[:1] == "-" and text[1:].replace(".", "", 1).isdigit():
        return text
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
