"""An organisation to look at: a test seller with a catalogue, Contoso with people of every role and subscriptions in
every status, and Fabrikam, a stranger to it. Everything comes from commands on the seller's test clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from seatkeeper.core.catalog.plans import Catalog, Plan, Product, TrialTerms
from seatkeeper.core.catalog.prices import DatedPrice, Price
from seatkeeper.core.money import micro_from_text
from seatkeeper.core.tables import COMMITTED, FLEXIBLE
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.identity.operations import make_link
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.payments.operations import write_methods
from seatkeeper.domain.subscriptions import commands
from seatkeeper.domain.subscriptions.clock import advance
from seatkeeper.domain.subscriptions.execution import Outcome
from seatkeeper.domain.subscriptions.installation import AccountFacts, UserFacts, add_account, add_test_seller
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.commands import Actor, Context, call

assert commands.__all__

TODAY = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
SEPA = 2
"""The id of Contoso's second payment method."""
FIRST_DAY = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)

SOLD = (
    ("business-basic", "Business Basic", "Web and mobile Office apps, mail and Teams.", "Microsoft 365", "5.60"),
    ("business-standard", "Business Standard", "Desktop Office apps, mail and Teams.", "Microsoft 365", "12.50"),
    ("business-premium", "Business Premium", "Business Standard with device protection.", "Microsoft 365", "20.60"),
    ("visio-2", "Visio Plan 2", "Diagrams on the web and the desktop.", "Apps", "15"),
    ("power-bi-pro", "Power BI Pro", "Share and work together on reports.", "Apps", "9.40"),
    ("planner-3", "Planner and Project Plan 3", "Plan and follow projects.", "Apps", "28.10"),
    ("exchange-1", "Exchange Online Plan 1", "Mail and calendars.", "Microsoft 365", "3.70"),
    ("teams-phone", "Teams Phone Standard", "Call and be called from Teams.", "Add-ons", "7.50"),
    ("entra-p1", "Entra ID P1", "Sign-in rules and self-service passwords.", "Security", "5.60"),
    ("intune-1", "Intune Plan 1", "Manage phones and computers.", "Security", "7.50"),
)
REQUIRES = {"teams-phone": ("business-standard",)}
EXCLUDES = {"business-premium": ("business-standard",)}
KINDS = (
    ("monthly", "P1M", "P1M", FLEXIBLE, 100),
    ("yearly-monthly", "P1Y", "P1M", COMMITTED, 95),
    ("yearly", "P1Y", "P1Y", COMMITTED, 1140),
)


def catalog() -> Catalog:
    """Ten products, each flexible by month, committed by year paid by month, and committed by year."""
    products, plans = {}, {}
    for id_, name, summary, category, price in SOLD:
        own = []
        for suffix, term, billing, policy, percent in KINDS:
            micro = micro_from_text(price) * percent // 100
            trial = TrialTerms(30, 25) if suffix == "monthly" else None
            plan = Plan(
                f"{id_}-{suffix}", id_, term, billing, policy,
                (DatedPrice(date(2020, 1, 1), Price("EUR", "per_seat", ((None, micro),))),),
                max_seats=300 if id_.startswith("business") else None, trial=trial, name=name,
            )  # fmt: skip
            plans[plan.id] = plan
            own.append(plan.id)
        products[id_] = Product(
            id_, name, REQUIRES.get(id_, ()), EXCLUDES.get(id_, ()), tuple(own), id_.upper().replace("-", "_"), "",
            category, summary, ("Mail of 50 GB", "1 TB of files"),
        )  # fmt: skip
    return Catalog(products, plans)


