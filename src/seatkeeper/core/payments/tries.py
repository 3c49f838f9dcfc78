"""What happens to an open invoice by itself: the next step, and which method a try charges (DOMAIN.md 9.5). Pure.

One decision: the run does it, and whoever foretells a try (the seller's list, the invoice's page, a banner, a letter)
asks here too.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from seatkeeper.core.settle import document_due
from seatkeeper.core.state import AccountState, Method, OpenDocument
from seatkeeper.core.tables import CHARGED_AT_ONCE, TRY

REMIND: Final = "remind"
"""A step of the table on which nothing can be charged: people are only reminded."""


class NextStep(NamedTuple):
    """What comes next for an open invoice, and when. what: try, remind, disable; method: what a try charges."""

    on: date
    what: str
    method: int | None = None


def next_step(state: AccountState, document: OpenDocument) -> NextStep | None:
    """The next step of an open invoice; None where none is left, or while a charge of it is on its way."""
    on = document_due(state, document)
    if on is None:
        return None
    what = state.seller.dunning[document.steps_done][1]
    if what != TRY:
        return NextStep(on, what)
    method = charged(state, document, on)
    return NextStep(on, TRY, method.id) if method is not None else NextStep(on, REMIND)


def next_try_on(state: AccountState, document: OpenDocument) -> date | None:
    """The day on which an invoice whose charge was declined is charged again by itself; None where it is not."""
    step = next_step(state, document) if document.overdue_from is not None else None
    return step.on if step is not None and step.what == TRY else None


def charged(state: AccountState, document: OpenDocument, on: date) -> Method | None:
    """The method that a try of an invoice charges on a date: its own; while that rests after a hard decline, the
    account's backup, where it can be."""
    own = state.methods.get(document.method) if document.method is not None else None
    if own is None or own.kind not in CHARGED_AT_ONCE:
        return None
    return state.backup_for(own.id, on) if own.blocked or document.blocked else own
