"""What happens at the renewal, set in one go (SCREENS.md 4.10; each part by its own command's rules, DOMAIN.md 7)."""

from __future__ import annotations

from dataclasses import replace

from seatkeeper.core.draft import Draft
from seatkeeper.core.refusals import Refused
from seatkeeper.core.subscriptions.checks import active
from seatkeeper.core.subscriptions.plans import plan_change
from seatkeeper.core.subscriptions.recurring import plan_recurring
from seatkeeper.core.subscriptions.seats import plan_seats
from seatkeeper.core.tables import OFF, ON, RENEWAL


def plan_renewal(
    draft: Draft, *, subscription: int, recurring: str = ON, seats: int | None = None, plan: str | None = None
) -> None:
    """Let a subscription end, or go on with so many seats and such a plan from its renewal; nothing else is booked.

    seats, plan: None leaves them as they are today. What was booked before is dropped.
    Refused: trial_must_be_bought_first, not_active, nothing_changes, use_cancel, seats_below_minimum,
    seats_above_maximum, no_price.
    """
    before = active(draft, subscription)
    if recurring == OFF:
        plan_recurring(draft, subscription=subscription, to=OFF)
        return
    found = before if before.recurring != OFF else replace(before, recurring=recurring)
    wanted = (found.seats if seats is None else seats, plan or found.plan)
    if before.recurring != OFF and wanted == (
        before.seats if before.booked_seats is None else before.booked_seats, before.booked_plan or before.plan
    ):
        raise Refused("nothing_changes")
    draft.keep(draft.drop(found))
    draft.facts.update(renews_on=found.term_end)
    if wanted[1] != found.plan:
        plan_change(draft, subscription=subscription, plan=wanted[1], when=RENEWAL)
    if wanted[0] != found.seats:
        plan_seats(draft, subscription=subscription, seats=wanted[0], when=RENEWAL)
