"""Between transactions: pending attempts go to the gateway, and what it says is applied (DOMAIN.md 9.3).

An attempt whose outcome is not known is asked after before it is charged; its id is the idempotency key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from seatkeeper.core.decide import decide_outcome
from seatkeeper.domain.payments import operations as payments
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.ports import Answer, Charge, Refund
from seatkeeper.domain.payments.wiring import gateway
from seatkeeper.domain.subscriptions.applying import Settled, Write, apply
from seatkeeper.domain.subscriptions.loading import deciding, load
from seatkeeper.domain.subscriptions.previews import release_abandoned

GATEWAY = "gateway:-:job"
LIMIT = 500
COMMAND_MAY_TAKE = timedelta(minutes=10)
"""A command whose charge is older than this was killed before it could be applied: its charge is reversed."""


def key(account: int, attempt: int) -> str:
    """The idempotency key of an attempt."""
    return f"{account}-{attempt}"


def settle_attempts(
    now: datetime, *, seller: int | None = None, account_ids: Sequence[int] | None = None
) -> int:
    """Bring every pending attempt to its end. Returns how many there were."""
    count = 0
    while rows := _pending(now, seller, account_ids):
        methods = _methods(rows)
        answers = _ask(rows, methods)
        _apply(rows, answers, now)
        count += len(rows)
    return count


def _pending(now: datetime, seller: int | None, account_ids: Sequence[int] | None) -> list[dict[str, Any]]:
    columns = ("account_id", "id", "purpose", "document_id", "method_id", "amount_minor", "currency", "refunds")
    rows = payments.pending((*columns, "at"), seller=seller, account_ids=account_ids, limit=LIMIT)
    return [
        dict(zip(columns, row, strict=False))
        for row in rows
        if row[2] != "command" or row[-1] <= now - COMMAND_MAY_TAKE
    ]


def _methods(rows: list[dict[str, Any]]) -> dict[tuple[int, int], tuple[str, str]]:
    """Kind and token of the methods that the attempts use."""
    return payments.tokens(sorted({row["account_id"] for row in rows}))


def _ask(rows: list[dict[str, Any]], methods: dict[tuple[int, int], tuple[str, str]]) -> dict[str, Answer]:
    """The gateway's answers by key. A command's attempt that was never applied is reversed, not charged."""
    answers: dict[str, Answer] = {}
    charges: dict[str, list[Charge]] = {}
    refunds: list[Refund] = []
    by_transfer = _received(rows)
    for row in rows:
        own = key(row["account_id"], row["id"])
        if row["purpose"] == "refund" and (row["account_id"], row["refunds"]) in by_transfer:
            answers[own] = Answer(own, True)
        elif row["purpose"] == "refund":
            refunds.append(Refund(own, key(row["account_id"], row["refunds"]), row["amount_minor"], row["currency"]))
        elif row["purpose"] == "command":
            for known in ("card",):
                gateway(known).reverse([own])
            answers[own] = Answer(own, False, "reversed")
        else:
            kind, token = methods[(row["account_id"], row["method_id"])]
            charges.setdefault(kind, []).append(Charge(own, token, row["amount_minor"], row["currency"]))
    for kind, asked in charges.items():
        answers.update({answer.key: answer for answer in gateway(kind).charge(asked)})
    if refunds:
        answers.update({answer.key: answer for answer in gateway("card").refund(refunds)})
    return answers


def _received(rows: list[dict[str, Any]]) -> set[tuple[int, int]]:
    """Of the refunded payments, those that came by bank transfer: they go back by a transfer of the seller's."""
    refunded = [row for row in rows if row["purpose"] == "refund"]
    found = Attempt.objects.filter(
        account_id__in={row["account_id"] for row in refunded}, id__in={row["refunds"] for row in refunded},
        purpose="received",
    )
    return set(found.values_list("account_id", "id"))


def _apply(rows: list[dict[str, Any]], answers: dict[str, Answer], now: datetime) -> None:
    """Apply outcomes, one attempt an account at a time, so that each sees what the one before changed."""
    left = rows
    while left:
        seen: set[int] = set()
        batch: list[dict[str, Any]] = []
        later: list[dict[str, Any]] = []
        for row in left:
            (later if row["account_id"] in seen else batch).append(row)
            seen.add(row["account_id"])
        with transaction.atomic():
            loaded = load([row["account_id"] for row in batch])
            still = _still_pending(batch)
            apply([
                write
                for row in batch
                if (row["account_id"], row["id"]) in still
                and (write := _write(loaded[row["account_id"]], row, answers, now)) is not None
            ])
        left = later


def _still_pending(batch: list[dict[str, Any]]) -> set[tuple[int, int]]:
    """Those that nobody settled meanwhile; read under the accounts' locks."""
    rows = payments.pending(("account_id", "id"), account_ids=[row["account_id"] for row in batch])
    return {(row[0], row[1]) for row in rows}


def _write(loaded: Any, row: dict[str, Any], answers: dict[str, Answer], now: datetime) -> Write | None:
    answer = answers[key(row["account_id"], row["id"])]
    if row["purpose"] == "command":
        payments.settle_attempts(
            [(row["account_id"], row["id"], None, payments.REVERSED, "not_applied", False, now)]
        )
        release_abandoned(row["account_id"], now - COMMAND_MAY_TAKE)
        return None
    if row["purpose"] == "refund":
        arguments: dict[str, Any] = {"amount_minor": row["amount_minor"], "succeeded": answer.succeeded}
        outcome = "refund_settled"
    elif answer.succeeded:
        arguments = {"document": row["document_id"], "amount_minor": row["amount_minor"]}
        outcome = "payment_succeeded"
    else:
        arguments = {
            "document": row["document_id"],
            "method": row["method_id"],
            "reason": answer.reason,
            "hard": answer.hard,
        }
        outcome = "payment_declined"
    decision = deciding(loaded, lambda state: decide_outcome(state, outcome, arguments, now=now))
    status = payments.SUCCEEDED if answer.succeeded else payments.DECLINED
    settled = Settled(row["id"], row["document_id"], status, answer.reason, answer.hard, row["amount_minor"])
    return Write(loaded, decision, GATEWAY, settled=settled)
