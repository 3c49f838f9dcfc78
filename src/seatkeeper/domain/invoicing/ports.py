"""What the domain needs of those who put documents on paper and into electronic form, and of who knows rates."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, Protocol

from seatkeeper.domain.invoicing.form import Form, Look


class NotElectronic(Exception):
    """The standard has no way to say this document. lacks: what is missing or in the way, as codes."""

    def __init__(self, *lacks: str) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


class EInvoice(Protocol):
    """An electronic form of documents. The same form always gives the same bytes."""

    def render(self, form: Form) -> bytes:
        """The document as XML. Raises NotElectronic where the standard cannot say it."""
        ...


class Printer(Protocol):
    """Puts documents on paper. The same form, sum and XML always give the same bytes."""

    def render(self, form: Form, *, due_minor: int, xml: bytes | None) -> bytes:
        """The document as a PDF. due_minor: what is due on it by now; xml: its electronic form, to be put inside."""
        ...

    def can_show(self, look: Look) -> bool:
        """Whether a logo can be printed."""
        ...


class EuroRate(NamedTuple):
    """How much of a currency one euro was worth, as text; the day of the rate and who published it."""

    per_euro: str
    on: date
    source: str


class Rates(Protocol):
    """Knows exchange rates of the euro."""

    def before(self, currency: str, on: date) -> EuroRate | None:
        """The rate last published before a day; None for a currency that has none."""
        ...
