"""Asking the gateways about pending attempts: what became of them, else to charge them now (DOMAIN.md 9.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from seatkeeper.core.tables import CHARGED_AT_ONCE
from seatkeeper.domain.payments.operations import attempts_of, tokens
from seatkeeper.domain.payments.ports import Answer, Charge, Refund
from seatkeeper.domain.payments.wiring import gateway


class Pending(NamedTuple):
    """An attempt whose outcome is not known.

    purpose: command, document or refund; refunds: the payment that it gives back.
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


def ask(rows: Iterable[Pending]) -> dict[str, Answer]:
    """The gateways' answers by key. Never called inside a transaction.

    An attempt's outcome is asked after before it is charged. A command's charge that was never applied is reversed.
    """
    rows = list(rows)
    known = tokens(sorted({row.account for row in rows}))
    refunded = attempts_of(sorted({row.account for row in rows if row.purpose == "refund"}))
    answers: dict[str, Answer] = {}
    charges: dict[str, list[Charge]] = {}
    refunds: dict[str, list[Refund]] = {}
    for row in rows:
        if row.purpose == "refund":
            assert row.refunds is not None
            purpose, method = refunded[row.account, row.refunds]
            kind = known[row.account, method][0] if method is not None else ""
            if purpose == "received" or kind not in CHARGED_AT_ONCE:
                answers[row.key] = Answer(row.key, True, "by_transfer")
                continue
            refund = Refund(row.key, key(row.account, row.refunds), row.amount_minor, row.currency)
            refunds.setdefault(kind, []).append(refund)
            continue
        assert row.method is not None
        kind, token = known[row.account, row.method]
        if row.purpose == "command":
            gateway(kind).reverse([row.key])
            answers[row.key] = Answer(row.key, False, "reversed")
        else:
            charges.setdefault(kind, []).append(Charge(row.key, token, row.amount_minor, row.currency))
    for kind, asked in charges.items():
        answers.update(_charged(kind, asked))
    for kind, wanted in refunds.items():
        answers.update({answer.key: answer for answer in gateway(kind).refund(wanted)})
    return answers


def _charged(kind: str, asked: list[Charge]) -> dict[str, Answer]:
    """Ask what became of the charges, and charge those that never arrived."""
    provider = gateway(kind)
    found = provider.outcome([charge.key for charge in asked])
    new = [charge for charge in asked if charge.key not in found]
    return found | {answer.key: answer for answer in (provider.charge(new) if new else ())}
