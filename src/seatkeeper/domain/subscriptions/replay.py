"""Rebuilding accounts from the journal alone: what the events add up to, in order (DOMAIN.md 11)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from seatkeeper.kit.journal.chain import event_hash
from seatkeeper.kit.journal.models import Event

DOCUMENT_FACTS = ("kind", "number", "net", "vat", "gross", "due")


@dataclass(slots=True)
class Rebuilt:
    """One account as its events tell it. broken_at: the first sequence number at which the chain does not hold.

    subscriptions: id to entry. documents: id to DOCUMENT_FACTS. pools: product to (bought, assigned, suspended).
    """

    sequence: int = 0
    hash: str = ""
    broken_at: int | None = None
    balance: int = 0
    subscriptions: dict[int, list[Any]] = field(default_factory=dict)
    documents: dict[int, dict[str, Any]] = field(default_factory=dict)
    pools: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def follow(self, event: Event) -> None:
        """Take over the next event: the link of the chain, then what it says."""
        self._link(event)
        try:
            self._add(json.loads(event.payload))
        except (LookupError, TypeError, ValueError, AttributeError):
            if self.broken_at is None:
                self.broken_at = event.sequence

    def _add(self, said: dict[str, Any]) -> None:
        if "facts" in said and "balance" not in said:
            return
        self.balance = said["balance"]
        for entry in said.get("subscriptions", ()):
            self.subscriptions[entry[0]] = entry
        for document in said.get("documents", ()):
            self.documents[document["id"]] = {name: document[name] for name in DOCUMENT_FACTS}
        for id_, due, *_ in said.get("changes", ()):
            self.documents.setdefault(id_, {})["due"] = due
        for product, bought, assigned, suspended, *_ in said.get("pools", ()):
            self.pools[product] = (bought, assigned, suspended)

    def _link(self, event: Event) -> None:
        found = event_hash(
            self.hash, event.account_id, event.sequence, event.at, event.actor, event.kind, event.version,
            event.payload,
        )  # fmt: skip
        holds = (event.sequence, event.previous_hash, event.hash) == (self.sequence + 1, self.hash, found)
        if not holds and self.broken_at is None:
            self.broken_at = self.sequence + 1
        self.sequence, self.hash = self.sequence + 1, event.hash


def rebuild(account_ids: Sequence[int]) -> dict[int, Rebuilt]:
    """Read all events of some accounts in one query and add them up."""
    found = {account: Rebuilt() for account in account_ids}
    events = Event.objects.filter(account_id__in=account_ids).order_by("account_id", "sequence")
    for event in events.iterator(chunk_size=1000):
        found[event.account_id].follow(event)
    return found
