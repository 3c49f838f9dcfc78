"""Making sellers, accounts, their users and first payment method: what an installation begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from seatkeeper.core.catalog.plans import Catalog
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.catalog.operations import insert_catalog
from seatkeeper.domain.identity.operations import add_users
from seatkeeper.domain.payments.operations import write_methods


@dataclass(frozen=True, slots=True)
class UserFacts:
    """A person of an account: key within it, name, e-mail address, role."""

    key: str
    name: str
    email: str
    role: str = "user"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of a buying organisation when it begins. credit_limit_minor in minor units of its currency.

    payment: card, direct_debit or bank_transfer, made its first method. users: a number makes u1 ... un.
    """

    key: str
    country: str
    currency: str
    timezone: str
    payment: str
    name: str = ""
    vat_id: str | None = None
    vat_confirmed: bool = False
    terms_days: int = 30
    credit_limit_minor: int | None = None
    users: int = 0
    people: tuple[UserFacts, ...] = ()
    language: str = "en"
    address: dict[str, Any] = field(default_factory=dict)
    card: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that was made: its id, its users by key, its first payment method."""

    id: int
    users: dict[str, int]
    method: int

    def current_method(self) -> int | None:
        """The account's default payment method as it is now."""
        return Account.objects.values_list("default_method", flat=True).get(id=self.id)


@transaction.atomic
def add_test_seller(
    *, country: str, timezone: str, credit_to: str, catalog: Catalog, clock_at: datetime, name: str = "Test seller",
    dunning: list[list[Any]] | None = None, **facts: Any,
) -> int:
    """A seller with a test clock, its own series and ledger, for ever. Returns its id."""
    seller = Seller.objects.create(
        name=name, country=country, timezone=timezone, credit_to=credit_to, is_test=True, clock_at=clock_at,
        catalog_version=1, dunning=dunning, **facts,
    )
    insert_catalog(seller.id, catalog)
    return seller.id


def add_seller(*, name: str, country: str, timezone: str, credit_to: str) -> int:
    """A real seller, on the system's clock, with an empty catalogue. Returns its id."""
    return Seller.objects.create(name=name, country=country, timezone=timezone, credit_to=credit_to).id


METHOD_ID = 1
"""The id of an account's first payment method."""


@transaction.atomic
def add_account(seller: int, facts: AccountFacts, *, at: datetime) -> NewAccount:
    """A buying organisation with its users and its first payment method."""
    account = Account.objects.create(
        seller_id=seller,
        key=facts.key,
        name=facts.name or facts.key,
        country=facts.country,
        address=facts.address,
        vat_id=facts.vat_id,
        vat_confirmed=facts.vat_confirmed,
        currency=facts.currency,
        timezone=facts.timezone,
        language=facts.language,
        terms_days=facts.terms_days,
        credit_limit_minor=facts.credit_limit_minor,
        default_method=METHOD_ID,
        last_id=METHOD_ID,
    )
    token = "" if facts.payment == "bank_transfer" else "sandbox_ok"
    label, brand, last_four = facts.card
    write_methods(
        [(account.id, METHOD_ID, facts.payment, label, token, brand, last_four, None, False, None, at)]
    )
    people = facts.people or tuple(
        UserFacts(f"u{number}", f"u{number}", f"u{number}@{account.id}.example")
        for number in range(1, facts.users + 1)
    )
    users = add_users(
        account.id, [(one.key, one.name, one.email, one.role) for one in people], language=facts.language
    )
    return NewAccount(account.id, users, METHOD_ID)
