"""Documents, lines and numbers, read and written for the contexts above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from django.db import connection

from seatkeeper.core.decision import Line as LineValue
from seatkeeper.core.state import ChargeLine, OpenDocument
from seatkeeper.domain.invoicing.models import Document, DocumentNumber, Line, Series
from seatkeeper.kit.bulk import Table

DOCUMENTS = Table(Document)
LINES = Table(Line)
NUMBERS = Table(DocumentNumber)

DOCUMENT_COLUMNS = (
    "account_id", "id", "seller_id", "kind", "number", "issued_at", "issued_on", "due_on", "currency",
    "net_minor", "vat_minor", "gross_minor", "vat", "balance_used_minor", "credited_minor", "paid_minor",
    "due_minor", "status", "method_id", "overdue_from", "blocked", "steps_done", "last_step_on", "settlement",
    "buyer", "form", "printed",
)
LINE_COLUMNS = (
    "account_id", "id", "document_id", "subscription_id", "period_start", "sequence", "position", "kind",
    "product", "plan", "seats", "start_on", "end_on", "amount_minor", "left_minor", "category", "rate",
    "arithmetic",
)
OPEN_COLUMNS = (
    "account_id", "id", "number", "issued_on", "due_on", "gross_minor", "due_minor", "method_id", "overdue_from",
    "blocked", "steps_done", "last_step_on",
)
CHANGED_COLUMNS = ("due_minor", "status", "method_id", "overdue_from", "blocked", "steps_done", "last_step_on")
ADDED_COLUMNS = ("balance_used_minor", "credited_minor", "paid_minor", "written_off_minor")


def open_documents(
    account_ids: Sequence[int], *, on_the_way: Callable[[Sequence[int]], Mapping[tuple[int, int], int]],
    untold: Callable[[Sequence[int]], AbstractSet[tuple[int, int]]] | None = None,
) -> dict[int, tuple[OpenDocument, ...]]:
    """The invoices on which something is due, oldest first, by account.

    on_the_way: tells of some accounts the charges whose outcome is not known, by (account, document); asked only
    where something is open. untold: the (account, document) pairs whose last dunning message has not gone out; asked
    only where dunning has begun.
    """
    rows = DOCUMENTS.select(OPEN_COLUMNS, account_ids, where="AND due_minor > 0", order="account_id, id")
    if not rows:
        return {}
    covers = _covers(rows)
    pending = on_the_way(sorted({row[0] for row in rows}))
    begun = sorted({row[0] for row in rows if row[11] is not None}) if untold else []
    awaited: AbstractSet[tuple[int, int]] = untold(begun) if untold and begun else frozenset()
    found: dict[int, list[OpenDocument]] = {}
    for account, id_, number, issued_on, due_on, gross, due, method, overdue_from, blocked, steps, last in rows:
        found.setdefault(account, []).append(
            OpenDocument(
                id_, number, issued_on, due_on, gross, due, method, frozenset(covers.get((account, id_), ())),
                overdue_from, blocked, steps, last, pending.get((account, id_), 0),
                (account, id_) in awaited,
            )
        )
    return {account: tuple(documents) for account, documents in found.items()}


def _covers(rows: list[tuple[Any, ...]]) -> dict[tuple[int, int], set[tuple[int, date]]]:
    found: dict[tuple[int, int], set[tuple[int, date]]] = {}
    documents = sorted({row[1] for row in rows})
    lines = LINES.select(
        ("account_id", "document_id", "subscription_id", "period_start"),
        sorted({row[0] for row in rows}),
        where=f"AND document_id IN ({', '.join(['%s'] * len(documents))})",
        parameters=documents,
    )
    for account, document, subscription, period_start in lines:
        found.setdefault((account, document), set()).add((subscription, period_start))
    return found


def charge_lines(account_ids: Sequence[int]) -> dict[int, dict[int, tuple[ChargeLine, ...]]]:
    """The creditable charge lines of every subscription's current billing period, newest first."""
    lines, subscriptions = LINES.name, "subscriptions_subscription"
    marks = ", ".join(["%s"] * len(account_ids))
    found: dict[int, dict[int, list[ChargeLine]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.account_id, l.subscription_id, l.id, l.document_id, l.left_minor, l.category, l.rate "
            f"FROM {subscriptions} s JOIN {lines} l ON l.account_id = s.account_id "
            f"AND l.subscription_id = s.id AND l.period_start = s.period_start_on "
            f"WHERE s.account_id IN ({marks}) AND l.left_minor > 0 ORDER BY l.account_id, l.id DESC",
            list(account_ids),
        )
        for account, subscription, *rest in cursor.fetchall():
            found.setdefault(account, {}).setdefault(subscription, []).append(ChargeLine(*rest))
    return {
        account: {subscription: tuple(rows) for subscription, rows in by.items()} for account, by in found.items()
    }


def arithmetic(line: LineValue, *, product_name: str, plan_name: str, purchase_order: str = "") -> dict[str, Any]:
    """A line's arithmetic and the names of the moment, as data: what an independent checker recomputes it from."""
    found: dict[str, Any] = {
        "days": line.days_in_period,
        "before": line.exact_before,
        "after": line.exact_after,
        "over": line.denominator,
        "charged": line.charged_before_minor,
        "counted": line.counted,
        "product": product_name,
        "plan": plan_name,
    }
    if line.counted_before:
        found["was"] = line.counted_before
    if line.takes:
        found["takes"] = line.takes
    if purchase_order:
        found["order"] = purchase_order
    if line.parts > 1:
        found["part"] = [line.part, line.parts]
    return found


def take_numbers(wanted: dict[tuple[int, str, int], int]) -> dict[tuple[int, str, int], int]:
    """Take a block of numbers in each (seller, series, year): the first number of each. Locks the series' rows."""
    table = Series._meta.db_table
    first: dict[tuple[int, str, int], int] = {}
    with connection.cursor() as cursor:
        for key in sorted(wanted):
            cursor.execute(
                f"INSERT INTO {table} (seller_id, series, year, last_number) VALUES (%s, %s, %s, %s) "
                f"ON CONFLICT (seller_id, series, year) "
                f"DO UPDATE SET last_number = {table}.last_number + excluded.last_number RETURNING last_number",
                [*key, wanted[key]],
            )
            first[key] = cursor.fetchone()[0] - wanted[key] + 1
    return first


def write(
    documents: list[tuple[Any, ...]], lines: list[tuple[Any, ...]], numbers: list[tuple[Any, ...]]
) -> None:
    """Insert documents with their lines and numbers."""
    NUMBERS.insert(("seller_id", "series", "year", "number", "account_id", "document_id"), numbers)
    DOCUMENTS.insert(DOCUMENT_COLUMNS, documents)
    LINES.insert(LINE_COLUMNS, lines)


def write_changes(rows: list[tuple[Any, ...]], taken: list[tuple[int, int, int]]) -> None:
    """Change open documents: (account_id, id, *CHANGED_COLUMNS, *ADDED_COLUMNS); and take credits off charge lines."""
    DOCUMENTS.update(("account_id", "id"), CHANGED_COLUMNS, rows, adds=ADDED_COLUMNS)
    LINES.update(("account_id", "id"), (), [(a, i, -minor) for a, i, minor in taken], adds=("left_minor",))
