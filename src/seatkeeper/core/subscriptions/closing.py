"""Ending all that an account has, and the buyer's own number of one subscription (DOMAIN.md 12)."""

from __future__ import annotations

from dataclasses import replace

from seatkeeper.core.draft import Draft
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import window_open
from seatkeeper.core.subscriptions.order import MOST_ORDER_NUMBER
from seatkeeper.core.subscriptions.recurring import plan_cancel
from seatkeeper.core.tables import ACTIVE, END, NOW, OFF, SCHEDULED, TRIAL


def plan_order_number(draft: Draft, *, subscription: int, number: str) -> None:
    """Set the buyer's own number of a subscription; it stands on every document from the next on.

    Refused: nothing_changes, bad_input (too long).
    """
    found = draft.subscription(subscription)
    if len(number) > MOST_ORDER_NUMBER or not number.isprintable():
        raise Refused("bad_input", field="number")
    if found.purchase_order == number:
        raise Refused("nothing_changes")
    draft.keep(replace(found, purchase_order=number))


def plan_close(draft: Draft) -> None:
    """Cancel every subscription: now where its policy allows, else at its end. What has ended already stays as it is.

    Refused: nothing_changes where nothing is left that could be cancelled.
    """
    for found in draft.all_subscriptions():
        when = closes(draft, found)
        if when is not None:
            plan_cancel(draft, subscription=found.id, when=when)
    if not draft.touched:
        raise Refused("nothing_changes")
    draft.facts.clear()
    draft.facts.update(closed=len(draft.touched))


def closes(draft: Draft, found: Subscription) -> str | None:
    """When closing the account cancels a subscription: now or end; None where nothing is left to cancel."""
    if found.status in (SCHEDULED, TRIAL):
        return NOW
    if found.status != ACTIVE:
        return None
    if found.policy.cancel != "window" or window_open(found, draft.now):
        return NOW
    return None if found.recurring == OFF else END
