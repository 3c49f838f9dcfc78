"""Payment methods: choosing one for a subscription, replacing, removing, and which is the default."""

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


def plan_default_method(draft: Draft, *, method: int) -> None:
    """Pay what is bought from now on by this method, unless another is chosen. Refused: nothing_changes.

    A backup that becomes the default is the backup no longer.
    """
    if draft.state.default_method == method:
        raise Refused("nothing_changes")
    draft.facts["default_method"] = method
    if draft.state.backup_method == method:
        draft.facts["backup_method"] = None


def plan_backup_method(draft: Draft, *, method: int | None) -> None:
    """Charge this method where a charge by itself is declined; None: no other. Nothing is charged by choosing it.

    Refused: nothing_changes, backup_not_possible (why: it is the default, paid on invoice, refused before, expired).
    """
    if draft.state.backup_method == method:
        raise Refused("nothing_changes")
    if method is not None and (why := _no_backup(draft, method)):
        raise Refused("backup_not_possible", method=method, reason=why)
    draft.facts["backup_method"] = method


def _no_backup(draft: Draft, method: int) -> str:
    """Why a method cannot be the backup; empty where it can."""
    known = draft.state.methods[method]
    if method == draft.state.default_method:
        return "default"
    if known.kind not in CHARGED_AT_ONCE:
        return "on_invoice"
    if known.blocked:
        return "blocked"
    return "" if known.stands_in(draft.today) else "expired"


def plan_remove_method(draft: Draft, *, method: int, replacement: int | None = None) -> None:
    """Remove a payment method; what it pays moves to the replacement, and declined open invoices are tried again.

    A removed default is followed by the replacement, else by the oldest method that can be used; a removed backup by
    the replacement, where that can be one. Facts: default_method and backup_method, where they change; done and
    count: subscriptions that move. Refused: method_in_use (it pays subscriptions or open invoices and no replacement
    is given), payment_pending (a charge to it is on its way), bad_input.
    """
    if replacement == method:
        raise Refused("bad_input", field="replacement")
    moving = [one for one in draft.all_subscriptions() if one.status != DELETED and one.method == method]
    owed = [one for one in draft.state.documents if one.due_minor > 0 and one.method == method]
    if any(one.pending_minor for one in owed):
        raise Refused("payment_pending")
    if replacement is None and (moving or owed):
        raise Refused("method_in_use", method=method, subscriptions=len(moving), documents=len(owed))
    for one in moving:
        draft.keep(replace(one, method=replacement))
    for document in owed:
        assert replacement is not None
        _hand_over(draft, document, replacement)
    draft.method_changes.append(MethodChange(method, draft.state.methods[method].kind, "", "", removed=True))
    draft.facts.update(done=tuple(one.id for one in moving), count=len(moving))
    if draft.state.default_method == method:
        left = [one.id for one in draft.state.methods.values() if not one.removed and not one.blocked]
        draft.facts["default_method"] = replacement or next((one for one in sorted(left) if one != method), None)
    default = draft.facts.get("default_method", draft.state.default_method)
    if draft.state.backup_method == method:
        free = replacement is not None and replacement != default and not _no_backup(draft, replacement)
        draft.facts["backup_method"] = replacement if free else None
    elif draft.state.backup_method is not None and draft.state.backup_method == default:
        draft.facts["backup_method"] = None


def _hand_over(draft: Draft, document: OpenDocument, method: int) -> None:
    """Let another method pay a document; a declined one is tried again at once where it can be."""
    known = draft.state.methods[method]
    if document.overdue_from is not None and not known.blocked and known.kind in CHARGED_AT_ONCE:
        _use(draft, document, method)
    else:
        draft.open_documents[document.id] = changed(document, method=method)


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
