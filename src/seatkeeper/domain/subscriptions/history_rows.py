"""What a subscription's past is told by: entries, each with a key, and pages of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from seatkeeper.core.decision import Line as LineValue
from seatkeeper.domain.subscriptions.activity import ActivityRow
from seatkeeper.domain.subscriptions.rows import DocumentRef, Event

DOCUMENT, COMMAND, FAILURE, NOTICE = range(4)
"""Of one instant, what came later has the higher number."""
KEY = re.compile(r"(\d{8}T\d{12})-([0-3])-(\d{1,18})")


class Key(NamedTuple):
    """An entry's place: no two have the same one, and later ones are greater."""

    at: datetime
    source: int
    id: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{self.source}-{self.id}"


def read_key(text: str) -> Key | None:
    """A key as an address holds it; None for anything else."""
    found = KEY.fullmatch(text)
    if found is None or not text.isascii():
        return None
    try:
        at = datetime.strptime(found[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Key(at, int(found[2]), int(found[3]))


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the past. events: what it says, one or more; row: who did it, and what was before.

    amount_minor: this subscription's part of a document, VAT included, or what was tried; None for readers without
    money and where nothing was charged. lines: this subscription's, to be explained.
    """

    key: Key
    events: tuple[Event, ...]
    row: ActivityRow | None = None
    amount_minor: int | None = None
    document: str | None = None
    lines: tuple[LineValue, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A page of the past. earlier: the key to go on from, empty where that was all; newest: it begins with the last.

    booked_by: who booked what is booked, by its kind (seats or plan).
    """

    past: tuple[Happened, ...]
    earlier: str
    newest: bool
    booked_by: Mapping[str, ActivityRow] = field(default_factory=dict)
    documents: tuple[DocumentRef, ...] = ()
    document_count: int = 0
