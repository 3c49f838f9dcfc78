"""The cast: organisations, products and plans that the tests' stories are about, and a helper that tells a story.

De Linde (NL, card), Molenaar (NL, bank transfer), Ravel (BE, reverse charge), Harbor & Pine (US) and Kanto (JP).
Products: Basic, Premium, Phone (needs Basic), Storage with a volume price, Desk with a graduated one, Site flat.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from seatkeeper.core.catalog.plans import Catalog, Plan, Product, TrialTerms
from seatkeeper.core.catalog.prices import FLAT, GRADUATED, PER_SEAT, VOLUME, DatedPrice, Price
from seatkeeper.core.decision import Decision
from seatkeeper.core.money import micro_from_text
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState, ChargeLine, Method, Pool, Seller, Subscription
from seatkeeper.core.tables import BANK_TRANSFER, CARD, COMMITTED, FLEXIBLE, Policy
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.models import Document, DocumentNumber, Line, Series
from seatkeeper.domain.ledger.models import Posting
from seatkeeper.domain.licensing.models import Assignment
from seatkeeper.domain.licensing.models import Pool as PoolRow
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.models import Method as MethodRow
from seatkeeper.domain.subscriptions import commands
from seatkeeper.domain.subscriptions.clock import advance
from seatkeeper.domain.subscriptions.installation import AccountFacts, add_account, add_test_seller
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.models import NoticeRow, Receipt, SubscriptionRow
from seatkeeper.kit.commands import Actor, Context, call
from seatkeeper.kit.journal.models import Event

assert commands, "importing the commands registers them"

AMSTERDAM = "Europe/Amsterdam"
OPENED_ON = date(2020, 1, 1)
CURRENCIES = ("EUR", "USD", "JPY")


def micro(text: str) -> int:
    """A price as people write it, in micro units."""
    return micro_from_text(text)


def per_seat(text: str, currency: str = "EUR") -> Price:
    """So much for each seat."""
    return Price(currency, PER_SEAT, ((None, micro(text)),))


def volume(*tiers: tuple[int | None, str], currency: str = "EUR") -> Price:
    """All seats at the price of the tier reached."""
    return Price(currency, VOLUME, tuple((up_to, micro(text)) for up_to, text in tiers))


def graduated(*tiers: tuple[int | None, str], currency: str = "EUR") -> Price:
    """Each tier's seats at its own price."""
    return Price(currency, GRADUATED, tuple((up_to, micro(text)) for up_to, text in tiers))


def flat(text: str, currency: str = "EUR") -> Price:
    """So much in all."""
    return Price(currency, FLAT, ((None, micro(text)),))


def plan(
    id_: str,
    term: str,
    billing: str,
    policy: Policy,
    *prices: Price,
    later: Sequence[tuple[date, Price]] = (),
    **facts: Any,
) -> Plan:
    """A plan of the product before the dash: "basic-monthly" is one of Basic."""
    dated = [DatedPrice(OPENED_ON, price) for price in prices] + [DatedPrice(*one) for one in later]
    return Plan(id_, id_.split("-")[0], term, billing, policy, tuple(dated), name=id_, **facts)


def catalog(
    *plans: Plan, requires: dict[str, tuple[str, ...]] | None = None, excludes: dict[str, tuple[str, ...]] | None = None
) -> Catalog:
    """A catalogue of these plans and the products that they name."""
    products = {}
    for one in plans:
        own = tuple(other.id for other in plans if other.product == one.product)
        name = one.product.capitalize()
        products[one.product] = Product(
            one.product, name, (requires or {}).get(one.product, ()), (excludes or {}).get(one.product, ()), own
        )
    return Catalog(products, {one.id: one for one in plans})


