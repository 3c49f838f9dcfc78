"""What lists say of an event: from the decision that is being written, or again from what the journal kept of it.

Both ways lead through `Told`, so that a brief made again is the one that was written (as far as payloads tell).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from seatkeeper.domain.subscriptions.codec import COLUMNS
from seatkeeper.kit.journal.activity import Brief

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.applying import Write

AT = {name: index for index, name in enumerate(COLUMNS[1:])}
FIELDS = ("product", "plan", "status", "seats", "recurring", "booked_seats", "booked_plan")
"""What a brief says of a subscription before and after."""
_of_state = attrgetter(*FIELDS)
_of_entry = itemgetter(*(AT[name] for name in FIELDS))
MOST_NAMED = 20
"""So many users, documents and subscriptions are named in one brief; of more only the number is kept."""

State = tuple[Any, ...]


@dataclass(slots=True)
class Told:
    """An event as both sources tell it. changes: (id, FIELDS before or None, FIELDS after, the day that counts).

    documents: (number, gross, its lines' kinds and numbers of licences). paid, tried, given_up: (number,
    minor units).
    """

    changes: list[tuple[int, State | None, State]] = field(default_factory=list)
    documents: list[tuple[str, int, list[tuple[str, int]]]] = field(default_factory=list)
    assignments: list[tuple[str, int, str]] = field(default_factory=list)
    paid: list[tuple[str, int]] = field(default_factory=list)
    tried: list[tuple[str, int]] = field(default_factory=list)
    given_up: list[tuple[str, int]] = field(default_factory=list)
    reason: str = ""
    start: str = ""


def brief(told: Told, *, origin: str = "") -> Brief:
    """The brief of an event."""
    facts: dict[str, Any] = {}
    if len(told.changes) == 1:
        _, before, after = told.changes[0]
        facts.update(product=after[0], **_difference(before, after))
    elif told.changes:
        facts["products"] = list(dict.fromkeys(after[0] for _, _, after in told.changes))[:MOST_NAMED]
        facts["n"] = len(told.changes)
        facts["to"] = _counts(after[2] for _, before, after in told.changes if before is None or before[2] != after[2])
    if told.documents:
        facts["documents"] = [[number, gross] for number, gross, _ in told.documents[:MOST_NAMED]]
        facts["lines"] = _counts(kind for _, _, lines in told.documents for kind, _ in lines)
    if told.assignments and not told.changes:
        facts["product"] = told.assignments[0][2]
        facts["users"] = [user for _, user, _ in told.assignments[:MOST_NAMED]]
        facts["n"] = len(told.assignments)
    for name, pairs in (("paid", told.paid), ("tried", told.tried), ("given_up", told.given_up)):
        if pairs:
            facts[name] = [[number, minor] for number, minor in pairs[:MOST_NAMED]]
    if told.reason:
        facts["reason"] = told.reason
    if told.start:
        facts["start"] = told.start
    return Brief(tuple(id_ for id_, _, _ in told.changes), _amount(told), facts, origin)


def _amount(told: Told) -> int | None:
    if told.documents:
        return sum(gross for _, gross, _ in told.documents)
    moved = told.paid or told.tried or told.given_up
    return sum(minor for _, minor in moved) if moved else None


def _difference(before: State | None, after: State) -> dict[str, Any]:
    """What changed, as it was and as it is; of a new subscription only what it is."""
    if before is None:
        return {"is": dict(zip(FIELDS[1:], after[1:], strict=True))}
    differs = [index for index in range(1, len(FIELDS)) if before[index] != after[index]]
    was, now = ({FIELDS[index]: one[index] for index in differs} for one in (before, after))
    return {"was": was, "is": {**now, "seats": after[FIELDS.index("seats")]}}


def _counts(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


def of_write(write: Write) -> Brief:
    """The brief of a decision whose documents have their numbers."""
    decision, state, given = write.decision, write.loaded.state, write.given
    told = Told(
        documents=[
            (number, document.gross_minor, [(line.kind, line.seats) for line in document.lines])
            for _, number, document in write.documents
        ],
        assignments=[(one.action, one.user, one.product) for one in decision.assignments],
    )
    for before, after in decision.subscriptions:
        if after != before:
            id_ = given.get(after.id, after.id)
            told.changes.append((id_, None if before is None else _of_state(before), _of_state(after)))
    if len(told.changes) == 1 and (start := decision.subscriptions[-1][1].start_on) is not None:
        told.start = start.isoformat() if decision.subscriptions[-1][0] is None else ""
    if decision.document_changes or decision.tries or write.settled is not None:
        numbers = {one.id: one.number for one in state.documents}
        told.paid = [(numbers[one.id], one.by_payment_minor) for one in decision.document_changes
                     if one.by_payment_minor]
        told.given_up = [(numbers[one.id], one.written_off_minor) for one in decision.document_changes
                         if one.written_off_minor]
        told.tried = [(numbers.get(one.document, ""), one.amount_minor) for one in decision.tries]
        if write.settled is not None:
            told.reason = write.settled.reason
            if not told.paid and not told.tried:
                told.tried = [(numbers.get(write.settled.document or 0, ""), write.settled.amount_minor)]
    return brief(told, origin=write.origin)


@dataclass(slots=True)
class Retold:
    """Follows an account's events in order and makes the brief of each from its payload alone."""

    subscriptions: dict[int, State] = field(default_factory=dict)
    documents: dict[int, tuple[str, int]] = field(default_factory=dict)

    def follow(self, said: Mapping[str, Any]) -> Brief:
        """The brief of the next event."""
        if "facts" in said and "balance" not in said:
            subscription = said["facts"].get("subscription")
            return Brief((subscription,) if isinstance(subscription, int) else (), None, said["facts"])
        told = Told(assignments=[(one[0], one[1], one[2]) for one in said.get("assignments", ())])
        for entry in said.get("subscriptions", ()):
            told.changes.append((entry[0], self.subscriptions.get(entry[0]), _of_entry(entry)))
            self.subscriptions[entry[0]] = told.changes[-1][2]
        for one in said.get("documents", ()):
            told.documents.append((one["number"], one["gross"], [(line[1], line[2]) for line in one["lines"]]))
            self.documents[one["id"]] = (one["number"], one["due"])
        for id_, due, *given_up in said.get("changes", ()):
            number, before = self.documents.get(id_, ("", due))
            self.documents[id_] = (number, due)
            before -= sum(given_up)
            told.given_up += [(number, minor) for minor in given_up]
            if before > due and "attempt" in said and said["attempt"][1] == "succeeded":
                told.paid.append((number, before - due))
            elif "attempt" in said:
                told.tried.append((number, before))
        if "attempt" in said:
            told.reason = said["attempt"][2]
        if len(told.changes) == 1 and told.changes[0][1] is None:
            told.start = said["subscriptions"][0][AT["start_on"]] or ""
        return brief(told)
