"""What the domain needs of a payment gateway, whoever implements it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class Registered:
    """A card or mandate that was entered at the provider: its token, and what people recognise it by.

    reference: whose it is, as it was said when the visit began.
    """

    reference: str
    token: str
    kind: str
    label: str
    brand: str = ""
    last_four: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing that can be chosen on a page that this installation serves for a provider of tests."""

    name: str
    kind: str
    label: str
    behaves: str


class MethodPages(Protocol):
    """A provider's own page, on which a card or account number is entered that never comes here."""

    def begin(self, reference: str, return_to: str) -> str:
        """Begin a visit; the address to send the browser to. It comes back to return_to, with {setup} filled in."""
        ...

    def registered(self, setup: str) -> Registered | None:
        """What came of a visit, asked of the provider itself; None where nothing (yet)."""
        ...

    def take(self, setup: str) -> bool:
        """Mark a visit as used; False where it was used already."""
        ...

    def give_back(self, setup: str) -> None:
        """Mark a visit as not used, where the method could not be added."""
        ...

    def offered(self, setup: str, reference: str) -> tuple[Offered, ...]:
        """What this installation's own page for tests offers in an open visit; empty where the page is elsewhere."""
        ...

    def choose(self, setup: str, name: str) -> str | None:
        """Choose on that page; an empty name: nothing. The address to go back to; None where that cannot be."""
        ...