PEOPLE = (
    UserFacts("anna", "Anna Jansen", "anna.jansen@contoso.example", "owner"),
    UserFacts("bram", "Bram de Vries", "bram.devries@contoso.example", "billing_administrator"),
    UserFacts("carla", "Carla Smit", "carla.smit@contoso.example", "license_administrator"),
    UserFacts("daan", "Daan Bos", "daan.bos@contoso.example", "reader"),
    UserFacts("eva", "Eva Visser", "eva.visser@contoso.example", "user"),
)
FIRST_NAMES = "Finn Gijs Hanna Ivo Julia Karim Lotte Mees Noor Olaf Puck Roos Sem Tess Vera Wout".split()
LAST_NAMES = "Mulder Bakker Meijer Dekker Vos Peters Brouwer Kok".split()


def _staff(count: int) -> tuple[UserFacts, ...]:
    found = []
    for number in range(count):
        first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number * 5 // 7 % len(LAST_NAMES)]
        address = f"{first}.{last}.{number}@contoso.example".lower()
        found.append(UserFacts(f"s{number}", f"{first} {last} {number}", address))
    return tuple(found)


@dataclass
class Organisation:
    """Contoso as a test finds it. ids: its subscriptions by name; users: ids by key; stranger: Fabrikam's account."""

    seller: int
    account: int
    stranger: int
    users: dict[str, int]
    strangers_subscription: int = 0
    now: datetime = TODAY
    ids: dict[str, int] = field(default_factory=dict)

    def give(
        self, command: str, *, account: int | None = None, at: datetime | None = None, **arguments: Any
    ) -> Outcome:
        """A command by the owner at an instant, to which the clock moves first."""
        if at is not None:
            advance(self.seller, at)
            self.now = at
        actor = Actor("owner", self.users["anna"], "web")
        outcome: Outcome = call(command, Context(actor, account or self.account, self.now), **arguments)
        return outcome

    def move(self, to: datetime) -> None:
        """Move the seller's clock, doing all that falls due."""
        advance(self.seller, to)
        self.now = to

    def buy(self, name: str, plan: str, seats: int, **more: Any) -> int:
        """Buy and remember the subscription's id."""
        found = self.give("subscription.buy", plan=plan, seats=seats, **more).subscription
        assert found is not None
        self.ids[name] = found
        return found

    def assign(self, product: str, first: int, last: int) -> None:
        """Give the product to some of the staff."""
        users = tuple(self.users[f"s{number}"] for number in range(first, last))
        self.give("license.assign", product=product, users=users)

    def reference(self, name: str) -> str:
        """S-10031."""
        return f"S-{10_000 + self.ids[name]}"

    def link(self, person: str = "anna") -> str:
        """The path of a fresh sign-in link."""
        return f"/sign-in/{make_link(self.users[person], now=system_now())}"

    def user(self, person: str = "anna") -> User:
        """A person's row."""
        return User.objects.get(id=self.users[person])

    def user_named(self, name: str) -> int:
        """The id of the person of a name."""
        return User.objects.get(account_id=self.account, name=name).pk


def founded(*, staff: int = 60, begins: datetime = FIRST_DAY) -> Organisation:
    """The seller, Contoso with its people and two payment methods, and Fabrikam with one subscription."""
    seller = add_test_seller(
        country="NL", timezone="Europe/Amsterdam", credit_to="balance", catalog=catalog(), clock_at=begins,
        name="Noordlicht Cloud B.V.", vat_id="NL001234567B01", registration_number="KvK 12345678",
        address={"street": "Kade", "number": "12", "postcode": "1011 AB", "town": "Amsterdam"},
    )  # fmt: skip
    facts = AccountFacts(
        "contoso", "NL", "EUR", "Europe/Amsterdam", "card", name="Contoso Nederland B.V.", vat_id="NL009876543B01",
        vat_confirmed=True, people=(*PEOPLE, *_staff(staff)), card=("Visa ending 4242", "Visa", "4242"),
        address={"street": "Stationsplein", "number": "1", "postcode": "3511 ED", "town": "Utrecht"},
    )  # fmt: skip
    made = add_account(seller, facts, at=begins)
    debit = (made.id, SEPA, "direct_debit", "SEPA ending 4300", "sandbox_ok", "", "4300", None, False, None, begins)
    write_methods([debit])
    other = add_account(
        seller, AccountFacts("fabrikam", "BE", "EUR", "Europe/Brussels", "card", name="Fabrikam", users=3), at=begins
    )
    Account.objects.filter(id=made.id).update(last_id=SEPA)
    found = Organisation(seller, made.id, other.id, made.users, now=begins)
    bought = found.give("subscription.buy", account=other.id, plan="business-basic-monthly", seats=3)
    found.strangers_subscription = bought.subscription or 0
    return found


