"""What pages, API and command line read about subscriptions: frozen rows of codes, dates and minor units.

No text for people: names of products, plans and persons are data, everything else is a code that a door words.
Dates are billing dates in the account's zone; a span's end is exclusive here as everywhere below the doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from seatkeeper.domain.accounts.rows import AccountRow, Control
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.licensing.rows import PoolRow
from seatkeeper.domain.payments.rows import MethodRow


@dataclass(frozen=True, slots=True)
class Booked:
    """A booked change. kind: seats or plan; on: the date of its renewal (or billing date)."""

    kind: str
    on: date
    seats: int | None = None
    plan: PlanRow | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """The date that a row shows. kind: renews, last_renewal, expires, becomes_paid, trial_ends, starts,
    access_until (last day), data_until (last day), deleted."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class NextInvoice:
    """The next charge, VAT included, if all goes on as booked."""

    on: date
    gross_minor: int
    net_minor: int = 0
    seats: int = 0
    lines: int = 1


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One subscription on the list. monthly_minor, yearly_minor: its price, excluding VAT, at today's number."""

    id: int
    reference: str
    plan: PlanRow
    status: str
    reason: str | None
    past_due: bool
    recurring: str
    seats: int
    pool: PoolRow
    milestone: Milestone | None
    currency: str
    monthly_minor: int
    next_invoice: NextInvoice | None
    method: MethodRow | None
    bought_on: date
    booked: tuple[Booked, ...] = ()
    purchase_order: str = ""
    overdue_minor: int = 0
    overdue_invoices: tuple[str, ...] = ()
    disabled_if_unpaid_on: date | None = None
    trial_extended: bool = False
    controls: Mapping[str, Control] = field(default_factory=dict)
    term_ends_on: date | None = None

    yearly_minor: int = 0

    @property
    def product(self) -> str:
        """The product's id."""
        return self.plan.product

    @property
    def name(self) -> str:
        """The product's name."""
        return self.plan.product_name


@dataclass(frozen=True, slots=True)
class BannerRow:
    """The worst thing that needs attention. kind: one of `banners`, which says what the facts are."""

    kind: str
    facts: Mapping[str, object]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, with the seller's words for it; dutch: empty where the seller gave none."""

    value: str
    name: str
    dutch: str = ""


@dataclass(frozen=True, slots=True)
class ProductsPage:
    """The list: one page of rows, counts of every chip, sums over all rows that match.

    before, after: references for the links to the neighbouring pages. products: (id, name) of those there are.
    """

    account: AccountRow
    rows: tuple[SubscriptionRow, ...]
    counts: Mapping[str, int]
    bought: int
    assigned: int
    available: int
    monthly_minor: int
    next_minor: int
    next_invoice: NextInvoice | None
    idle_seats: int
    idle_minor: int
    idle_is_least: bool
    total: int = 0
    before: str = ""
    after: str = ""
    products: tuple[tuple[str, str], ...] = ()
    categories: tuple[Choice, ...] = ()
    methods: tuple[MethodRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the life cycle. kind: trial, active, expired, disabled, deleted; end: exclusive, None for the last.
    state: past, current, ahead, or conditional where it comes only if nothing renews."""

    kind: str
    start: date | None
    end: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What can be reduced or ended, and until when: before that instant, not at it.

    A reduction below `reduce_to` and ending wait for `from_on`, the next renewal; None where none comes.
    """

    fewer: str
    cancel: str
    reduce_until: datetime | None
    reduce_to: int | None
    cancel_until: datetime | None
    from_on: date | None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. kind names a command or a step of the billing run; facts fill its sentence."""

    kind: str
    on: date
    facts: Mapping[str, object] = field(default_factory=dict)
    who: str = ""
    document: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document of a subscription, newest first in lists."""

    number: str
    kind: str
    issued_on: date
    gross_minor: int
    due_minor: int
    status: str


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """A subscription as its page and its sheets see it; `history.py` tells its past."""

    account: AccountRow
    row: SubscriptionRow
    term: tuple[date, date] | None
    period: tuple[date, date] | None
    stages: tuple[Stage, ...]
    limits: Limits
    ahead: tuple[Event, ...]
    methods: tuple[MethodRow, ...]
    same_product_plans: tuple[PlanRow, ...]
    other_plans: tuple[PlanRow, ...]
    document_numbers: tuple[tuple[int, str], ...] = ()
    renewal_open: bool = False
    backup: MethodRow | None = None


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A product on the catalogue page. from_micro: the lowest price of a licence for a month of any plan.

    excluded_here: names of products that the organisation has and that exclude this one; lacking: (id, name) of those
    that this one requires and the organisation does not have. What ends in _nl is the seller's Dutch, or empty.
    from_year_micro: as from_micro, of a year; year_micro: what a licence costs a year by each plan, at the fewest sold.
    """

    product: str
    name: str
    category: str
    summary: str
    summary_nl: str
    features: tuple[str, ...]
    requires: tuple[tuple[str, str], ...]
    excludes: tuple[tuple[str, str], ...]
    plans: tuple[PlanRow, ...]
    from_micro: int | None
    have: int
    trial: PlanRow | None
    sku: str = ""
    category_nl: str = ""
    features_nl: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    requirements_nl: tuple[str, ...] = ()
    excluded_here: tuple[str, ...] = ()
    lacking: tuple[tuple[str, str], ...] = ()
    from_year_micro: int | None = None
    year_micro: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """The outcome of a command. row: the subscription as it stands now.

    status: done, waiting (the bank asks), unsure, given_back.

    arguments: as given; facts: the decision's. paid, credited and due in minor units, VAT included. undo_until: the
    instant until which the command can be taken back by another one, where there is one. declined: why a try of an
    open invoice that came with the command was refused. rows: all subscriptions that an order made. confirm: payments
    that the bank wants to be confirmed, by their id and amount. collecting_minor: on its way by direct debit.
    """

    account: AccountRow
    reference: str
    command: str
    status: str
    at: datetime
    who: str
    row: SubscriptionRow | None
    arguments: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    paid_minor: int = 0
    credited_minor: int = 0
    due_minor: int = 0
    due_on: date | None = None
    method_label: str = ""
    documents: tuple[DocumentRef, ...] = ()
    undo_until: datetime | None = None
    people: int = 0
    product_name: str = ""
    declined: str = ""
    rows: tuple[SubscriptionRow, ...] = ()
    confirm: tuple[tuple[int, int], ...] = ()
    collecting_minor: int = 0
