"""Setting the number of seats, now or at the renewal (DOMAIN.md 7, 6; SCENARIO.md 2, 14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seatkeeper.core.decision import AssignmentChange
from seatkeeper.core.draft import Draft
from seatkeeper.core.invoicing.exact import change_by_person
from seatkeeper.core.invoicing.lines import change_line, period_of
from seatkeeper.core.licensing.assign import assign_users
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import (
    WINDOW,
    active,
    nothing_overdue,
    renewal_on,
    window_open,
    within_limits,
)
from seatkeeper.core.tables import OFF, REMINDER_DAYS, RENEWAL


def plan_seats(
    draft: Draft, *, subscription: int, seats: int, when: str, release: tuple[int, ...] = ()
) -> None:
    """Set the total number of seats. release: users who lose their licence (now) or are suspended first (renewal).

    Refused: use_cancel, nothing_changes, recurring_billing_off, seats_below_minimum, seats_above_maximum,
    balance_due, reduction_not_allowed_until, seats_assigned.
    """
    found = active(draft, subscription)
    if seats == 0:
        raise Refused("use_cancel", subscription=found.id)
    if when == RENEWAL:
        _book(draft, found, seats, release)
    else:
        _now(draft, found, seats, release)


def plan_add_and_assign(
    draft: Draft, *, subscription: int, seats: int, users: tuple[int, ...], swap: tuple[int, ...] = (),
    first: tuple[int, ...] = (),
) -> None:
    """Add seats and give them to users at once: one decision, all or nothing. seats: the new total, above today's.

    Refused as setting the number of seats and as assigning.
    """
    found = active(draft, subscription)
    if seats < found.seats:
        raise Refused("bad_input", field="seats")
    _now(draft, found, seats, ())
    assign_users(draft, product=found.product, users=users, swap=swap, first=first)


def _book(draft: Draft, found: Subscription, seats: int, release: tuple[int, ...]) -> None:
    same = seats == found.seats if found.booked_seats is None else seats == found.booked_seats
    if same and release == found.booked_release:
        raise Refused("nothing_changes")
    if found.recurring == OFF:
        raise Refused("recurring_billing_off", subscription=found.id)
    plan = draft.plan(found.booked_plan or found.plan)
    within_limits(draft, plan, seats, leaving=found, maximum=seats > found.seats)
    on = renewal_on(found)
    if found.booked_seats is not None and not same:
        found = draft.drop(found, plan=False)
    if seats != found.seats:
        found = replace(
            found,
            booked_seats=seats,
            booked_release=release if seats < found.seats else (),
            booked_reminders=_reminders_past(draft, found),
        )
        _warn_of_suspension(draft, found, seats, release)
    if draft.state.overdue(draft.today):
        draft.warn("balance_due_at_booking")
    draft.keep(found)
    draft.facts.update(effective_on=on, booked_seats=seats)


def _reminders_past(draft: Draft, found: Subscription) -> int:
    """How many of the warnings before the renewal lie on or before today."""
    on = renewal_on(found)
    assert on is not None
    return sum(1 for days in REMINDER_DAYS if on - timedelta(days=days) <= draft.on)


def _warn_of_suspension(draft: Draft, found: Subscription, seats: int, release: tuple[int, ...]) -> None:
    pool = draft.state.pools.get(found.product)
    surplus = (pool.assigned if pool else 0) - (draft.bought(found.product) - found.seats + seats)
    if surplus > 0:
        on, chosen = renewal_on(found), len(set(release))
        draft.warn("will_suspend", count=surplus, product=found.product, on=on, chosen=chosen)


def _now(draft: Draft, found: Subscription, seats: int, release: tuple[int, ...]) -> None:
    if seats == found.seats:
        raise Refused("nothing_changes")
    more = seats > found.seats
    within_limits(draft, draft.plan(found.plan), seats, leaving=found, maximum=more)
    if more:
        nothing_overdue(draft)
    else:
        found = _use_windows(draft, found, found.seats - seats)
        _enough_for_holders(draft, found, seats, release)
    period = period_of(found)
    after, start = change_by_person(
        found.stretches, draft.on, period.end, found.plan, found.price, seats
    )
    line = change_line(
        found,
        period,
        after,
        kind="added" if more else "reduced",
        seats=seats - found.seats,
        start=start,
        plan=found.plan,
        vat=draft.vat,
        currency=draft.state.currency,
    )
    if not more and line.amount_minor > 0:
        draft.warn("reduction_costs", subscription=found.id, seats=seats)
    if more and line.amount_minor < 0:
        draft.warn("addition_pays", subscription=found.id, seats=seats)
    draft.parcel = ("command", found.method)
    changed = replace(draft.add_lines(found, period, after, (line,)), seats=seats)
    if more:
        window = (draft.now + WINDOW, line.seats)
        changed = replace(changed, added_windows=(*changed.added_windows, window))
    draft.keep(changed)
    draft.facts.update(effective_on=start)


def _use_windows(draft: Draft, found: Subscription, fewer: int) -> Subscription:
    """Use up the windows of added seats, the one that closes soonest first, then the own window (SCENARIO.md 2)."""
    if found.policy.fewer != "window":
        return found
    windows, left = [], fewer
    for closes_at, seats in sorted(found.added_windows):
        if closes_at <= draft.now:
            continue
        used = min(seats, left)
        left -= used
        if seats > used:
            windows.append((closes_at, seats - used))
    if left and not window_open(found, draft.now):
        raise Refused(
            "reduction_not_allowed_until",
            date=found.term_end,
            n=found.seats - fewer,
            lowest=found.seats - (fewer - left),
            subscription=found.id,
            bookable=found.recurring != OFF,
        )
    return replace(found, added_windows=tuple(windows))


def _enough_for_holders(draft: Draft, found: Subscription, seats: int, release: tuple[int, ...]) -> None:
    """Never below the active assignments that the pool must hold; those of `release` are taken back first."""
    pool = draft.state.pools.get(found.product)
    assigned = pool.assigned if pool else 0
    if release:
        holders = {one.user: one for one in draft.state.holders(found.product)}
        for user in dict.fromkeys(release):
            holder = holders.get(user)
            if holder is not None:
                draft.assignment_changes.append(
                    AssignmentChange(holder.id, user, found.product, "unassigned")
                )
                assigned -= holder.suspended_on is None
    bought = draft.bought(found.product) - found.seats + seats
    if assigned > bought:
        raise Refused(
            "seats_assigned", a=assigned, n=seats, k=assigned - bought, product=found.product,
            subscription=found.id, date=found.term_end,
        )

