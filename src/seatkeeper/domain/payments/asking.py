"""Asking the gateways about pending attempts: what became of them, else to charge them now (DOMAIN.md 9.3)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from seatkeeper.domain.payments.operations import attempts_of, tokens
from seatkeeper.domain.payments.ports import AUTHENTICATION, Answer, Charge, Gateway, Refund
from seatkeeper.domain.payments.wiring import gateway

PERSON_MAY_TAKE = timedelta(minutes=30)
"""So long a payment waits for its person (DOMAIN.md 9.3); then it is called off."""
LOG = logging.getLogger("seatkeeper.payments")


class Pending(NamedTuple):
    """An attempt whose outcome is not known.

    purpose: command, reversal, document or refund; refunds: the payment that it gives back. turn: first or
    backup, of a charge by itself. reason: AUTHENTICATION where it waits for its person.
    """

    account: int
    id: int
    purpose: str
    document: int | None
    method: int | None
    amount_minor: int
    currency: str
    refunds: int | None
    reason: str
    at: datetime
    turn: str = ""

    @property
    def key(self) -> str:
        """The gateway's idempotency key."""
        return key(self.account, self.id)


def key(account: int, attempt: int) -> str:
    """The idempotency key of an attempt."""
    return f"{account}-{attempt}"


def back_to(attempt: int) -> str:
    """Where a person comes back to from the bank's page, having confirmed a payment."""
    return f"{settings.PUBLIC_ADDRESS}/payments/{attempt}"


def ask(rows: Iterable[Pending], now: datetime, *, present: bool = False) -> dict[str, Answer]:
    """The gateways' answers by key. Never called inside a transaction.

    An attempt's outcome is asked after before it is charged; a command's charge that was claimed is given back. What
    waits stays pending, as does what a gateway does not say. A gateway that fails is logged, and the others' attempts
    go on. present: the person is there who could confirm a payment at the bank's page.
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
                answers.update(step(gateway(name), asked, known, (now, present)))
            except Exception:
                LOG.exception("the gateway %s failed; up to %d attempts stay pending", name, len(asked))
    return answers


Known = dict[tuple[int, int], tuple[str, str]]
When = tuple[datetime, bool]
"""The instant, and whether the person is there."""


def _reversed(provider: Gateway, rows: list[Pending], known: Known, when: When) -> dict[str, Answer]:
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


def _charged(provider: Gateway, rows: list[Pending], known: Known, when: When) -> dict[str, Answer]:
    """Charges: what became of them, else made now."""
    charges = [
        Charge(row.key, known[row.account, row.method][1], row.amount_minor, row.currency, when[0], _back(row, when))
        for row in rows
        if row.purpose == "document" and row.method is not None
    ]
    if not charges:
        return {}
    found = dict(provider.outcome(charges))
    new = [charge for charge in charges if charge.key not in found]
    return found | {answer.key: answer for answer in (provider.charge(new) if new else ())}


def _refunded(provider: Gateway, rows: list[Pending], known: Known, when: When) -> dict[str, Answer]:
    """Refunds: made now, or how they stand."""
    refunds = [
        Refund(row.key, key(row.account, row.refunds), row.amount_minor, row.currency, when[0])
        for row in rows
        if row.purpose == "refund" and row.refunds is not None
    ]
    return {answer.key: answer for answer in (provider.refund(refunds) if refunds else ())}


def _back(row: Pending, when: When) -> str:
    """Where the person comes back to; empty where nobody is there, or was not within the time that there is."""
    now, present = when
    waits = now - row.at < PERSON_MAY_TAKE if row.reason == AUTHENTICATION else present
    return back_to(row.id) if waits else ""
