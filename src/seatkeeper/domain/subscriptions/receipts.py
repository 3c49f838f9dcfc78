"""Receipts: what a command came to, as it was kept when it was applied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from seatkeeper.domain.identity.queries import names
from seatkeeper.domain.invoicing.queries import documents_by_id
from seatkeeper.domain.payments.queries import Paid, documents_of, paid_by, to_confirm
from seatkeeper.domain.subscriptions.life import limits
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.domain.subscriptions.picture import Shelf, subscription_row
from seatkeeper.domain.subscriptions.previews import GIVEN_BACK, PENDING
from seatkeeper.domain.subscriptions.queries import document_ref
from seatkeeper.domain.subscriptions.rows import ReceiptRow, SubscriptionRow

WAITING = "waiting"
SEVERAL = frozenset({"order", "set_many_recurring", "set_many_method"})
"""Commands whose receipt names every subscription that they made or changed."""


def receipt_row(shelf: Shelf, reference: str) -> ReceiptRow | None:
    """The outcome of one command of the account; None for any other reference."""
    found = Receipt.objects.filter(account_id=shelf.account.id, reference=reference).order_by("-at").first()
    if found is None:
        return None
    outcome: Mapping[str, Any] = found.outcome
    issued = outcome.get("shown", {}).get("documents", [])
    facts = {name: _value(text) for name, text in outcome.get("facts", {}).items() if text != "None"}
    subscription = shelf.state.subscriptions.get(outcome.get("subscription") or 0)
    row = subscription_row(shelf, subscription) if subscription is not None else None
    paid = paid_by(shelf.account.id, outcome.get("attempts", ()))
    due = sum(one["due"] - one["charge"] for one in issued if one["gross"] > 0)
    ids = _documents(shelf, found)
    documents = documents_by_id(shelf.account.id, ids)
    confirm = to_confirm(shelf.account.id, found.token_id, outcome.get("attempts", ()))
    return ReceiptRow(
        account=shelf.account,
        reference=found.reference,
        command=found.command,
        status=WAITING if confirm else _status(found.status, waiting=paid.waiting),
        at=found.at,
        who=names([found.actor_id]).get(found.actor_id, "") if found.actor_id is not None else "",
        row=row,
        arguments=found.arguments,
        facts=facts,
        paid_minor=outcome.get("charged", 0) + paid.amount_minor,
        credited_minor=sum(-one["gross"] for one in issued if one["gross"] < 0),
        due_minor=due,
        due_on=date.fromisoformat(issued[0]["due_on"]) if due else None,
        method_label=_label(shelf, issued, paid),
        documents=tuple(document_ref(documents[id_], shelf.account) for id_ in ids if id_ in documents),
        undo_until=_undo_until(shelf, row, found.command),
        people=_count(facts, "assigned") or _count(facts, "unassigned") or _count(facts, "exchanged"),
        product_name=_product_name(shelf, found.arguments, row),
        declined=paid.declined,
        rows=_rows(shelf, outcome.get("subscriptions", ()), row) if found.command in SEVERAL else (),
        confirm=confirm,
        collecting_minor=outcome.get("collecting", 0),
    )


def _documents(shelf: Shelf, found: Receipt) -> list[int]:
    """The ids of the documents that a command issued or paid."""
    ids = [id_ for id_, _ in found.outcome.get("documents", ())]
    if found.command == "pay":
        ids.append(found.arguments["document"])
    if found.command == "pay_overdue":
        ids += documents_of(shelf.account.id, found.outcome.get("attempts", ()))
    return ids


def _status(kept: str, *, waiting: bool) -> str:
    if kept == GIVEN_BACK:
        return kept
    return "unsure" if kept == PENDING or waiting else "done"


def _rows(
    shelf: Shelf, ids: list[int], last: SubscriptionRow | None
) -> tuple[SubscriptionRow, ...]:
    """The subscriptions of an order as they stand now."""
    own = [shelf.state.subscriptions[id_] for id_ in ids if id_ in shelf.state.subscriptions]
    return tuple(last if last is not None and one.id == last.id else subscription_row(shelf, one) for one in own)


def _value(text: str) -> object:
    """A fact as it was before it was kept as text: a number, a date, or the text itself."""
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _count(facts: Mapping[str, object], name: str) -> int:
    found = facts.get(name, 0)
    return found if isinstance(found, int) else 0


def _label(shelf: Shelf, issued: list[dict[str, Any]], paid: Paid) -> str:
    charged = next((one["method"] for one in issued if one["charge"]), None)
    method = shelf.methods.get(charged) if charged is not None else None
    return method.label if method is not None else paid.label


def _undo_until(shelf: Shelf, row: SubscriptionRow | None, command: str) -> datetime | None:
    """The instant until which the policy's window lets one go back."""
    if row is None or row.status != "active":
        return None
    found = limits(shelf, shelf.state.subscriptions[row.id])
    if command in ("set_seats", "add_and_assign"):
        return found.reduce_until
    return found.cancel_until if command in ("buy", "order", "buy_trial_now", "reactivate") else None


def _product_name(shelf: Shelf, arguments: Mapping[str, Any], row: SubscriptionRow | None) -> str:
    products, plans = shelf.state.catalog.products, shelf.state.catalog.plans
    if arguments.get("product") in products:
        return products[arguments["product"]].name
    if row is not None:
        return row.name
    plan = plans.get(arguments.get("plan", ""))
    return products[plan.product].name if plan is not None else ""
