"""Who the benchmarks are about: a Dutch seller with 25 products, and buyers who pay by card."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from seatkeeper.core.catalog.plans import Catalog, Plan, Product
from seatkeeper.core.catalog.prices import PER_SEAT, DatedPrice, Price
from seatkeeper.core.decide import decide
from seatkeeper.core.tables import FLEXIBLE
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.payments.operations import write_methods
from seatkeeper.domain.subscriptions.applying import Write, apply
from seatkeeper.domain.subscriptions.charging import settle_attempts
from seatkeeper.domain.subscriptions.installation import METHOD_ID, AccountFacts, add_account, add_test_seller
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.kit.commands import Actor, Context, call

BOUGHT_AT = datetime(2026, 1, 15, 9, tzinfo=UTC)
RENEWS_AT = datetime(2026, 2, 14, 23, tzinfo=UTC)
"""Midnight of 15 February in Amsterdam: every monthly subscription bought on 15 January is due."""

PRODUCTS = 25
OWNER = Actor("owner", via="bench")
BATCH = 500


def catalog() -> Catalog:
    """Products p1 ... p25, each with a monthly and a yearly plan billed monthly, by the seat."""
    products, plans = {}, {}
    for number in range(1, PRODUCTS + 1):
        own = []
        for plan, term, micro in ((f"p{number}-m", "P1M", 12_500_000), (f"p{number}-y", "P1Y", 10_400_000)):
            price = Price("EUR", PER_SEAT, ((None, micro + number * 100_000),))
            plans[plan] = Plan(plan, f"p{number}", term, "P1M", FLEXIBLE, (DatedPrice(date(2025, 1, 1), price),))
            own.append(plan)
        products[f"p{number}"] = Product(f"p{number}", f"Product {number}", plans=tuple(own))
    return Catalog(products, plans)


def seller() -> int:
    """A seller with a test clock. Returns its id."""
    return add_test_seller(
        country="NL", timezone="Europe/Amsterdam", credit_to="balance", catalog=catalog(), clock_at=BOUGHT_AT
    )


METHODS = {"card": ("Visa 4242", "sandbox_ok", "Visa", "4242"), "bank_transfer": ("Bank transfer", "", "", "")}


def buyers(of: int, count: int, kind: str = "card") -> None:
    """So many accounts with one monthly subscription each, paid by one kind of method, all due on one date.

    The accounts and their cards are inserted; the purchases are decided and written as the product does it.
    """
    for start in range(0, count, BATCH):
        made = Account.objects.bulk_create(
            Account(
                seller_id=of, key=f"buyer-{number}", name=f"Buyer {number}", country="NL", currency="EUR",
                timezone="Europe/Amsterdam", default_method=METHOD_ID, last_id=METHOD_ID,
                address={"street": f"Kade {number}", "city": "Delft", "postcode": "2611 AA"},
            )
            for number in range(start, min(start + BATCH, count))
        )  # fmt: skip
        ids = [account.id for account in made]
        with transaction.atomic():
            write_methods(
                [(id_, METHOD_ID, kind, *METHODS[kind], None, False, None, BOUGHT_AT) for id_ in ids]
            )  # fmt: skip
            apply([
                Write(loaded, decide(loaded.state, "buy", _purchase(id_), now=BOUGHT_AT), str(OWNER))
                for id_, loaded in load(ids).items()
            ])
        settle_attempts(BOUGHT_AT, account_ids=ids)


def _purchase(account: int) -> dict[str, object]:
    return {"plan": f"p{1 + account % PRODUCTS}-m", "seats": 1 + account % 40}


def large_account(of: int, *, users: int, subscriptions: int) -> tuple[int, list[int], list[int]]:
    """One account of so many users and subscriptions, half of its users with a licence of the first product.

    Returns the account's id, its subscriptions' ids, and its users' ids.
    """
    facts = AccountFacts("large", "NL", "EUR", "Europe/Amsterdam", "card", users=users)
    account = add_account(of, facts, at=BOUGHT_AT)
    people = list(account.users.values())
    bought = []
    for number in range(subscriptions):
        product = 1 + number % PRODUCTS
        plan = f"p{product}-{'m' if number < PRODUCTS else 'y'}"
        seats = users if number == 0 else 50
        ctx = Context(OWNER, account.id, BOUGHT_AT + timedelta(minutes=number))
        bought.append(call("subscription.buy", ctx, plan=plan, seats=seats).subscription)
    later = BOUGHT_AT + timedelta(hours=2)
    call("license.assign", Context(OWNER, account.id, later), product="p1", users=tuple(people[: users // 2]))
    return account.id, bought, people
