"""What an event of the journal says: the whole outcome, so that every state can be rebuilt from events alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatkeeper.domain.subscriptions.codec import row_entry

if TYPE_CHECKING:
    from seatkeeper.core.decision import Document
    from seatkeeper.domain.subscriptions.applying import Write


def payload(write: Write) -> dict[str, Any]:
    """The entry of one decision. Ids and amounts only; names and addresses live in rows that can be erased."""
    decision = write.decision
    found: dict[str, Any] = {"balance": decision.balance_after_minor}
    if write.subscriptions:
        found["subscriptions"] = [row_entry(row) for row in write.subscription_rows]
    if write.documents:
        found["documents"] = [_document(id_, number, document) for id_, number, document in write.documents]
    if decision.document_changes:
        found["changes"] = [
            [change.id, change.due_minor, *([change.written_off_minor] if change.written_off_minor else ())]
            for change in decision.document_changes
        ]
    if decision.pools:
        found["pools"] = [[one.product, one.bought, one.assigned, one.suspended] for one in decision.pools]
    if decision.assignments:
        found["assignments"] = [
            [one.action, one.user, one.product, one.suspended_on] for one in decision.assignments
        ]
    chosen = {name: value for name, value in decision.facts if name in ("default_method", "backup_method")}
    if chosen:
        found["chosen"] = chosen
    if decision.dropped:
        found["dropped"] = [[one.subscription, one.kind, one.value] for one in decision.dropped]
    if write.settled is not None:
        found["attempt"] = [write.settled.attempt, write.settled.status, write.settled.reason]
    if write.attempts:
        found["attempts"] = write.attempts
    return found


def _document(id_: int, number: str, document: Document) -> dict[str, Any]:
    return {
        "id": id_,
        "kind": document.kind,
        "number": number,
        "net": document.net_minor,
        "vat": document.vat_minor,
        "gross": document.gross_minor,
        "due": document.due_minor if document.gross_minor >= 0 else 0,
        "lines": [
            [line.subscription, line.kind, line.seats, line.start.isoformat(), line.end.isoformat(),
             line.amount_minor, line.exact_before, line.exact_after, line.denominator]
            for line in document.lines
        ],
    }
