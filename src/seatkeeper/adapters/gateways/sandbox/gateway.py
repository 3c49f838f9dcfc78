"""The sandbox gateway: a payment provider that answers as the card's token says. In the product, for tests and demos.

Tokens: sandbox_ok, sandbox_declined, sandbox_lost; what follows a dot makes one unique. It keeps its own books, in
transactions of its own, and answers a key that it has seen before with its first answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.domain.payments.ports import Answer, Charge, Refund
from seatkeeper.kit.bulk import Table

CHARGES = Table(SandboxCharge)
COLUMNS = ("key", "kind", "amount_minor", "currency", "outcome", "reversed")

OUTCOMES: dict[str, Answer] = {
    "ok": Answer("", True),
    "declined": Answer("", False, "declined"),
    "lost": Answer("", False, "lost", True),
}


def _answer(key: str, outcome: str) -> Answer:
    known = OUTCOMES[outcome]
    return Answer(key, known.succeeded, known.reason, known.hard)


class SandboxGateway:
    """Implements the Gateway port; see the module."""

    def charge(self, charges: Sequence[Charge]) -> list[Answer]:
        """Take money, as the tokens say."""
        return self._remember(
            [(one.key, "charge", one.amount_minor, one.currency, _outcome(one.token)) for one in charges]
        )

    def refund(self, refunds: Sequence[Refund]) -> list[Answer]:
        """Give back; the sandbox always can."""
        return self._remember([(one.key, "refund", one.amount_minor, one.currency, "ok") for one in refunds])

    def _remember(self, asked: list[tuple[str, str, int, str, str]]) -> list[Answer]:
        with transaction.atomic():
            keys = [row[0] for row in asked]
            known = dict(CHARGES.select(("key", "outcome"), keys, key="key"))
            CHARGES.insert(COLUMNS, [(*row, False) for row in asked if row[0] not in known])
        return [_answer(row[0], known.get(row[0], row[4])) for row in asked]

    def outcome(self, keys: Sequence[str]) -> dict[str, Answer]:
        """What became of earlier charges."""
        rows = CHARGES.select(("key", "outcome"), keys, key="key")
        return {key: _answer(key, outcome) for key, outcome in rows}

    def reverse(self, keys: Sequence[str]) -> None:
        """Give back whole charges."""
        with transaction.atomic():
            SandboxCharge.objects.filter(key__in=list(keys)).update(reversed=True)


def _outcome(token: str) -> str:
    outcome = token.removeprefix("sandbox_").partition(".")[0]
    return outcome if outcome in OUTCOMES else "declined"
