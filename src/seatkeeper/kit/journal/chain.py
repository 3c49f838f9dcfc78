"""Chaining events by hash: each covers the one before it, so that a change of the past shows (DOMAIN.md 11)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from seatkeeper.kit.bulk import Table
from seatkeeper.kit.compact import compact_encoder
from seatkeeper.kit.journal.models import Event

VERSION = 1
COLUMNS = ("account_id", "sequence", "at", "actor", "kind", "version", "payload", "previous_hash", "hash")
EVENTS = Table(Event)

_encode = compact_encoder(ascii_only=False, default=str)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of an account's chain: the last sequence number and hash."""

    sequence: int
    hash: str


def canonical(payload: Any) -> str:
    """The payload's text as it is stored and hashed."""
    return _encode(payload)


@lru_cache(maxsize=1024)
def _instant_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def event_hash(
    previous: str, account: int, sequence: int, at: datetime, actor: str, kind: str, version: int, payload: str
) -> str:
    """SHA-256 in hex over the previous hash and everything the event says."""
    text = f"{previous}\n{account}\n{sequence}\n{_instant_text(at)}\n{actor}\n{kind}\n{version}\n{payload}"
    return hashlib.sha256(text.encode()).hexdigest()


def link(
    head: Head, *, account: int, at: datetime, actor: str, kind: str, payload: Any
) -> tuple[tuple[Any, ...], Head]:
    """The row of the next event of an account's chain, and the new head."""
    text = canonical(payload)
    sequence = head.sequence + 1
    found = event_hash(head.hash, account, sequence, at, actor, kind, VERSION, text)
    row = (account, sequence, at, actor, kind, VERSION, text, head.hash, found)
    return row, Head(sequence, found)


def write(rows: list[tuple[Any, ...]]) -> None:
    """Append event rows."""
    EVENTS.insert(COLUMNS, rows)


def events(account: int, *, kinds: Iterable[str] | None = None) -> Iterator[Event]:
    """An account's events in order."""
    found = Event.objects.filter(account_id=account).order_by("sequence")
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    return found.iterator(chunk_size=500)


def broken_at(account: int, head: Head) -> int | None:
    """The first sequence number at which the chain does not hold, or None; the last must be the account's head."""
    previous, expected = "", 1
    for event in events(account):
        found = event_hash(
            previous, account, event.sequence, event.at, event.actor, event.kind, event.version, event.payload
        )
        if event.sequence != expected or event.previous_hash != previous or event.hash != found:
            return expected
        previous, expected = event.hash, expected + 1
    return None if (expected - 1, previous) == (head.sequence, head.hash) else expected
