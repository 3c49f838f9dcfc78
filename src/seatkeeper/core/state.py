"""What the core knows of one account when it decides: a frozen picture, loaded under the account's lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from seatkeeper.core.calendar import local_date
from seatkeeper.core.catalog.plans import Catalog
from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.tables import ACTIVE, CHARGED_AT_ONCE, DUNNING, Policy
from seatkeeper.core.values import value


class Missing(Exception):
    """The decision needs a part of the state that was not loaded: load it and decide again. Never seen by a user."""

    def __init__(self, part: str, key: object = None) -> None:
        super().__init__(part, key)
        self.part = part
        self.key = key


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` until the next stretch (or the period's end) each day counts this holding; plan None: nothing."""

    start: date
    plan: str | None
    price: Price | None
    seats: int

    @property
    def total_micro(self) -> int:
        """P(q) of the holding in micro units; 0 where nothing is held."""
        return self.price.total_micro(self.seats) if self.price is not None else 0

    def same_holding(self, other: Stretch) -> bool:
        """Whether two stretches count the same plan, price and seats."""
        return self.seats == other.seats and self.plan == other.plan and self.price == other.price


@value
class Subscription:
    """An account's contract on a plan. Dates are billing dates in the account's zone, instants are UTC.

    stretches: what each day of the current billing period counts; charged_minor: what its lines add up to so far;
    line_count: how many lines it has. window_opened_at: start of the purchase's or renewal's own window;
    added_windows: (closes at, seats left) of additions. since: first day of the present expired, disabled or
    deleted status. grace_on: the day on which this subscription last began a free grace; graces: every grace that
    it was given, with the product that it was on then. purchase_order: the buyer's own number for the order; it
    stands on every document with a line of this subscription.
    """

    id: int
    product: str
    plan: str
    status: str
    seats: int
    recurring: str
    policy: Policy
    price: Price
    bought_at: datetime
    method: int | None = None
    reason: str | None = None
    anchor: date | None = None
    term_start: date | None = None
    term_end: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    stretches: tuple[Stretch, ...] = ()
    charged_minor: int = 0
    line_count: int = 0
    window_opened_at: datetime | None = None
    added_windows: tuple[tuple[datetime, int], ...] = ()
    booked_seats: int | None = None
    booked_plan: str | None = None
    booked_plan_at: str | None = None
    booked_release: tuple[int, ...] = ()
    booked_reminders: int = 0
    start_on: date | None = None
    trial_start: date | None = None
    trial_end: date | None = None
    trial_extended: bool = False
    trial_product: str | None = None
    since: date | None = None
    grace_on: date | None = None
    graces: tuple[tuple[str, date], ...] = ()
    purchase_order: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """All seats of an account's subscriptions on one product, and how many of them are held."""

    product: str
    bought: int = 0
    assigned: int = 0
    suspended: int = 0
    remove_on: date | None = None


class Assignment(NamedTuple):
    """One user holding one licence of a product. Ids grow with time, so they order assignments by age.

    A named tuple, as a pool has thousands of them and every change of it looks at all.
    """

    id: int
    user: int
    product: str
    suspended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """A payment method. blocked: a hard decline, not tried again until the method changes (DOMAIN.md 9.5).

    removed: or replaced; kept for what it has paid, and never chosen again. expires_on: a card's last day.
    """

    id: int
    kind: str
    blocked: bool = False
    label: str = ""
    removed: bool = False
    expires_on: date | None = None

    def stands_in(self, on: date) -> bool:
        """Whether it can be charged on a date in the place of another."""
        ended = self.expires_on is not None and self.expires_on < on
        return self.kind in CHARGED_AT_ONCE and not (self.blocked or self.removed or ended)


