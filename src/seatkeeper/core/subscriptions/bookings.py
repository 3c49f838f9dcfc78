"""Bookings that a command makes impossible: dropped, and whoever gives the command is told (DOMAIN.md 7)."""

from __future__ import annotations

from seatkeeper.core.catalog.plans import Catalog, Plan
from seatkeeper.core.draft import Draft
from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import POOLED


def drop_impossible(draft: Draft) -> None:
    """Drop what met its limits before this command and no longer does: a booked plan first, then booked seats."""
    before = list(draft.state.subscriptions.values())
    if all(one.booked_seats is None and one.booked_plan is None for one in before):
        return
    after = draft.all_subscriptions()
    for one in after:
        known = draft.state.subscriptions.get(one.id)
        if known is None or (one.booked_seats is None and one.booked_plan is None):
            continue
        kept = one
        if kept.booked_plan is not None and _became_impossible(draft.catalog, known, before, kept, after):
            kept = draft.drop(kept, seats=False)
        if kept.booked_seats is not None and _became_impossible(draft.catalog, known, before, kept, after):
            kept = draft.drop(kept, plan=False)
        if kept is not one:
            draft.keep(kept)


def _became_impossible(
    catalog: Catalog, known: Subscription, before: list[Subscription], one: Subscription, after: list[Subscription]
) -> bool:
    booked = (one.booked_seats, one.booked_plan)
    if booked != (known.booked_seats, known.booked_plan) and booked[0] is not None and known.booked_seats is None:
        return False
    return _fits(catalog, known, before) and not _fits(catalog, one, after)


def _fits(catalog: Catalog, one: Subscription, all_of_them: list[Subscription]) -> bool:
    """Whether the renewal's seats meet the limits of the plan that will hold then; a reduction only the minimum."""
    plan: Plan = catalog.plans[one.booked_plan or one.plan]
    seats = one.seats if one.booked_seats is None else one.booked_seats
    if seats < plan.min_seats:
        return False
    if plan.max_seats is None or (one.booked_plan is None and seats < one.seats):
        return True
    others = sum(
        other.seats
        for other in all_of_them
        if other.id != one.id and other.product == plan.product and other.status in POOLED
    )
    return others + seats <= plan.max_seats
