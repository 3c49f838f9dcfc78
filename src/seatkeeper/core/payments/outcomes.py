"""What a payment changes: an invoice paid, in whole or in part, or a failed try (DOMAIN.md 9)."""

from __future__ import annotations

from seatkeeper.core.decision import MethodChange, Try
from seatkeeper.core.draft import Draft
from seatkeeper.core.payments.closing_debts import forgive_remainder
from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import BACKUP, CHARGED_AT_ONCE, FIRST
from seatkeeper.core.values import changed


def plan_received(draft: Draft, *, amount_minor: int | None, document: int | None = None) -> None:
    """Money received by bank transfer: for one invoice, or for all that is open, oldest first.

    amount_minor: None pays all that is due; what nothing needs goes to the balance.
    """
    chosen = [
        one
        for _, one in sorted(draft.open_documents.items())
        if one.due_minor > 0 and (document is None or one.id == document)
    ]
    if document is not None and not chosen:
        raise Refused("nothing_changes")
    left = sum(one.due_minor for one in chosen) if amount_minor is None else amount_minor
    received, forgiven = left, 0
    for one in chosen:
        paid = min(left, one.due_minor)
        left -= paid
        draft.open_documents[one.id] = changed(one, due_minor=one.due_minor - paid)
        if paid:
            forgiven += forgive_remainder(draft, one.id)
    draft.balance_added_minor += left
    draft.facts.update(received_minor=received, over_minor=left)
    if forgiven:
        draft.facts.update(written_off_minor=forgiven)


def payment_succeeded(draft: Draft, *, document: int, amount_minor: int) -> None:
    """A charge went through: the document's due falls; what it no longer needs goes to the balance."""
    one = draft.open_documents.get(document)
    due = one.due_minor if one is not None else 0
    paid = min(due, amount_minor)
    if one is not None:
        draft.open_documents[document] = changed(
            one, due_minor=due - paid, pending_minor=max(one.pending_minor - amount_minor, 0)
        )
        forgiven = forgive_remainder(draft, document) if paid else 0
        if forgiven:
            draft.facts.update(written_off_minor=forgiven)
    draft.balance_added_minor += amount_minor - paid
    draft.facts.update(document=document, paid_minor=paid, over_minor=amount_minor - paid)


def payment_declined(
    draft: Draft, *, document: int, method: int | None, amount_minor: int, reason: str, hard: bool, turn: str = ""
) -> None:
    """A charge failed: the document is overdue from today on; after a hard decline the method rests.

    One that was made by itself is followed by one of the backup method at once, where there is one that can be
    charged; people are told of it when that has come to its end.

    Where it was paid by another method than its own, the document itself stays as it was: an invoice that is due
    later is not overdue, and its own card is not blocked.
    """
    one = draft.open_documents.get(document)
    if one is None:
        return
    tried = changed(one, pending_minor=max(one.pending_minor - amount_minor, 0))
    if method == one.method:
        tried = changed(tried, overdue_from=one.overdue_from or draft.today, blocked=hard or one.blocked)
    draft.open_documents[document] = tried
    if hard and method is not None:
        known = draft.state.methods[method]
        draft.method_changes.append(MethodChange(method, known.kind, known.label, "", blocked=True))
    facts = {"document": document, "method": method, "reason": reason, "hard": hard, "sum_minor": one.due_minor}
    backup = draft.state.backup_for(method, draft.today) if turn == FIRST and method == one.method else None
    if backup is not None and one.due_minor and not tried.pending_minor:
        draft.tries.append(Try(document, backup.id, min(one.due_minor, amount_minor), BACKUP))
        draft.notice("backup_charged", **facts, backup=backup.id)
    else:
        draft.notice("payment_failed", **facts)


def refund_settled(draft: Draft, *, amount_minor: int, succeeded: bool) -> None:
    """A refund's outcome: what could not be refunded goes to the balance (DOMAIN.md 9.2)."""
    if not succeeded:
        draft.balance_added_minor += amount_minor
    if succeeded:
        draft.facts.update(refunded_minor=amount_minor)
    else:
        draft.facts.update(refund_failed_minor=amount_minor)


def plan_pay(draft: Draft, *, document: int, method: int, amount_minor: int | None = None) -> None:
    """Charge an open invoice to a payment method, in whole or in part.

    Refused: not_found (no such method or invoice), nothing_changes (nothing is due), payment_declined (blocked),
    payment_pending (the outcome of a charge of it is not known yet).
    """
    known = draft.state.methods.get(method)
    if known is None or known.kind not in CHARGED_AT_ONCE:
        raise Refused("not_found")
    one = draft.open_documents.get(document)
    if one is None or one.due_minor <= 0:
        raise Refused("nothing_changes")
    if one.pending_minor:
        raise Refused("payment_pending")
    amount = one.due_minor if amount_minor is None else min(amount_minor, one.due_minor)
    if amount <= 0:
        raise Refused("bad_input", field="amount")
    if known.blocked:
        raise Refused(
            "payment_declined", method=method, label=known.label, sum_minor=amount,
            currency=draft.state.currency, reason="blocked",
        )
    draft.tries.append(Try(document, method, amount))
    left = one.due_minor - amount
    if draft.state.seller.forgives(left):
        draft.facts.update(written_off_minor=left)
        left = 0
    draft.facts.update(document=document, paid_minor=amount, left_minor=left)


def plan_pay_overdue(draft: Draft, *, method: int) -> None:
    """Charge everything that is overdue to a payment method, oldest first: one try for each document.

    What is on its way already is left out. Refused: not_found (no such method), nothing_changes (nothing is overdue),
    payment_declined (blocked), payment_pending (the outcome of all that is overdue is not known yet).
    """
    known = draft.state.methods.get(method)
    if known is None or known.kind not in CHARGED_AT_ONCE:
        raise Refused("not_found")
    overdue = sorted(
        (one for one in draft.open_documents.values() if one.overdue(draft.today)), key=lambda one: (one.due_on, one.id)
    )
    if not overdue:
        raise Refused("nothing_changes")
    free = [one for one in overdue if not one.pending_minor]
    if not free:
        raise Refused("payment_pending")
    total = sum(one.due_minor for one in free)
    if known.blocked:
        raise Refused(
            "payment_declined", method=method, label=known.label, sum_minor=total,
            currency=draft.state.currency, reason="blocked",
        )
    draft.tries += [Try(one.id, method, one.due_minor) for one in free]
    draft.facts.update(count=len(free), paid_minor=total)
