"""Changing the plan now or at the renewal, and changing how often is billed (DOMAIN.md 7; SCENARIO.md 5, 9, 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.draft import Draft
from seatkeeper.core.invoicing.exact import change_by_person
from seatkeeper.core.invoicing.lines import period_of, plan_change_lines
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import active, nothing_overdue, window_open, within_limits
from seatkeeper.core.subscriptions.terms import move_assignments
from seatkeeper.core.tables import BILLING_DATE, OFF, RENEWAL


def plan_change(
    draft: Draft, *, subscription: int, plan: str, when: str, move: tuple[int, ...] | None = None
) -> None:
    """Change all seats to another plan. move: the users whose licences move along, default the oldest.

    Now: same term and billing interval, today's price; dearer or equal any time, cheaper as fewer seats.
    Renewal: any plan, booked. Refused: nothing_changes, recurring_billing_off, term_differs,
    billing_interval_differs, no_price, limits, balance_due, reduction_not_allowed_until.
    """
    found = active(draft, subscription)
    new = draft.plan(plan)
    if when == RENEWAL:
        _book(draft, found, new, at=RENEWAL, on=found.term_end)
    else:
        _now(draft, found, new, move)


def plan_frequency(draft: Draft, *, subscription: int, plan: str) -> None:
    """Book another plan of the same product for the next billing date or renewal, as the policy says.

    Refused: nothing_changes, other_product, recurring_billing_off, no_price, limits.
    """
    found = active(draft, subscription)
    new = draft.plan(plan)
    at = found.policy.frequency
    on = found.period_end if at == BILLING_DATE else found.term_end
    _book(draft, found, new, at=at, on=on, same_product=True)


def _book(
    draft: Draft, found: Subscription, new: Plan, *, at: str, on: date | None, same_product: bool = False
) -> None:
    assert on is not None
    is_current = new.id == found.plan
    if (is_current and found.booked_plan is None) or (new.id, at) == (found.booked_plan, found.booked_plan_at):
        raise Refused("nothing_changes")
    if same_product and new.product != found.product:
        raise Refused("other_product", other=new.product, plan=new.id)
    if found.recurring == OFF:
        raise Refused("recurring_billing_off", subscription=found.id)
    draft.price(new, on)
    seats = found.seats if found.booked_seats is None else found.booked_seats
    within_limits(draft, new, seats, leaving=found)
    if found.booked_plan is not None:
        found = draft.drop(found, seats=False)
    if not is_current:
        found = replace(found, booked_plan=new.id, booked_plan_at=at)
    if draft.state.overdue(draft.today):
        draft.warn("balance_due_at_booking")
    draft.keep(found)
    draft.facts.update(effective_on=on)


def _now(draft: Draft, found: Subscription, new: Plan, move: tuple[int, ...] | None) -> None:
    old = draft.plan(found.plan)
    if new.id == found.plan:
        raise Refused("nothing_changes")
    if new.term != old.term:
        raise Refused("term_differs", term=old.term, date=found.term_end, plan=new.id)
    if new.billing != old.billing:
        raise Refused("billing_interval_differs", freq=old.billing, term=old.term, date=found.term_end, plan=new.id)
    price = draft.price(new, draft.on)
    within_limits(draft, new, found.seats, leaving=found)
    cheaper = price.total_micro(found.seats) < found.price.total_micro(found.seats)
    if not cheaper:
        nothing_overdue(draft)
    elif found.policy.fewer == "window" and not window_open(found, draft.now):
        raise Refused(
            "reduction_not_allowed_until", date=found.term_end, n=found.seats, plan=new.id,
            subscription=found.id, bookable=found.recurring != OFF,
        )
    period = period_of(found)
    after, start = change_by_person(found.stretches, draft.on, period.end, new.id, price, found.seats)
    lines = plan_change_lines(
        found, period, after, start=start, plan=new.id, vat=draft.vat, currency=draft.state.currency
    )
    changed = draft.drop(found, seats=False)
    draft.parcel = ("command", found.method)
    changed = draft.add_lines(changed, period, after, lines)
    changed = replace(
        changed,
        plan=new.id,
        product=new.product,
        price=price,
        policy=found.policy.stricter(new.policy),
    )
    draft.keep(changed)
    if new.product != found.product:
        move_assignments(
            draft, old_product=found.product, new_product=new.product, seats=found.seats, named=move
        )
    draft.facts.update(effective_on=start)

