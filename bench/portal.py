"""Every page of the portal on an account of many years."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench import cast
from bench.latency import timed
from seatkeeper.kit.commands import Actor, Context, call

DAYS = 20
"""On so many different days they are bought, and so they are billed on as many days of each month."""


@dataclass(frozen=True, slots=True)
class Large:
    """The account: its seller, the references of a subscription and a document, and one of its owners."""

    seller: int
    account: int
    owner: int
    subscription: str
    document: str
    now: datetime


def grown(*, users: int, subscriptions: int, years: int) -> Large:
    """An account that bought everything in its first days and went on for years, by the product's own run."""
    from seatkeeper.domain.identity.models import User
    from seatkeeper.domain.invoicing.models import Document
    from seatkeeper.domain.subscriptions.clock import advance
    from seatkeeper.domain.subscriptions.installation import AccountFacts, add_account
    from seatkeeper.kit.refs import reference

    seller = cast.seller()
    facts = AccountFacts("grown", "NL", "EUR", "Europe/Amsterdam", "card", name="Grown", users=users)
    account = add_account(seller, facts, at=cast.BOUGHT_AT)
    people = list(account.users.values())
    bought, now = [], cast.BOUGHT_AT
    for day in range(DAYS):
        now = cast.BOUGHT_AT + timedelta(days=day)
        advance(seller, now)
        for number in range(day, subscriptions, DAYS):
            product = 1 + number % cast.PRODUCTS
            arguments = {"plan": f"p{product}-{'my'[number % 2]}", "seats": 5 + number % 40}
            bought.append(call("subscription.buy", Context(cast.OWNER, account.id, now), **arguments).subscription)
    held_of_each = min(300, 5 * (subscriptions // cast.PRODUCTS))
    for product in range(1, cast.PRODUCTS + 1):
        held = tuple(people[product : product + held_of_each])
        call("license.assign", Context(cast.OWNER, account.id, now), product=f"p{product}", users=held)
    for month in range(1, years * 12 + 1):
        now = cast.BOUGHT_AT + timedelta(days=month * 365 // 12)
        advance(seller, now)
        one = bought[month * 7 % len(bought)]
        call("subscription.set_seats", Context(cast.OWNER, account.id, now), subscription=one, seats=46 + month)
        if month % 12 == 0:
            print(f"    year {month // 12} of {years}", file=sys.stderr, flush=True)
    User.objects.filter(id=people[0]).update(role="owner")
    buyer = Context(Actor("owner", people[0], "web"), account.id, now)
    call("cart.add", buyer, item={"plan": "p1-m", "seats": 3})
    newest = Document.objects.filter(account_id=account.id).order_by("-id").values_list("number", flat=True)[0]
    return Large(seller, account.id, people[0], reference(bought[0]), newest, now)


def pages(large: Large) -> dict[str, str]:
    """The address of each page by its name."""
    subscription = f"/products/{large.subscription}"
    return {
        "Overview": "/",
        "Products & services": "/products",
        "Products & services, searched": "/products?search=Product+7",
        "Subscription": subscription,
        "Subscription, years back": f"{subscription}?earlier={large.now - timedelta(days=900):%Y%m%dT%H%M%S%f}-0-0",
        "Sheet: change licences": f"{subscription}/licences?seats=60",
        "Sheet: cancel": f"{subscription}/cancel",
        "Prepare renewal": f"{subscription}/renewal",
        "Licences": "/licences",
        "Licences of a product": "/licences/p1",
        "Purchase services": "/buy",
        "Product": "/buy/p1",
        "Checkout": "/checkout",
        "Bills & payments": "/bills",
        "Invoice": f"/bills/{large.document}",
        "Savings": "/savings",
        "Billing account": "/account",
        "People": "/account/people",
        "Mails": "/account/mail",
        "A mail": "/account/mail/renewal",
        "Activity": "/activity",
    }


def reader_of(large: Large) -> Any:
    """A browser in which the owner is signed in."""
    from django.test import Client

    from seatkeeper.domain.identity.operations import make_link
    from seatkeeper.kit.clock import system_now

    reader = Client(SERVER_NAME="localhost")
    answer = reader.post(f"/sign-in/{make_link(large.owner, now=system_now())}")
    assert answer.status_code == 302, "the link signs in"
    return reader


def measure(times: int, *, users: int, subscriptions: int, years: int) -> dict[str, Any]:
    """p50, p95 and queries of each page, through every middleware and with the page rendered."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    large = grown(users=users, subscriptions=subscriptions, years=years)
    reader = reader_of(large)
    found: dict[str, Any] = {}
    for name, address in pages(large).items():
        page = _page(reader, address)
        found[name] = timed(times, page)
        with CaptureQueriesContext(connection) as queries:
            page(0)
        found[name]["queries"] = len(queries)
    return found


def _page(reader: Any, address: str) -> Callable[[int], None]:
    def page(turn: int) -> None:
        answer = reader.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    return page