TRIAL = TrialTerms(30, 25)
CATALOG = catalog(
    plan(
        "basic-monthly",
        "P1M",
        "P1M",
        FLEXIBLE,
        per_seat("6.00"),
        per_seat("6.50", "USD"),
        per_seat("900", "JPY"),
        max_seats=300,
        trial=TRIAL,
        later=[(date(2027, 1, 1), per_seat("6.60"))],
    ),
    plan(
        "basic-yearly",
        "P1Y",
        "P1Y",
        COMMITTED,
        per_seat("62.40"),
        per_seat("72", "USD"),
        per_seat("10000", "JPY"),
        max_seats=300,
    ),
    plan(
        "basic-spread",
        "P1Y",
        "P1M",
        COMMITTED,
        per_seat("5.46"),
        per_seat("6.30", "USD"),
        per_seat("945", "JPY"),
        max_seats=300,
    ),
    plan(
        "premium-monthly",
        "P1M",
        "P1M",
        FLEXIBLE,
        per_seat("18.70"),
        per_seat("22", "USD"),
        per_seat("2750", "JPY"),
        trial=TRIAL,
    ),
    plan(
        "premium-yearly", "P1Y", "P1Y", COMMITTED, per_seat("204.605"), per_seat("240", "USD"), per_seat("30000", "JPY")
    ),
    plan("phone-monthly", "P1M", "P1M", FLEXIBLE, per_seat("7.333333"), per_seat("8", "USD"), per_seat("1000", "JPY")),
    plan(
        "storage-monthly",
        "P1M",
        "P1M",
        FLEXIBLE,
        volume((10, "3.33"), (None, "2.95")),
        volume((10, "4"), (None, "3.50"), currency="USD"),
    ),
    plan(
        "desk-quarterly",
        "P1Y",
        "P3M",
        FLEXIBLE,
        graduated((5, "12.10"), (None, "9.99")),
        graduated((5, "12"), (None, "10"), currency="USD"),
    ),
    plan(
        "site-monthly",
        "P1M",
        "P1M",
        FLEXIBLE,
        flat("49"),
        flat("55", "USD"),
        flat("7000", "JPY"),
        grace_days=0,
        retention_days=10,
    ),
    requires={"phone": ("basic",)},
)
"""What the seller of the stories sells."""

CARDS = {"ok": "sandbox_ok", "declined": "sandbox_declined", "lost": "sandbox_lost"}
CAST: dict[str, dict[str, Any]] = {
    "linde": {"name": "Brouwerij De Linde", "country": "NL", "currency": "EUR", "timezone": AMSTERDAM, "payment": CARD},
    "molenaar": {
        "name": "Molenaar Logistiek", "country": "NL", "currency": "EUR", "timezone": AMSTERDAM,
        "payment": BANK_TRANSFER,
    },
    "ravel": {
        "name": "Ateliers Ravel", "country": "BE", "currency": "EUR", "timezone": "Europe/Brussels",
        "payment": CARD, "vat_id": "BE0403170701", "vat_confirmed": True,
    },
    "harbor": {
        "name": "Harbor & Pine", "country": "US", "currency": "USD", "timezone": "America/Los_Angeles",
        "payment": CARD,
    },
    "kanto": {"name": "Kanto Shokai", "country": "JP", "currency": "JPY", "timezone": "Asia/Tokyo", "payment": CARD},
}  # fmt: skip
"""The organisations that buy."""


def moment(text: str, zone: str = AMSTERDAM) -> datetime:
    """A local time, "2026-03-10T12:00" or a bare date, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


class Story:
    """A test seller with members of the cast, told by giving commands on its clock. Needs the database."""

    def __init__(
        self, *cast: str, at: str = "2026-03-01T09:00", users: int = 20, sold: Catalog = CATALOG, **seller: Any
    ) -> None:

        self.now = moment(at)
        facts = {"country": "NL", "timezone": AMSTERDAM, "credit_to": "balance", **seller}
        self.seller = add_test_seller(catalog=sold, clock_at=self.now, **facts)
        self.members = {
            key: add_account(self.seller, AccountFacts(key, users=users, **CAST[key]), at=self.now)
            for key in cast or ("linde",)
        }
        self.who = next(iter(self.members))

    @property
    def account(self) -> int:
        """The id of the member whose story is being told."""
        return self.members[self.who].id

    def user(self, number: int) -> int:
        """The id of the member's n-th user."""
        return self.members[self.who].users[f"u{number}"]

    def users(self, *numbers: int) -> tuple[int, ...]:
        """The ids of some of the member's users."""
        return tuple(self.user(number) for number in numbers)

    def at(self, text: str) -> Story:
        """Move the clock, in the zone of the cast's home, and do all that falls due on the way."""

        self.now = moment(text)
        advance(self.seller, self.now)
        return self

    def context(self, *, role: str = "owner", preview: bool = False) -> Context:
        """Who gives the next command, where and when."""

        return Context(Actor(role, user=None, via="test"), self.account, self.now, preview)

    def give(self, command: str, *, role: str = "owner", **arguments: Any) -> Any:
        """Give a command by its short name: buy, set_seats, assign, pay ... Returns its outcome."""

        return call(full_name(command), self.context(role=role), **arguments)

    def look(self, command: str, *, role: str = "owner", **arguments: Any) -> Any:
        """Preview a command."""

        return call(full_name(command), self.context(role=role, preview=True), **arguments)

    def refused(self, command: str, **arguments: Any) -> str | None:
        """The code with which a command is refused; None when it was done."""
        try:
            self.give(command, **arguments)
        except Refused as refusal:
            return refusal.code
        return None

    def buy(self, plan: str = "basic-monthly", seats: int = 10, **arguments: Any) -> int:
        """Buy, and return the subscription's id."""
        found: int = self.give("buy", plan=plan, seats=seats, **arguments).subscription
        return found

    def card(self, outcome: str) -> None:
        """Replace the member's card by one that the sandbox answers so."""
        old = self.members[self.who].current_method()
        self.give("replace_card", old=old, token=CARDS[outcome], label=outcome)

    def receive(self, amount_minor: int | None = None) -> None:
        """Money by bank transfer, noted by the seller."""
        self.give("receive_payment", role="seller", amount_minor=amount_minor)

    def subscription(self, id_: int) -> Subscription:
        """A subscription of the member as it stands."""
        return self.state().subscriptions[id_]

    def state(self) -> AccountState:
        """The member's account as the core takes it."""

        return load([self.account], locked=False)[self.account].state


