"""What `verify` reads of a batch of accounts: their rows as they stand, added up by account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from seatkeeper.core.tables import ACTIVE, DISABLED, EXPIRED, POOLED, SCHEDULED, TRIAL
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.ledger.models import Posting
from seatkeeper.domain.licensing.models import Assignment, Pool
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.codec import COLUMNS, from_row, to_entry
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.kit.bulk import Table

SUBSCRIPTIONS = Table(SubscriptionRow)
DOCUMENTS = Table(Document)
WAITING = frozenset({SCHEDULED, TRIAL, ACTIVE, EXPIRED, DISABLED})


@dataclass(slots=True)
class Books:
    """One account's rows. ledger: debits less credits by ledger account; paid: postings by (document, event).

    subscriptions: id to journal entry; bought and assigned: by product, counted from the rows themselves.
    refunds_pending: promised to a payment method and not given yet. waits: something will happen by itself.
    """

    id: int
    currency: str
    balance: int
    head: tuple[int, str]
    due_at: datetime | None
    subscriptions: dict[int, list[Any]] = field(default_factory=dict)
    periods: dict[int, Any] = field(default_factory=dict)
    documents: dict[int, Document] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    ledger: dict[str, int] = field(default_factory=dict)
    paid: dict[tuple[int | None, str], int] = field(default_factory=dict)
    other_currencies: list[str] = field(default_factory=list)
    pools: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    assigned: dict[str, tuple[int, int]] = field(default_factory=dict)
    bought: dict[str, int] = field(default_factory=dict)
    refunds_pending: int = 0
    waits: bool = False


def read_books(ids: Sequence[int]) -> dict[int, Books]:
    """Read the accounts' rows: the same number of queries for one account as for a batch."""
    columns = ("id", "currency", "balance_minor", "journal_sequence", "journal_head", "due_at", "parked_reason")
    books = {
        id_: Books(id_, currency, balance, (sequence, head), due_at)
        for id_, currency, balance, sequence, head, due_at, _ in Account.objects.filter(id__in=ids).values_list(
            *columns
        )
    }
    _subscriptions(books)
    _documents(books)
    _postings(books)
    _licenses(books)
    return books


def _subscriptions(books: dict[int, Books]) -> None:
    for row in SUBSCRIPTIONS.select(COLUMNS, list(books), order="account_id, id"):
        own = books[row[0]]
        try:
            one = from_row(row)
        except (LookupError, TypeError, ValueError, StopIteration) as error:
            own.subscriptions[row[1]] = [row[1], f"{type(error).__name__}: {error}"]
            continue
        own.subscriptions[one.id] = to_entry(row[0], one)
        own.periods[one.id] = one
        if one.status in POOLED:
            own.bought[one.product] = own.bought.get(one.product, 0) + one.seats
        own.waits = own.waits or one.status in WAITING


def _documents(books: dict[int, Books]) -> None:
    found = Document.objects.filter(account_id__in=list(books)).order_by("account_id", "id")
    for document in found.iterator(chunk_size=1000):
        books[document.account_id].documents[document.id] = document
    lines = Line.objects.filter(account_id__in=list(books))
    order = ("account_id", "subscription_id", "period_start", "sequence")
    for line in lines.order_by(*order).iterator(chunk_size=1000):
        books[line.account_id].lines.append(line)


def _postings(books: dict[int, Books]) -> None:
    sums = Posting.objects.filter(account_id__in=list(books)).values_list(
        "account_id", "debit", "credit", "document_id", "event", "currency"
    )
    for account, debit, credit, document, event, currency, amount in sums.annotate(sum=Sum("amount_minor")):
        own = books[account]
        own.ledger[debit] = own.ledger.get(debit, 0) + amount
        own.ledger[credit] = own.ledger.get(credit, 0) - amount
        own.paid[(document, event)] = own.paid.get((document, event), 0) + amount
        if currency != own.currency:
            own.other_currencies.append(currency)
    pending = Attempt.objects.filter(account_id__in=list(books), purpose="refund", status="pending")
    for account, amount in pending.values_list("account_id").annotate(sum=Sum("amount_minor")):
        books[account].refunds_pending = amount


def _licenses(books: dict[int, Books]) -> None:
    pools = Pool.objects.filter(account_id__in=list(books))
    for account, product, *counts in pools.values_list("account_id", "product", "bought", "assigned", "suspended"):
        books[account].pools[product] = (counts[0], counts[1], counts[2])
    rows = Assignment.objects.filter(account_id__in=list(books)).values_list("account_id", "product")
    for account, product, active, suspended in rows.annotate(
        active=Count("id", filter=Q(suspended_on__isnull=True)),
        suspended=Count("id", filter=Q(suspended_on__isnull=False)),
    ):
        books[account].assigned[product] = (active, suspended)
