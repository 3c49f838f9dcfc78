"""Payment methods: choosing one for a subscription, replacing a card, and what a payment's outcome changes."""

from __future__ import annotations

from dataclasses import replace

from seatkeeper.core.decision import MethodChange, Try
from seatkeeper.core.draft import Draft
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import OpenDocument
from seatkeeper.core.tables import CHARGED_AT_ONCE, DELETED
from seatkeeper.core.values import changed


def plan_set_method(draft: Draft, *, method: int, subscription: int | None = None) -> None:
    """Pay a subscription (None: all of them) by another method; a declined open invoice is tried again at once.

    Refused: nothing_changes, not_found (a method of nobody or of another account).
    """
    if method not in draft.state.methods:
        raise Refused("not_found")
    chosen = (
        [draft.subscription(subscription)]
        if subscription is not None
        else [one for one in draft.all_subscriptions() if one.status != DELETED]
    )
    moving = [one for one in chosen if one.method != method]
    if not moving:
        raise Refused("nothing_changes")
    for one in moving:
        draft.keep(replace(one, method=method))
    _try_again(draft, {one.id for one in chosen}, method)


def plan_replace_card(
    draft: Draft, *, old: int | None, kind: str, label: str, token: str
) -> None:
    """Replace a card (or mandate) by a new one wherever it pays, and try declined open invoices again, oldest first.

    The new method's id is given when it is written; NEW_METHOD stands for it in this decision. Refused: not_found.
    """
    if old is not None and old not in draft.state.methods:
        raise Refused("not_found")
    draft.method_changes.append(MethodChange(None, kind, label, token, replaces=old))
    for one in draft.all_subscriptions():
        if one.status != DELETED and one.method == old:
            draft.keep(replace(one, method=NEW_METHOD))
    if kind not in CHARGED_AT_ONCE:
        return
    for document in draft.state.documents:
        if document.due_minor > 0 and document.method == old and document.overdue_from is not None:
            _use(draft, document, NEW_METHOD)


NEW_METHOD = -1
"""Stands for the method that this decision adds, until it has its id."""


def _try_again(draft: Draft, subscriptions: set[int], method: int) -> None:
    if draft.state.methods[method].blocked or draft.state.methods[method].kind not in CHARGED_AT_ONCE:
        return
    for document in draft.state.documents:
        declined = document.due_minor > 0 and document.overdue_from is not None
        if declined and any(pair[0] in subscriptions for pair in document.covers):
            _use(draft, document, method)


def _use(draft: Draft, document: OpenDocument, method: int) -> None:
    """Charge a declined document to another method, unless the outcome of a charge of it is not known yet."""
    draft.open_documents[document.id] = changed(document, method=method, blocked=False)
    if not document.pending_minor and all(one.document != document.id for one in draft.tries):
        draft.tries.append(Try(document.id, method, document.due_minor))
