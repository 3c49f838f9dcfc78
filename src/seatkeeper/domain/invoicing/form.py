"""A document's form: all that it prints, as kept on the day of issue. Nothing here changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from seatkeeper.core.decision import Line, VatSum

TEMPLATE = "1"
"""The version of the words and the layout of documents that are issued from now on; see adapters/pdf/templates."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Where the seller takes bank transfers."""

    iban: str = ""
    bic: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The seller's own look. colour: #rrggbb; logo: a picture and what kind it is, png or svg."""

    colour: str = ""
    logo: bytes = b""
    logo_kind: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An address in parts. country: two letters."""

    street: str
    extra: str
    postcode: str
    town: str
    region: str
    country: str


@dataclass(frozen=True, slots=True)
class Seller:
    """The seller as printed. note: its own words at the foot, by language."""

    name: str
    place: Place
    vat_id: str = ""
    registration: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    bank: Bank = Bank()
    look: Look = Look()
    notes: tuple[tuple[str, str], ...] = ()

    def note(self, language: str) -> str:
        """Its own words in a language, or none."""
        return dict(self.notes).get(language, "")


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer as printed. key: its customer number with the seller; exempt: why no VAT is charged to it."""

    name: str
    place: Place
    vat_id: str = ""
    key: str = ""
    purchase_order: str = ""
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line with the names of the day of issue. reference: its subscription's; purchase_order: its own."""

    line: Line
    product: str
    plan: str
    reference: str
    purchase_order: str = ""


@dataclass(frozen=True, slots=True)
class NationalVat:
    """The VAT in the seller's own currency: by which rate, of which day, published by whom (art. 230)."""

    currency: str
    vat_minor: int
    per_euro: str
    into_per_euro: str
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class Payment:
    """How it was to be paid, on the day of issue. method: card, direct_debit, bank_transfer or nothing."""

    method: str = ""
    label: str = ""
    terms_days: int = 0
    balance_minor: int = 0
    paid_minor: int = 0
    due_minor: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """An issued document with all that it prints. Amounts are negative on a credit note, as they were decided."""

    number: str
    kind: str
    template: str
    language: str
    currency: str
    issued_on: date
    due_on: date
    seller: Seller
    buyer: Buyer
    lines: tuple[FormLine, ...]
    vat: tuple[VatSum, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int
    payment: Payment
    corrects: tuple[tuple[str, date], ...] = ()
    national: NationalVat | None = None
    to_balance_minor: int = 0
    lowered_minor: int = 0
    refunded_minor: int = 0


def place(address: dict[str, Any], country: str) -> Place:
    """An address as it is kept, in parts."""

    def joined(*names: str) -> str:
        return " ".join(str(address[name]) for name in names if address.get(name))

    if "lines" in address:
        lines = [str(one) for one in address["lines"] if one]
        return Place(lines[0] if lines else "", ", ".join(lines[1:-1]), "", lines[-1] if len(lines) > 1 else "", "",
                     country)  # fmt: skip
    street = joined("street", "number")
    return Place(
        street, joined("extra"), joined("postcode"), joined("town") or joined("city"), joined("region"), country
    )
