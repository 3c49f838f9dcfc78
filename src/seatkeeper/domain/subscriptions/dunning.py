"""The seller's dunning table: what it is, what will be tried when, and what another one would have done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from seatkeeper.core.calendar import local_date
from seatkeeper.core.payments.lab import Failure, Table, text_of_table
from seatkeeper.core.payments.tries import next_step
from seatkeeper.core.tables import BACKUP, DISABLE, DUNNING
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.accounts.recording import record_for_many
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.kit.commands import Actor

BATCH = 200


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """The next step of an open invoice. what: try, remind (nothing can be charged), disable; untold: it waits for the
    message of the one before."""

    account: int
    key: str
    number: str
    due_on: date
    due_minor: int
    currency: str
    on: date
    what: str
    step: int
    steps: int
    untold: bool = False


def table_of(seller: int) -> Table:
    """The seller's table, or the one that counts without one of its own."""
    kept = Seller.objects.values_list("dunning", flat=True).get(id=seller)
    return tuple((int(days), str(what)) for days, what in kept) if kept else DUNNING


@transaction.atomic
def set_table(seller: int, table: Table | None, *, now: datetime, actor: Actor) -> int:
    """Replace the table; None: back to the default. Returns how many accounts with open invoices it touches.

    Steps already made stay made: of an invoice with two steps behind it the third of the new table comes next.
    The journal of each of those accounts says who did it, and both tables.
    """
    before = table_of(seller)
    Seller.objects.filter(id=seller).update(dunning=[list(step) for step in table] if table else None)
    owing = Document.objects.filter(seller_id=seller, due_minor__gt=0).values("account_id")
    accounts = Account.objects.filter(seller_id=seller, id__in=owing)
    facts = {"before": text_of_table(before), "after": text_of_table(table or DUNNING)}
    record_for_many(actor, "dunning_table", dict.fromkeys(accounts.values_list("id", flat=True), (now, facts)))
    accounts.filter(due_at__isnull=True).update(due_at=now)
    accounts.filter(due_at__gt=now).update(due_at=now)
    return accounts.count()


def set_tolerance(seller: int, minor: int) -> None:
    """Write off what a payment leaves due under this, in minor units of each account's currency; 0: nothing."""
    Seller.objects.filter(id=seller).update(tolerance_minor=minor)


def planned(seller: int, *, most: int = 1_000) -> tuple[PlannedStep, ...]:
    """What will be tried when: the next step of every open invoice, soonest first."""
    owing = Document.objects.filter(seller_id=seller, due_minor__gt=0)
    ids = sorted(set(owing.values_list("account_id", flat=True)))
    found: list[PlannedStep] = []
    for start in range(0, len(ids), BATCH):
        for one in load(ids[start : start + BATCH], locked=False).values():
            state = one.state
            table = state.seller.dunning
            for document in state.documents:
                coming = next_step(state, document)
                if coming is None:
                    continue
                found.append(
                    PlannedStep(
                        one.account.id, one.account.key, document.number, document.due_on, document.due_minor,
                        state.currency, coming.on, coming.what, document.steps_done + 1, len(table), document.untold,
                    )
                )
    return tuple(sorted(found, key=lambda step: (step.on, step.account, step.number))[:most])


def failures(seller: int, *, since: date, until: date) -> list[Failure]:
    """The invoices issued in [since, until) of which a charge was refused, as `core.payments.lab` takes them.

    Not those that the backup method paid before the table's first step: no table has anything to do with them.
    """
    timezone, table = Seller.objects.values_list("timezone", flat=True).get(id=seller), table_of(seller)
    rows = Document.objects.filter(seller_id=seller, kind="invoice", issued_on__gte=since, issued_on__lt=until)
    documents = {
        (account, id_): (due_on, currency, gross, due)
        for account, id_, due_on, currency, gross, due in rows.values_list(
            "account_id", "id", "due_on", "currency", "gross_minor", "due_minor"
        ).iterator(chunk_size=5_000)
    }
    tries: dict[tuple[int, int], list[tuple[int, str, bool, int]]] = defaultdict(list)
    attempts = Attempt.objects.filter(
        account_id__in=Account.objects.filter(seller_id=seller).values("id"), document_id__isnull=False,
        purpose__in=("document", "received"), status__in=("succeeded", "declined"), settled_at__isnull=False,
    ).order_by("account_id", "id")
    columns = ("account_id", "document_id", "settled_at", "status", "hard", "amount_minor", "purpose", "turn")
    saved: set[tuple[int, int]] = set()
    for account, document, at, status, hard, amount, purpose, turn in attempts.values_list(*columns).iterator(
        chunk_size=5_000
    ):
        if document is None or at is None or (known := documents.get((account, document))) is None:
            continue
        day = (local_date(at, timezone) - known[0]).days
        tries[account, document].append((day, "received" if purpose == "received" else status, hard, amount))
        if turn == BACKUP and status == "succeeded" and day < table[0][0]:
            saved.add((account, document))
    return [
        _failure(documents[key], own, table)
        for key, own in tries.items()
        if key not in saved and any(status == "declined" for _, status, _, _ in own)
    ]


def _failure(
    document: tuple[date, str, int, int], tries: list[tuple[int, str, bool, int]], table: Table
) -> Failure:
    _, currency, gross, due = document
    refused = tuple(day for day, status, _, _ in tries if status == "declined")
    paid = max((day for day, status, _, _ in tries if status != "declined"), default=None) if not due else None
    by_run = any(status == "succeeded" and day == paid for day, status, _, _ in tries) and paid in {
        days for days, what in table if what != DISABLE
    }
    hard = any(hard for _, status, hard, _ in tries if status == "declined")
    amount = due or sum(amount for _, status, _, amount in tries if status != "declined")
    return Failure(currency, amount or gross, refused, paid, paid is not None and not by_run, hard)


def a_year_before(day: date) -> date:
    """The first day of the year of failures that ends on a day."""
    return day - timedelta(days=365)
