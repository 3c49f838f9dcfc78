"""Asking the gateways about pending attempts: what became of them, else to charge them now (DOMAIN.md 9.3)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import NamedTuple

from seatkeeper.core.tables import CHARGED_AT_ONCE
from seatkeeper.domain.payments.operations import attempts_of, tokens
from seatkeeper.domain.payments.ports import Answer, Charge, Gateway, Refund
from seatkeeper.domain.payments.wiring import gateway

LOG = logging.getLogger("seatkeeper.payments")


class Pending(NamedTuple):
    """An attempt whose outcome is not known.

    purpose: command, reversal, document or refund; refunds: the payment that it gives back. turn: first or
    backup, of a charge by itself.
    """

    account: int
    id: int
    purpose: str
    document: int | None
    method: int | None
    amount_minor: int
    currency: str
    refunds: int | None
    turn: str = ""

    @property
    def key(self) -> str:
        """The gateway's idempotency key."""
        return key(self.account, self.id)


def key(account: int, attempt: int) -> str:
    """The idempotency key of an attempt."""
    return f"{account}-{attempt}"


def ask(rows: Iterable[Pending]) -> dict[str, Answer]:
    """The gateways' answers by key. Never called inside a transaction.

    An attempt's outcome is asked after before it is charged; a command's charge that was claimed is given back. A
    gateway that fails is logged and its attempts have no answer: they stay pending, the others' go on.
    """
    rows = list(rows)
    known = tokens(sorted({row.account for row in rows}))
    refunded = attempts_of(sorted({row.account for row in rows if row.purpose == "refund"}))
    answers: dict[str, Answer] = {}
    by_kind: dict[str, list[Pending]] = {}
    for row in rows:
        method = row.method
        if row.purpose == "refund":
            assert row.refunds is not None
            _, method = refunded[row.account, row.refunds]
        kind = known[row.account, method][0] if method is not None else ""
        if kind in CHARGED_AT_ONCE:
            by_kind.setdefault(kind, []).append(row)
        else:
            assert row.purpose == "refund", "what came by transfer goes back by transfer"
            answers[row.key] = Answer(row.key, True, "by_transfer")
    for kind, asked in by_kind.items():
        try:
            answers.update(_answers(gateway(kind), asked, known))
        except Exception:
            LOG.exception("the gateway for %s failed; %d attempts stay pending", kind, len(asked))
    return answers


def _answers(
    provider: Gateway, rows: list[Pending], known: dict[tuple[int, int], tuple[str, str]]
) -> dict[str, Answer]:
    """One gateway's answers."""
    answers: dict[str, Answer] = {}
    back = [row.key for row in rows if row.purpose == "reversal"]
    if back:
        provider.reverse(back)
        answers.update({own: Answer(own, False, "reversed") for own in back})
    charges = [
        Charge(row.key, known[row.account, row.method][1], row.amount_minor, row.currency)
        for row in rows
        if row.purpose == "document" and row.method is not None
    ]
    if charges:
        found = provider.outcome([charge.key for charge in charges])
        new = [charge for charge in charges if charge.key not in found]
        answers |= found | {answer.key: answer for answer in (provider.charge(new) if new else ())}
    refunds = [
        Refund(row.key, key(row.account, row.refunds), row.amount_minor, row.currency)
        for row in rows
        if row.purpose == "refund" and row.refunds is not None
    ]
    if refunds:
        answers.update({answer.key: answer for answer in provider.refund(refunds)})
    return answers