@value
class OpenDocument:
    """An invoice on which something is still due. covers: the (subscription, period start) pairs of its lines.

    pending_minor: charges of it whose outcome is not known yet; until it is, nothing is tried again (DOMAIN.md 9.3).
    untold: the message of its last step has not gone out yet.
    """

    id: int
    number: str
    issued_on: date
    due_on: date
    gross_minor: int
    due_minor: int
    method: int | None
    covers: frozenset[tuple[int, date]]
    overdue_from: date | None = None
    blocked: bool = False
    steps_done: int = 0
    last_step_on: date | None = None
    pending_minor: int = 0
    untold: bool = False

    def overdue(self, on: date) -> bool:
        """By card from the failed try on, by bank transfer from the day after the due date (SCENARIO.md 7)."""
        if self.due_minor <= 0:
            return False
        return (self.overdue_from is not None and self.overdue_from <= on) or on > self.due_on

    def holds(self, subscription: int) -> bool:
        """Whether a line of that subscription stands on it."""
        return any(pair[0] == subscription for pair in self.covers)


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge line of a current billing period of which something can still be credited."""

    id: int
    document: int
    left_minor: int
    category: str
    rate: str


@dataclass(frozen=True, slots=True)
class PaidPart:
    """What one payment of a document took, and what of that has not been refunded."""

    attempt: int
    document: int
    method: int | None
    left_minor: int


@dataclass(frozen=True, slots=True)
class Seller:
    """The selling entity's facts that decide: country and zone, where credits go, its dunning table.

    tolerance_minor: what a payment leaves due under this is written off, in minor units of the account's currency.
    sends_mail: not where it has a test clock, whose people are never mailed.
    """

    id: int
    country: str
    timezone: str
    credit_to: str = "balance"
    dunning: tuple[tuple[int, str], ...] = DUNNING
    vat_registered_in: tuple[str, ...] = ()
    sends_mail: bool = False
    tolerance_minor: int = 0

    def forgives(self, left_minor: int) -> bool:
        """Whether what a payment leaves due is written off (DOMAIN.md 9.4)."""
        return 0 < left_minor < self.tolerance_minor


@value
class AccountState:
    """One account as it stands. Parts that are None were not loaded; asking for them raises Missing."""

    id: int
    seller: Seller
    catalog: Catalog
    country: str
    currency: str
    timezone: str
    vat_id: str | None = None
    vat_confirmed: bool = False
    exempt: bool = False
    terms_days: int = 30
    credit_limit_minor: int | None = None
    balance_minor: int = 0
    default_method: int | None = None
    backup_method: int | None = None
    methods: Mapping[int, Method] = field(default_factory=dict)
    subscriptions: Mapping[int, Subscription] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    documents: tuple[OpenDocument, ...] = ()
    charges: Mapping[int, tuple[ChargeLine, ...]] | None = None
    payments: tuple[PaidPart, ...] | None = None
    assignments: Mapping[str, tuple[Assignment, ...]] = field(default_factory=dict)
    users: Mapping[int, bool] | None = None
    everybody: tuple[int, ...] | None = None
    version: int = 0

    def today(self, now: datetime) -> date:
        """The billing date of an instant for this account."""
        return local_date(now, self.timezone)

    def holders(self, product: str) -> tuple[Assignment, ...]:
        """All assignments of a product, oldest first. Raises Missing when they were not loaded."""
        pool = self.pools.get(product)
        if product in self.assignments:
            return self.assignments[product]
        if pool is None or (pool.assigned == 0 and pool.suspended == 0):
            return ()
        raise Missing("assignments", product)

    def charge_lines(self, subscription: int) -> tuple[ChargeLine, ...]:
        """The creditable charge lines of a subscription's current billing period, newest first."""
        if self.charges is None:
            raise Missing("charges")
        return self.charges.get(subscription, ())

    def paid_parts(self) -> tuple[PaidPart, ...]:
        """The refundable payments, newest first. Raises Missing when they were not loaded."""
        if self.payments is None:
            raise Missing("payments")
        return self.payments

    def active_users(self) -> tuple[int, ...]:
        """All active users of the account, oldest first. Raises Missing when they were not loaded."""
        if self.everybody is None:
            raise Missing("everybody")
        return self.everybody

    def backup_for(self, method: int | None, on: date) -> Method | None:
        """The method that is charged where a charge by itself to another is declined; None where none can be."""
        backup = self.methods.get(self.backup_method) if self.backup_method is not None else None
        return backup if backup is not None and backup.id != method and backup.stands_in(on) else None

    def may_back_up(self, method: int, on: date) -> bool:
        """Whether a method could be the backup on a date."""
        return method != self.default_method and self.methods[method].stands_in(on)

    def overdue(self, on: date) -> tuple[OpenDocument, ...]:
        """The documents that are overdue on a date."""
        return tuple(document for document in self.documents if document.overdue(on))

    def past_due(self, subscription: Subscription, on: date) -> bool:
        """Whether an active subscription has a line on an overdue document (DOMAIN.md 5.3)."""
        return subscription.status == ACTIVE and any(
            document.holds(subscription.id) for document in self.overdue(on)
        )
