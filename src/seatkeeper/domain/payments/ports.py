"""What the domain needs of a payment gateway, whoever implements it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

PROCESSING, AUTHENTICATION, UNKNOWN = "processing", "authentication", "unknown"
"""What an answer waits for: the bank, by days; the person at the bank's page; or the gateway, which did not say."""

CHARGE, REFUND, DISPUTE = "charge", "refund", "dispute"
"""What a happening is about."""
OPENED, WON, LOST = "opened", "won", "lost"
"""How a dispute stands. Of charges and refunds a happening says succeeded, declined or waits."""


class GatewayAway(Exception):
    """The gateway did not answer, or nothing that can be understood. Nothing is known of what it did."""


class BadCall(Exception):
    """A call-back that does not come from the gateway, or is none. Its text says why; it never holds a secret."""


@dataclass(frozen=True, slots=True)
class Charge:
    """Money to be taken from a method. key: the idempotency key; asked again with it, the answer is the same.

    at: the instant at which it is asked. return_to: where a person who must confirm it at the bank comes back to;
    empty where nobody is there, as in the billing run.
    """

    key: str
    token: str
    amount_minor: int
    currency: str
    at: datetime
    return_to: str = ""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money to be given back of an earlier charge. key: an idempotency key of its own."""

    key: str
    charge_key: str
    amount_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """The gateway's word: succeeded or declined, with a reason of `core.payments.declines`; hard: never to be tried
    again with this method.

    waits: it is neither yet, and why; then it is asked after until it is. address: the bank's page, where the person
    confirms.
    """

    key: str
    succeeded: bool
    reason: str = ""
    hard: bool = False
    waits: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that a gateway tells by itself, by a call-back or when polled.

    id: the gateway's own, the same however often it is told. key: of the charge or refund that it is about; empty
    where that is none of ours. said: what it says, which may be overtaken: only the gateway's present word is applied.
    reference: of a dispute, or of a refund that was made elsewhere.
    """

    id: str
    kind: str
    key: str
    said: str
    at: datetime
    amount_minor: int = 0
    currency: str = ""
    reason: str = ""
    reference: str = ""


class Gateway(Protocol):
    """A payment provider. Never called inside a transaction of ours.

    Where an answer is left out, or GatewayAway is raised, nothing is known: the caller asks after it.
    """

    def charge(self, charges: Sequence[Charge]) -> list[Answer]:
        """Take money. A key that was used before gives its present answer and moves nothing."""
        ...

    def outcome(self, charges: Sequence[Charge]) -> dict[str, Answer]:
        """What became of earlier charges, by key; one that never arrived is left out, and moves nothing by itself."""
        ...

    def reverse(self, keys: Sequence[str]) -> None:
        """Give back whole charges whose command was not applied. One that never happened is passed over, and never
        happens: should it arrive later it is declined."""
        ...

    def refund(self, refunds: Sequence[Refund]) -> list[Answer]:
        """Give back charges or parts of them, never more than was taken. Asked again, the present answer."""
        ...

    def happened(self, since: datetime, now: datetime) -> list[Happening]:
        """What happened from an instant on, oldest first. Nothing is missing that call-backs tell."""
        ...


class CallBacks(Protocol):
    """How a gateway calls by itself."""

    def read(self, body: bytes, signature: str) -> Happening | None:
        """What a call tells; None where it is about nothing of ours. Raises BadCall."""
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

    def begin(self, reference: str, return_to: str, kinds: Sequence[str]) -> str:
        """Begin a visit to add a method of some kinds; the address to send the browser to.

        It comes back to return_to, with {setup} filled in, and left=yes where nothing was entered. Raises GatewayAway.
        """
        ...

    def registered(self, setup: str) -> Registered | None:
        """What came of a visit, asked of the provider itself; None where nothing (yet). Raises GatewayAway."""
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

    def bank_asks(self, key: str) -> bool:
        """Whether this installation's own page stands for the bank's, and a charge waits there to be confirmed."""
        ...

    def tell_bank(self, key: str, yes: bool) -> str | None:
        """Confirm or refuse a charge on that page. The address to go back to; None where that cannot be."""
        ...
