"""Asking the gateways about pending attempts: what became of them, else to charge them now (DOMAIN.md 9.3)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from seatkeeper.domain.payments.operations import attempts_of, tokens
from seatkeeper.domain.payments.ports import Answer, Charge, Gateway, Refund
from seatkeeper.domain.payments.wiring import gateway

LOG = logging.getLogger("seatkeeper.payments")


class Pending(NamedTuple):
    """An attempt whose outcome is not known.

    purpose: command, reversal, document or refund; refunds: the payment that it gives back.
    """

    account: int
    id: int
    purpose: str
    document: int | None
    method: int | None
    amount_minor: int
    currency: str
    refunds: int | None

    @property
    def key(self) -> str:
        """The gateway's idempotency key."""
        return key(self.account, self.id)


def key(account: int, attempt: int) -> str:
    """The idempotency key of an attempt."""
    return f"{account}-{attempt}"


def ask(rows: Iterable[Pending], now: datetime) -> dict[str, Answer]:
    """The gateways' answers by key, those that are final. Never called inside a transaction.

    An attempt's outcome is asked after before it is charged; a command's charge that was claimed is given back. What
    waits (for a bank, for days), and what a gateway does not say, has no answer: it stays pending. A gateway that fails
    is logged, and the others' attempts go on.
    """
    rows = list(rows)
    known = tokens(sorted({row.account for row in rows}))
    refunded = attempts_of(sorted({row.account for row in rows if row.purpose == "refund"}))
    answers: dict[str, Answer] = {}
    by_gateway: dict[str, list[Pending]] = {}
    for row in rows:
        method = row.method
        if row.purpose == "refund":
            assert row.refunds is not None
            _, method = refunded[row.account, row.refunds]
        name = known[row.account, method][0] if method is not None else ""
        if name:
            by_gateway.setdefault(name, []).append(row)
        else:
            assert row.purpose == "refund", "what came by transfer goes back by transfer"
            answers[row.key] = Answer(row.key, True, "by_transfer")
    for name, asked in by_gateway.items():
        for step in (_reversed, _charged, _refunded):
            try:
                answers.update(step(gateway(name), asked, known, now))
            except Exception:
                LOG.exception("the gateway %s failed; up to %d attempts stay pending", name, len(asked))
    return {own: answer for own, answer in answers.items() if not answer.waits}


Known = dict[tuple[int, int], tuple[str, str]]


def _reversed(provider: Gateway, rows: list[Pending], known: Known, now: datetime) -> dict[str, Answer]:
    """Whole charges given back, each on its own."""
    found = {}
    for row in rows:
        if row.purpose == "reversal":
            try:
                provider.reverse([row.key])
                found[row.key] = Answer(row.key, False, "reversed")
            except Exception:
                LOG.exception("charge %s could not be given back yet", row.key)
    return found


def _charged(provider: Gateway, rows: list[Pending], known: Known, now: datetime) -> dict[str, Answer]:
    """Charges: what became of them, else made now."""
    charges = [
        Charge(row.key, known[row.account, row.method][1], row.amount_minor, row.currency, now)
        for row in rows
        if row.purpose == "document" and row.method is not None
    ]
    if not charges:
        return {}
    found = dict(provider.outcome(charges))
    new = [charge for charge in charges if charge.key not in found]
    return found | {answer.key: answer for answer in (provider.charge(new) if new else ())}


def _refunded(provider: Gateway, rows: list[Pending], known: Known, now: datetime) -> dict[str, Answer]:
    """Refunds: made now, or how they stand."""
    refunds = [
        Refund(row.key, key(row.account, row.refunds), row.amount_minor, row.currency, now)
        for row in rows
        if row.purpose == "refund" and row.refunds is not None
    ]
    return {answer.key: answer for answer in (provider.refund(refunds) if refunds else ())}
