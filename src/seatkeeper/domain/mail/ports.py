"""What the domain needs of whoever words mail and of whoever carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class File:
    """An attachment."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in words, in both forms. documents: ids of documents whose files are attached where that is wired."""

    subject: str
    text: str
    html: str
    language: str
    documents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter ready to go. message_id: the same at every try, so that a receiver can tell a repeat."""

    message_id: str
    sender_name: str
    recipients: tuple[str, ...]
    letter: Letter
    files: Sequence[File] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A mail of the outbox as whoever words it gets it. going: it is on its way, so its links are to work."""

    account: int
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    going: bool = False


Compose = Callable[[Told], Letter | None]
"""Words a mail as things stand now; None where it is no longer true."""


class Problem(Exception):
    """A mail did not go. for_good: trying again would not help; every: nor would any other mail go now.

    The text holds no address.
    """

    def __init__(self, reason: str, *, for_good: bool = False, every: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good
        self.every = every


class Unsure(Exception):
    """The connection was lost after the mail was handed over and before the server's word: it may have gone."""


class Carrier(Protocol):
    """Takes mail away. Never called inside a transaction of ours."""

    def deliver(self, parcel: Parcel, handing: Callable[[], bool]) -> None:
        """Hand a mail over. Raises Problem or Unsure.

        handing is called once the server took sender and recipients, just before the mail itself is given; where it
        answers False, somebody else has the mail, and it is not given.
        """
        ...
