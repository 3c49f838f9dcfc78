"""Prints documents with typst: PDF/A-3a and PDF/UA-1 in one file, the electronic form inside (Factur-X, EN 16931).

No clock, no network, no font of the machine: the same form gives the same bytes.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from django.conf import settings

from seatkeeper.adapters.pdf.sheet import sheet
from seatkeeper.adapters.pdf.xmp import with_factur_x
from seatkeeper.domain.invoicing.form import TEMPLATE, Buyer, Form, Look, Payment, Seller, place

HOME = Path(__file__).parent
STANDARDS = ["a-3a", "ua-1"]
UNKNOWN = "?"
"""Stands for a character that no font on hand can show; the embedded XML has the right one."""

_one_at_a_time = Lock()


@lru_cache(maxsize=8)
def _compiler(version: str) -> Any:
    folder = HOME / "templates" / version
    fonts = [str(HOME / "fonts"), *([settings.FONTS] if settings.FONTS else [])]
    return typst.Compiler(
        str(folder / "document.typ"), root=str(folder), font_paths=fonts, ignore_system_fonts=True
    )


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """The characters that the shipped font can show."""
    found: set[int] = {0x0A, 0xAD}
    for row in (HOME / "fonts" / "coverage.txt").read_text("ascii").split():
        first, last = (int(one, 16) for one in row.split("-"))
        found.update(range(first, last + 1))
    return frozenset(found)


def _showable(value: Any) -> Any:
    """The same data with what cannot be shown replaced."""
    if isinstance(value, str):
        return "".join(one if ord(one) in _covered() else UNKNOWN for one in value)
    if isinstance(value, dict):
        return {key: one if key in ("xml", "content", "svg") else _showable(one) for key, one in value.items()}
    return [_showable(one) for one in value] if isinstance(value, list) else value


class TypstPrinter:
    """Implements the Printer port."""

    def render(self, form: Form, *, due_minor: int, xml: bytes | None) -> bytes:
        """The document as a PDF."""
        data = sheet(form, due_minor=due_minor, xml=xml)
        try:
            pdf = self._compiled(form, data)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            pdf = self._compiled(form, _showable(data))
        return with_factur_x(pdf) if xml is not None else pdf

    def can_show(self, look: Look) -> bool:
        """Try it on an empty document."""
        seller = Seller("Seller", place({}, ""), look=look)
        buyer = Buyer("Buyer", place({}, ""))
        day = date(2000, 1, 1)
        empty = Form("1", "invoice", TEMPLATE, "en", "EUR", day, day, seller, buyer, (), (), 0, 0, 0, Payment())
        try:
            self._compiled(empty, sheet(empty, due_minor=0, xml=None))
        except (typst.TypstError, UnicodeDecodeError):
            return False
        return True

    def _compiled(self, form: Form, data: dict[str, Any]) -> bytes:
        midnight = datetime(form.issued_on.year, form.issued_on.month, form.issued_on.day, tzinfo=UTC)
        text = json.dumps(data, ensure_ascii=False)
        with _one_at_a_time:
            found: bytes = _compiler(form.template).compile(
                format="pdf", pdf_standards=STANDARDS, sys_inputs={"data": text}, timestamp=int(midnight.timestamp())
            )
        return found