_FULL_NAMES = {
    "assign": "license.assign", "unassign": "license.unassign", "keep": "license.keep", "pay": "invoice.pay",
    "replace_card": "payment_method.replace", "receive_payment": "payment.receive",
    "set_backup_method": "payment_method.set_backup", "set_default_method": "payment_method.set_default",
    "remove_method": "payment_method.remove",
    "write_off": "invoice.write_off", "pay_out": "balance.pay_out",
}  # fmt: skip


def full_name(command: str) -> str:
    """The registered name of a command."""
    return _FULL_NAMES.get(command, f"subscription.{command}")


def state_hash(account: int, *, series: bool = True) -> str:
    """A hash of everything that is kept of an account, save declined or reversed attempts and the count of its ids.

    series: with the seller's numbers, which other accounts share.
    """

    kept: list[Any] = []
    tables: tuple[Any, ...] = (
        SubscriptionRow,
        NoticeRow,
        Receipt,
        Document,
        Line,
        DocumentNumber,
        Posting,
        PoolRow,
        Assignment,
        MethodRow,
        Attempt,
        Event,
    )
    for table in tables:
        rows = table.objects.filter(account_id=account)
        if table is Attempt:
            rows = rows.exclude(status__in=("declined", "reversed"))
        names = [field.attname for field in table._meta.local_fields if getattr(field, "column", None)]
        kept.append([table.__name__, sorted(map(str, rows.values_list(*names)))])
    own = Account.objects.filter(id=account).values().get()
    own.pop("last_id")
    kept.append(own)
    if series:
        kept += list(Series.objects.filter(seller_id=own["seller_id"]).order_by("series", "year").values())
    return hashlib.sha256(json.dumps(kept, default=str).encode()).hexdigest()


def pure_state(*subscriptions: Subscription, sold: Catalog = CATALOG, **facts: Any) -> AccountState:
    """De Linde as the pure core takes it, with these subscriptions and no database. charges: what can be credited."""
    return AccountState(**{
        "id": 1, "seller": Seller(1, "NL", AMSTERDAM), "catalog": sold, "country": "NL", "currency": "EUR",
        "timezone": AMSTERDAM, "default_method": 1, "methods": {1: Method(1, CARD)},
        "subscriptions": {one.id: one for one in subscriptions}, "charges": {}, "payments": (), **facts,
    })  # fmt: skip


def after(state: AccountState, decision: Decision) -> AccountState:
    """The state after a decision, worked out without a database: enough of it for the next decision in a test."""
    known, given = dict(state.subscriptions), {}
    charges = {key: list(lines) for key, lines in (state.charges or {}).items()}
    next_id = max([100, *known, *(line.id for lines in charges.values() for line in lines)]) + 1
    for before, found in decision.subscriptions:
        one = found if before is not None else replace(found, id=next_id)
        if before is not None and before.period_start != one.period_start:
            charges[one.id] = []
        known[one.id] = one
        given[found.id] = one.id
        next_id += 1
    for document in decision.documents:
        for line in document.lines:
            own = charges.setdefault(given.get(line.subscription, line.subscription), [])
            taken = dict(line.takes)
            own[:] = [replace(charge, left_minor=charge.left_minor - taken.get(charge.id, 0)) for charge in own]
            if line.amount_minor > 0:
                own.insert(0, ChargeLine(next_id, next_id, line.amount_minor, line.category, line.rate))
                next_id += 1
    pools = dict(state.pools)
    for change in decision.pools:
        pools[change.product] = Pool(change.product, change.bought, change.assigned, change.suspended, change.remove_on)
    left = {key: tuple(line for line in lines if line.left_minor) for key, lines in charges.items()}
    return replace(state, subscriptions=known, charges=left, pools=pools, balance_minor=decision.balance_after_minor)