def settled(*, today: datetime = TODAY) -> Organisation:
    """Contoso with four subscriptions that are all well: flexible, committed, expiring, on trial."""
    found = founded()
    found.buy("standard", "business-standard-monthly", 10)
    found.assign("business-standard", 0, 9)
    found.buy("basic", "business-basic-yearly-monthly", 20)
    found.assign("business-basic", 10, 24)
    found.buy("visio", "visio-2-monthly", 6)
    found.assign("visio-2", 0, 6)
    found.give("subscription.set_recurring", subscription=found.ids["visio"], to="off", at=today.replace(day=5))
    trial = found.give("subscription.start_trial", plan="entra-p1-monthly", seats=25, at=today.replace(day=10))
    found.ids["entra"] = trial.subscription or 0
    found.move(today)
    return found


def storied() -> Organisation:
    """Contoso with a subscription in every status, booked changes, an overdue invoice and suspended licences."""
    found = founded()
    found.buy("standard", "business-standard-monthly", 30)
    found.assign("business-standard", 0, 27)
    found.buy("basic", "business-basic-yearly-monthly", 40)
    found.assign("business-basic", 27, 59)
    found.buy("planner", "planner-3-monthly", 10)
    found.assign("planner-3", 0, 10)
    found.buy("deleted", "exchange-1-monthly", 3, start=date(2025, 12, 20))
    found.give("subscription.cancel", subscription=found.ids["deleted"])
    found.move(_on(1, 8))
    found.buy("exchange", "exchange-1-monthly", 15)
    found.assign("exchange-1", 0, 12)
    found.move(_on(1, 25))
    found.buy("visio", "visio-2-monthly", 8)
    found.assign("visio-2", 10, 18)
    found.give("subscription.set_recurring", subscription=found.ids["exchange"], to="off", at=_on(2, 3))
    found.buy("late", "power-bi-pro-monthly", 12, method=SEPA, at=_on(2, 11))
    found.assign("power-bi-pro", 20, 31)
    Method.objects.filter(account_id=found.account, id=SEPA).update(token="sandbox_declined")
    found.give("subscription.set_recurring", subscription=found.ids["visio"], to="off", at=_on(2, 12))
    found.give("subscription.set_seats", subscription=found.ids["planner"], seats=6, when="renewal")
    found.buy("intune", "intune-1-monthly", 12, at=_on(2, 20))
    found.buy("copy", "visio-2-monthly", 2)
    found.give("subscription.set_recurring", subscription=found.ids["copy"], to="off")
    found.give("subscription.set_seats", subscription=found.ids["standard"], seats=32, at=_on(3, 3))
    found.give("subscription.cancel", subscription=found.ids["intune"], at=_on(3, 4))
    trial = found.give("subscription.start_trial", plan="entra-p1-monthly", seats=25, at=_on(3, 5))
    found.ids["entra"] = trial.subscription or 0
    found.assign("entra-p1", 0, 9)
    found.buy("scheduled", "teams-phone-yearly", 5, start=date(2026, 4, 1))
    found.give("subscription.set_seats", subscription=found.ids["basic"], seats=36, when="renewal")
    found.move(TODAY)
    return found


def _on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=UTC)


def shrunk_planner() -> Organisation:
    """Five people on Planner, of whom the two newest are suspended."""
    found = founded(staff=40)
    found.buy("planner", "planner-3-monthly", 5)
    found.assign("planner-3", 0, 5)
    found.give("subscription.set_seats", subscription=found.ids["planner"], seats=3, when="renewal")
    found.move(found.now + timedelta(days=40))
    return found
