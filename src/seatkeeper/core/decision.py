"""A decision is a value: everything that a command changes, worked out before anything is written.

A preview shows it, `apply` writes it, the journal keeps it (ARCHITECTURE.md, "A decision is a value").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from seatkeeper.core.state import Subscription
from seatkeeper.core.values import value

INVOICE = "invoice"
CREDIT_NOTE = "credit_note"

Counted = tuple[int, int, int]
"""(days, seats, P(q) in micro units): a run of days that count the same holding."""


@value
class Line:
    """One document line with its whole arithmetic.

    amount_minor = round(exact_after / denominator) - charged_before_minor, where exact_* / denominator is the
    exact charge E in minor units; for kind plan_out it is the rounded own difference of the old plan.
    counted: what the days of the billing period count afterwards; counted_before: what they counted before.
    takes: (charge line id, minor units) that a credit takes back. part/parts: a credit over several VAT rates.
    """

    subscription: int
    product: str
    plan: str
    kind: str
    seats: int
    start: date
    end: date
    period_start: date
    sequence: int
    amount_minor: int
    category: str
    rate: str
    exact_before: int
    exact_after: int
    denominator: int
    charged_before_minor: int
    days_in_period: int
    counted: tuple[Counted, ...]
    counted_before: tuple[Counted, ...] = ()
    takes: tuple[tuple[int, int], ...] = ()
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class VatSum:
    """The VAT of one (category, rate) of a document, rounded once (DOMAIN.md 4.1)."""

    category: str
    rate: str
    taxable_minor: int
    vat_minor: int


@value
class Document:
    """An invoice or credit note to be issued. Amounts in minor units of `currency`; negative on a credit note.

    balance_used_minor: of the account's balance, on an invoice. charge_minor: to be charged to the method at once.
    lowers: (document id, minor units) that a credit note takes off open invoices. refunds: (payment id, minor
    units). to_balance_minor: what of a credit note goes to the account's balance. turn: of a charge by itself, see
    `Try`; charge_to: the method that is charged in the place of `method`.
    """

    kind: str
    currency: str
    method: int | None
    lines: tuple[Line, ...]
    vat: tuple[VatSum, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int
    due_on: date
    balance_used_minor: int = 0
    charge_minor: int = 0
    due_minor: int = 0
    overdue_from: date | None = None
    blocked: bool = False
    lowers: tuple[tuple[int, int], ...] = ()
    refunds: tuple[tuple[int, int], ...] = ()
    to_balance_minor: int = 0
    turn: str = ""
    charge_to: int | None = None


@value
class DocumentChange:
    """What changes on an issued, open document. due_minor is the new amount due; sources say what lowered it.

    uncollectible: given up as a whole; a remainder that is written off leaves the document paid.
    """

    id: int
    due_minor: int
    overdue_from: date | None
    blocked: bool
    steps_done: int
    last_step_on: date | None
    method: int | None
    by_balance_minor: int = 0
    by_payment_minor: int = 0
    written_off_minor: int = 0
    uncollectible: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """An open document to be charged to a payment method.

    turn: first or backup, where it is charged by itself; empty where a person chose the method.
    """

    document: int
    method: int
    amount_minor: int
    turn: str = ""


@dataclass(frozen=True, slots=True)
class PoolChange:
    """A product's pool after the decision."""

    product: str
    bought: int
    assigned: int
    suspended: int
    remove_on: date | None


@dataclass(frozen=True, slots=True)
class AssignmentChange:
    """An assignment after the decision. id None: new.

    action: assigned, unassigned, suspended, restored, removed or moved. origin: the product it is moved away from.
    """

    id: int | None
    user: int
    product: str
    action: str
    suspended_on: date | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class MethodChange:
    """A payment method that is added, replaced, blocked or removed. id None: new."""

    id: int | None
    kind: str
    label: str
    token: str
    replaces: int | None = None
    blocked: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A booking that the command makes impossible or replaces: kind seats or plan, and what was booked."""

    subscription: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be said to people: on the page, by mail. facts hold ids, amounts and dates, never names."""

    kind: str
    facts: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class NextCharge:
    """What a subscription is charged next if all goes on: the first date, and each whole period from then on."""

    subscription: int
    on: date
    seats: int
    plan: str
    net_minor: int
    vat_minor: int
    gross_minor: int
    months: int


@value
class Decision:
    """The whole outcome of a command or of one billing date, for one account.

    subscriptions: (before or None, after). tries: open documents to be charged once this is committed.
    refunds: (payment id, minor units) of the balance that is paid out.
    charge_minor of a document of a person's command is charged before this is applied (DOMAIN.md 9.3).
    """

    account: int
    command: str
    at: datetime
    on: date
    subscriptions: tuple[tuple[Subscription | None, Subscription], ...] = ()
    documents: tuple[Document, ...] = ()
    document_changes: tuple[DocumentChange, ...] = ()
    tries: tuple[Try, ...] = ()
    balance_before_minor: int = 0
    balance_after_minor: int = 0
    pools: tuple[PoolChange, ...] = ()
    assignments: tuple[AssignmentChange, ...] = ()
    methods: tuple[MethodChange, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()
    then: tuple[NextCharge, ...] = ()
    facts: tuple[tuple[str, object], ...] = ()
    due_at: datetime | None = None
    refunds: tuple[tuple[int, int], ...] = ()

    @property
    def charge_minor(self) -> int:
        """What is charged to a payment method for the documents of this decision."""
        return sum(document.charge_minor for document in self.documents)
