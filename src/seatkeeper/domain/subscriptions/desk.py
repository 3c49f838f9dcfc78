"""What the seller's desk reads and does by account: the command line's queries. Nothing here decides.

Everything is found by an account's key or number, whichever seller it has; a test seller's time is its own clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q, Sum

from seatkeeper.core.calendar import local_date
from seatkeeper.core.state import AccountState
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.payments.queries import methods
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.kit.clock import system_now

MOST_BY_KEY = 500
"""So many users are asked for by key; of more, all of the account are read."""


@dataclass(frozen=True, slots=True)
class SellerLine:
    """A seller. clock_at: a test seller's own clock; None: the system's."""

    id: int
    name: str
    country: str
    timezone: str
    is_test: bool
    clock_at: datetime | None
    accounts: int
    catalog_version: int

    @property
    def now(self) -> datetime:
        """The seller's present instant."""
        return self.clock_at or system_now()


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account on the list. open_minor: what is due on its documents; parked_reason: why the run leaves it out."""

    id: int
    key: str
    name: str
    seller: int
    country: str
    currency: str
    timezone: str
    balance_minor: int
    due_at: datetime | None
    parked_reason: str
    open_minor: int = 0
    subscriptions: int = 0


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """One account with its state, payment methods and number of users. now: its seller's clock."""

    line: AccountLine
    state: AccountState
    methods: tuple[MethodRow, ...]
    users: int
    seller_name: str
    now: datetime

    def row(self, permissions: frozenset[str]) -> AccountRow:
        """The account as the queries of pages take it."""
        line = self.line
        today = local_date(self.now, line.timezone)
        return AccountRow(
            line.id, line.name, line.currency, line.timezone, today, self.now, permissions, self.seller_name
        )


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document on a list over accounts."""

    account: int
    account_key: str
    id: int
    number: str
    kind: str
    issued_on: date
    due_on: date
    currency: str
    gross_minor: int
    due_minor: int
    status: str


_COLUMNS = (
    "id", "key", "name", "seller_id", "country", "currency", "timezone", "balance_minor", "due_at", "parked_reason",
)  # fmt: skip


def sellers() -> tuple[SellerLine, ...]:
    """All sellers with the number of their accounts."""
    rows = Seller.objects.annotate(accounts=Count("account")).order_by("id")
    columns = ("id", "name", "country", "timezone", "is_test", "clock_at", "accounts", "catalog_version")
    return tuple(SellerLine(*row) for row in rows.values_list(*columns))


def accounts(*, seller: int | None = None, search: str = "", most: int = 1000) -> tuple[AccountLine, ...]:
    """Accounts by number. search: part of a key or name."""
    found = Account.objects.order_by("id")
    if seller is not None:
        found = found.filter(seller_id=seller)
    if search:
        found = found.filter(Q(key__icontains=search) | Q(name__icontains=search))
    rows = list(found.values_list(*_COLUMNS)[:most])
    ids = [row[0] for row in rows]
    due = Document.objects.filter(account_id__in=ids, due_minor__gt=0).values_list("account_id")
    open_minor = dict(due.annotate(due=Sum("due_minor")).order_by())
    held = SubscriptionRow.objects.filter(account_id__in=ids).exclude(status="deleted").values_list("account_id")
    counts = dict(held.annotate(held=Count("seats")).order_by())
    lines = (AccountLine(*row) for row in rows)
    return tuple(
        replace(one, open_minor=open_minor.get(one.id, 0), subscriptions=counts.get(one.id, 0)) for one in lines
    )


def parked(*, seller: int | None = None, most: int = 1000) -> tuple[AccountLine, ...]:
    """The accounts that the run leaves out, from the index of them; by seller and number."""
    found = Account.objects.exclude(parked_reason="").order_by("seller_id", "id")
    if seller is not None:
        found = found.filter(seller_id=seller)
    return tuple(AccountLine(*row) for row in found.values_list(*_COLUMNS)[:most])


def account_ids(text: str) -> tuple[int, ...]:
    """The numbers of the accounts that a text means: a number, or a key. Several sellers may use the same key."""
    by_key = tuple(Account.objects.filter(key=text).order_by("id").values_list("id", flat=True)[:5])
    if by_key or not (text.isascii() and text.isdigit() and len(text) < 19):
        return by_key
    return tuple(Account.objects.filter(id=int(text)).values_list("id", flat=True))


def account_keys(*, most: int = 2000) -> list[str]:
    """Keys of accounts, to name the nearest one."""
    return list(Account.objects.order_by("id").values_list("key", flat=True)[:most])


def sheet(account: int) -> AccountSheet:
    """One account that exists."""
    line = AccountLine(*Account.objects.values_list(*_COLUMNS).get(id=account))
    state = load([account], locked=False)[account].state
    seller = next(one for one in sellers() if one.id == line.seller)
    found = methods(account, default=state.default_method, backup=state.backup_method, pays={})
    users = User.objects.filter(account_id=account).count()
    return AccountSheet(line, state, tuple(found.values()), users, seller.name, seller.now)


def users_by_key(account: int, keys: Iterable[str]) -> dict[str, int]:
    """Numbers of users of the account by their key or e-mail address; unknown ones are left out."""
    wanted = list(keys)
    rows = User.objects.filter(account_id=account)
    if len(wanted) <= MOST_BY_KEY:
        rows = rows.filter(Q(key__in=wanted) | Q(email__in=wanted))
    found: dict[str, int] = {}
    for id_, key, email in rows.values_list("id", "key", "email"):
        found[key] = found[email] = id_
    return {text: found[text] for text in wanted if text in found}


def user_keys(account: int, *, most: int = 2000) -> list[str]:
    """Keys of the account's users, to name the nearest one."""
    return list(User.objects.filter(account_id=account).order_by("id").values_list("key", flat=True)[:most])


def documents(*, account: int | None = None, open_only: bool = False, most: int = 500) -> tuple[DocumentLine, ...]:
    """Documents, newest first, of one account or of all."""
    found = Document.objects.order_by("-issued_at", "-account_id", "-id")
    if account is not None:
        found = found.filter(account_id=account)
    if open_only:
        found = found.filter(due_minor__gt=0)
    columns = ("id", "number", "kind", "issued_on", "due_on", "currency", "gross_minor", "due_minor", "status")
    rows = list(found.values_list("account_id", *columns)[:most])
    keys = dict(Account.objects.filter(id__in={row[0] for row in rows}).values_list("id", "key"))
    return tuple(DocumentLine(row[0], keys[row[0]], *row[1:]) for row in rows)


def documents_numbered(number: str) -> tuple[tuple[int, int], ...]:
    """(account, document) of every document of that number: one for each seller whose series has it."""
    rows = Document.objects.filter(number=number).order_by("account_id").values_list("account_id", "id")
    return tuple(rows[:5])


def method_kind(account: int, method: int) -> str | None:
    """card, direct_debit or bank_transfer; None for a method that the account does not have."""
    return Method.objects.filter(account_id=account, id=method).values_list("kind", flat=True).first()


def release(account: int) -> bool:
    """Put a parked account back into the billing run; False where it was not parked."""
    changed = Account.objects.filter(id=account).exclude(parked_reason="").update(parked_reason="")
    return bool(changed)
