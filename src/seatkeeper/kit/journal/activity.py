"""Events in brief beside the journal: what lists show without reading the events' payloads, and where they came from.

The journal stays the truth: every row here can be made again from it, except the network addresses, which are
personal and therefore erased after ORIGINS_KEPT (docs/decisions/0045-network-addresses-are-erased.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from seatkeeper.kit.bulk import Table
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.journal import chain
from seatkeeper.kit.journal.models import Activity, Origin

ACTIVITY = Table(Activity)
ORIGINS = Table(Origin)
COLUMNS = ("account_id", "sequence", "at", "actor", "user_id", "kind", "subjects", "amount_minor", "facts")
ORIGIN_COLUMNS = ("account_id", "sequence", "address", "kept_at")
ORIGINS_KEPT = timedelta(days=90)

EventRow = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a list says of an event: what it is about, what it came to, what its sentence needs. origin: an address."""

    subjects: tuple[int, ...] = ()
    amount_minor: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""


def row(event: EventRow, brief: Brief) -> tuple[Any, ...]:
    """The row of COLUMNS for an event as `chain.link` made it."""
    account, sequence, at, actor, kind = event[:5]
    user = actor.split(":")[1]
    subjects = f",{','.join(map(str, brief.subjects))}," if brief.subjects else ""
    return (
        account, sequence, at, actor, int(user) if user.isdigit() else None, kind, subjects, brief.amount_minor,
        brief.facts,
    )  # fmt: skip


def write(events: Iterable[tuple[EventRow, Brief]]) -> None:
    """Append events to the journal, each with its brief, in the caller's transaction."""
    pairs = list(events)
    chain.write([event for event, _ in pairs])
    ACTIVITY.insert(COLUMNS, [row(event, brief) for event, brief in pairs])
    origins = [(event[0], event[1], brief.origin, system_now()) for event, brief in pairs if brief.origin]
    ORIGINS.insert(ORIGIN_COLUMNS, origins)


def forget_origins() -> int:
    """Erase the addresses that were kept long enough; how many."""
    return Origin.objects.filter(kept_at__lt=system_now() - ORIGINS_KEPT).delete()[0]


def forget_origins_of(account: int, user: int) -> int:
    """Erase the addresses that a person's commands came from; how many."""
    own = Activity.objects.filter(account_id=account, user_id=user).values_list("sequence", flat=True)
    return Origin.objects.filter(account_id=account, sequence__in=own).delete()[0]
