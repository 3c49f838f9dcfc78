"""What the domain needs of a payment gateway, whoever implements it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Charge:
    """Money to be taken from a method. key: the idempotency key; asked again with it, the answer is the same."""

    key: str
    token: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Refund:
    """Money to be given back of an earlier charge."""

    key: str
    charge_key: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The gateway's word: succeeded or declined, with a reason; hard: never to be tried again with this method."""

    key: str
    succeeded: bool
    reason: str = ""
    hard: bool = False


class Gateway(Protocol):
    """A payment provider. Never called inside a transaction of ours."""

    def charge(self, charges: Sequence[Charge]) -> list[Answer]:
        """Take money. A key that was used before gives its first answer and moves nothing."""
        ...

    def outcome(self, keys: Sequence[str]) -> dict[str, Answer]:
        """What became of earlier charges; a key that never arrived is left out."""
        ...

    def reverse(self, keys: Sequence[str]) -> None:
        """Give back whole charges whose command was not applied; a charge that never happened is passed over."""
        ...

    def refund(self, refunds: Sequence[Refund]) -> list[Answer]:
        """Give back parts of charges."""
        ...
