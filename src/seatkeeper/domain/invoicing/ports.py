"""What the domain needs of those who put documents on paper and into electronic form, and of who knows rates."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, Protocol

from seatkeeper.domain.invoicing.form import Form


class EInvoice(Protocol):
    """An electronic form of documents. The same form always gives the same bytes."""

    def render(self, form: Form) -> bytes:
        """The document as XML. Raises Refused("not_electronic") where the standard cannot say it, with what lacks."""
        ...


class Printer(Protocol):
    """Puts documents on paper. The same form, sum and XML always give the same bytes."""

    def render(self, form: Form, *, due_minor: int, xml: bytes | None) -> bytes:
        """The document as a PDF. due_minor: what is due on it by now; xml: its electronic form, to be put inside."""
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
