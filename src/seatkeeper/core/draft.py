"""The sheet on which a decision is worked out: commands write on it, `settle` adds it up into a Decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from seatkeeper.core.calendar import local_date
from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.decision import (
    AssignmentChange,
    Dropped,
    Line,
    MethodChange,
    Notice,
    Try,
)
from seatkeeper.core.invoicing.lines import Period, lines_left, take_back
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState, ChargeLine, OpenDocument, Stretch, Subscription
from seatkeeper.core.tables import DELETED, POOLED
from seatkeeper.core.tax.vat import treatment
from seatkeeper.core.values import changed


class Draft:
    """Working copies of what one decision touches. `on` is the billing date that is decided for.

    For a person's command `on` is today; for the billing run it may be a missed date in the past. Documents are
    always issued at `now`.
    """

    def __init__(self, state: AccountState, *, now: datetime, on: date | None = None) -> None:
        self.state = state
        self.catalog = state.catalog
        self.now = now
        self.today = state.today(now)
        self.on = on or self.today
        self.issued_on = local_date(now, state.seller.timezone)
        self.vat = treatment(state, self.issued_on)
        self.touched: dict[int, Subscription] = {}
        self.added: list[Subscription] = []
        self.parcels: dict[tuple[str, int | None], list[Line]] = {}
        self.parcel: tuple[str, int | None] = ("command", None)
        self.dropped: list[Dropped] = []
        self.warnings: list[Notice] = []
        self.notices: list[Notice] = []
        self.facts: dict[str, object] = {}
        self.assignment_changes: list[AssignmentChange] = []
        self.method_changes: list[MethodChange] = []
        self.tries: list[Try] = []
        self.balance_added_minor = 0
        self.written_off: dict[int, int] = {}
        self.uncollectible: set[int] = set()
        self.refunds: list[tuple[int, int]] = []
        self.open_documents: dict[int, OpenDocument] = {
            document.id: document for document in state.documents
        }
        self._charges: dict[int, tuple[ChargeLine, ...]] = {}

    def subscription(self, subscription_id: int) -> Subscription:
        """The subscription as it stands in this draft; a stranger's or unknown id is refused."""
        if subscription_id in self.touched:
            return self.touched[subscription_id]
        found = self.state.subscriptions.get(subscription_id)
        if found is None:
            raise Refused("unknown_subscription")
        if found.status == DELETED:
            raise Refused("subscription_deleted", subscription=found.id, date=found.since)
        return found

    def write_off(self, document: int) -> None:
        """Give up what is due on an open document."""
        one = self.open_documents[document]
        self.written_off[document] = self.written_off.get(document, 0) + one.due_minor
        self.open_documents[document] = changed(one, due_minor=0)

    def all_subscriptions(self) -> list[Subscription]:
        """Every subscription as it stands in this draft, oldest first."""
        known = [self.touched.get(id_, found) for id_, found in self.state.subscriptions.items()]
        return known + self.added

    def keep(self, subscription: Subscription) -> None:
        """Take over a changed subscription, or a new one under the id that `new_id` gave."""
        if subscription.id > 0:
            self.touched[subscription.id] = subscription
        elif subscription.id == self.new_id():
            self.added.append(subscription)
        else:
            self.added[-subscription.id] = subscription

    def new_id(self) -> int:
        """What a new subscription is called until it is given its id: 0, -1, -2 ... in the order of the draft."""
        return -len(self.added)

    def plan(self, plan_id: str) -> Plan:
        """The catalogue's plan of that id; one that is not in it is refused: not_found."""
        if plan_id not in self.catalog.plans:
            raise Refused("not_found")
        return self.catalog.plans[plan_id]

    def price(self, plan: Plan, on: date) -> Price:
        """The price in force on a date in the account's currency, or the refusal `no_price`."""
        price = plan.price_on(self.state.currency, on)
        if price is None:
            raise Refused("no_price", plan=plan.id, currency=self.state.currency, date=on)
        return price

    def bought(self, product: str) -> int:
        """The seats of the product's pool: those in trial, active or expired subscriptions."""
        return sum(
            subscription.seats
            for subscription in self.all_subscriptions()
            if subscription.product == product and subscription.status in POOLED
        )

    def drop(self, subscription: Subscription, *, seats: bool = True, plan: bool = True) -> Subscription:
        """Drop what is booked, and say so in the preview."""
        changes: dict[str, object] = {}
        if seats and subscription.booked_seats is not None:
            self.dropped.append(Dropped(subscription.id, "seats", str(subscription.booked_seats)))
            changes.update(booked_seats=None, booked_release=(), booked_reminders=0)
        if plan and subscription.booked_plan is not None:
            self.dropped.append(Dropped(subscription.id, "plan", subscription.booked_plan))
            changes.update(booked_plan=None, booked_plan_at=None)
        return replace(subscription, **changes) if changes else subscription  # type: ignore[arg-type]

    def add_lines(
        self, subscription: Subscription, period: Period, after: tuple[Stretch, ...], lines: tuple[Line, ...]
    ) -> Subscription:
        """Put the lines of one period's change on the sheet; zero lines are left out, credits split by VAT rate.

        Lines gather in parcels, one document each: `parcel` names the one that is being filled.

        Returns the subscription with the period's new stretches, sum and count of lines.
        """
        count, charged = period.line_count, period.charged_minor
        for line in lines:
            if line.amount_minor == 0:
                continue
            if line.amount_minor < 0:
                charges = self._charges.get(subscription.id)
                if charges is None:
                    charges = self.state.charge_lines(subscription.id)
                parts = take_back(replace(line, sequence=count + 1), charges)
                for part in parts:
                    charges = lines_left(charges, part)
                self._charges[subscription.id] = charges
            elif line.sequence == count + 1:
                parts = (line,)
            else:
                parts = (replace(line, sequence=count + 1),)
            self.parcels.setdefault(self.parcel, []).extend(parts)
            count += len(parts)
            charged += line.amount_minor
        return changed(
            subscription,
            period_start=period.start,
            period_end=period.end,
            stretches=after,
            charged_minor=charged,
            line_count=count,
        )

    def warn(self, kind: str, **facts: object) -> None:
        """Say something under "Good to know"."""
        self.warnings.append(Notice(kind, tuple(facts.items())))

    def notice(self, kind: str, **facts: object) -> None:
        """Say something to the account's people, on the page and by mail."""
        self.notices.append(Notice(kind, tuple(facts.items())))
