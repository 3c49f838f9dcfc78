"""Money that moves without a payment: what is written off, and a balance that is paid out (DOMAIN.md 9.2, 9.4)."""

from __future__ import annotations

from seatkeeper.core.draft import Draft
from seatkeeper.core.payments.giving_back import given_back
from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import DELETED, DISABLED


def plan_write_off(draft: Draft, *, document: int) -> None:
    """Give up what is still due on an invoice: it is uncollectible from now on, and dunning ends for it.

    Refused: nothing_changes (nothing is due), payment_pending (the outcome of a charge of it is not known yet).
    """
    one = draft.open_documents.get(document)
    if one is None or one.due_minor <= 0:
        raise Refused("nothing_changes")
    if one.pending_minor:
        raise Refused("payment_pending")
    draft.uncollectible.add(document)
    draft.write_off(document)
    draft.facts.update(document=document, written_off_minor=one.due_minor)


def forgive_remainder(draft: Draft, document: int) -> int:
    """Write off what a payment left due, where it is under the seller's tolerance. Returns the sum, else 0."""
    left = draft.open_documents[document].due_minor
    if not draft.state.seller.forgives(left):
        return 0
    draft.write_off(document)
    return left


def plan_pay_out(draft: Draft) -> None:
    """Give the balance back to the payments it came from, newest first, never more than each took.

    What came by bank transfer goes back by transfer. Refused: nothing_changes (no balance, or no payment that could
    take it), still_billed (a subscription could be billed yet).
    """
    billed = [one for one in draft.all_subscriptions() if one.status not in (DISABLED, DELETED)]
    if billed:
        raise Refused("still_billed", count=len(billed), subscription=billed[0].id)
    balance = draft.state.balance_minor
    draft.refunds += given_back(draft.state.paid_parts() if balance else (), balance, {})
    paid_out = sum(minor for _, minor in draft.refunds)
    if not paid_out:
        raise Refused("nothing_changes")
    draft.balance_added_minor -= paid_out
    draft.facts.update(paid_out_minor=paid_out, kept_minor=balance - paid_out)
