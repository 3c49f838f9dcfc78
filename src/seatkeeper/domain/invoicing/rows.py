"""What pages read about invoices and credit notes. Amounts in minor units of the document's currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from seatkeeper.core.decision import Line, VatSum
from seatkeeper.domain.accounts.rows import AccountRow


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One document on the list. status: open, paid, partly_paid, overdue, uncollectible, credit_note."""

    id: int
    number: str
    kind: str
    issued_on: date
    due_on: date
    about: tuple[str, ...]
    gross_minor: int
    due_minor: int
    currency: str
    status: str
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class InvoicesPage:
    """Bills: rows, counts per filter, what is due and what is in credit. before, after: keys of the pages beside."""

    account: AccountRow
    rows: tuple[InvoiceRow, ...]
    counts: dict[str, int]
    due_minor: int
    credit_minor: int
    before: str = ""
    after: str = ""
    total: int = 0


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer as printed on the document. country: its two letters."""

    name: str
    address: tuple[str, ...]
    vat_id: str | None
    registration: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as printed, with its arithmetic. names are copies from the day of issue."""

    line: Line
    product_name: str
    plan_name: str
    reference: str


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment, a try or a settlement. kind: payment, declined, credit, refund; negative for a refund."""

    kind: str
    at: datetime
    amount_minor: int
    method_kind: str = ""
    method_label: str = ""
    reason: str = ""
    document: str | None = None


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause of a difference (core/invoicing/compare.py), with the subscription's product and reference."""

    kind: str
    amount_minor: int
    before: str = ""
    after: str = ""
    product_name: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a document differs from an earlier one: the causes add up to the difference. number: the earlier one's."""

    number: str
    difference_minor: int
    causes: tuple[CauseRow, ...]


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """One document with every line explained."""

    account: AccountRow
    row: InvoiceRow
    seller: Party
    buyer: Party
    lines: tuple[LineRow, ...]
    vat: tuple[VatSum, ...]
    net_minor: int
    vat_minor: int
    balance_used_minor: int
    payments: tuple[PaymentRow, ...]
    order_reference: str | None = None
    corrects: tuple[str, ...] = ()
    credited_minor: int = 0
    paid_minor: int = 0
    written_off_minor: int = 0
    why: Why | None = None
    next_try_on: date | None = None
