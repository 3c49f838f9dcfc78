"""What happens by itself on a billing date (DOMAIN.md 8, 9.5), one step of one account at a time.

`decide_due` is called again until it has nothing more to do, so every step is a commit of its own and the run
can be stopped and started anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from seatkeeper.core.calendar import first_instant
from seatkeeper.core.decision import Decision, Try
from seatkeeper.core.draft import Draft
from seatkeeper.core.invoicing.exact import change_by_run
from seatkeeper.core.invoicing.lines import change_line, period_of
from seatkeeper.core.payments.tries import charged
from seatkeeper.core.settle import document_due, reminder_on, settle, subscription_due_on
from seatkeeper.core.state import AccountState, OpenDocument, Subscription
from seatkeeper.core.subscriptions.checks import renewal_on
from seatkeeper.core.subscriptions.terms import (
    begin_period,
    begin_term,
    delete,
    disable,
    end_of_term,
    move_assignments,
    next_boundary,
)
from seatkeeper.core.tables import (
    ACTIVE,
    BACKUP,
    BILLING_DATE,
    DISABLED,
    ENDED,
    EXPIRED,
    FIRST,
    OFF,
    ONCE,
    SCHEDULED,
    TRIAL,
    TRY,
    UNPAID,
)
from seatkeeper.core.values import changed


class Undecidable(Exception):
    """The account's data cannot be decided on (no price on a renewal): it is parked with this reason."""


def decide_due(state: AccountState, *, now: datetime) -> Decision | None:
    """The next thing that is due for the account at `now`; None when nothing is.

    Missed billing dates come first, each with its own date; today's dunning comes before today's billing.
    """
    today = state.today(now)
    billing = _next_billing_date(state)
    if billing is not None and billing < today:
        return _billing_date(state, now=now, on=billing)
    steps = [one for one in state.documents if (due := document_due(state, one)) is not None and due <= today]
    if steps:
        return _dunning(state, steps, now=now)
    if billing is not None and billing <= today:
        return _billing_date(state, now=now, on=billing)
    return None


def _next_billing_date(state: AccountState) -> date | None:
    dates = [subscription_due_on(state, one) for one in state.subscriptions.values()]
    dates += [pool.remove_on for pool in state.pools.values()]
    return min((on for on in dates if on is not None), default=None)


def _billing_date(state: AccountState, *, now: datetime, on: date) -> Decision:
    draft = Draft(state, now=now, on=on)
    for found in state.subscriptions.values():
        due = subscription_due_on(state, found)
        if due is None or due > on:
            continue
        draft.parcel = ("run", found.method)
        current = found
        while (due := subscription_due_on(state, current)) is not None and due <= on:
            current = _advance(draft, current)
        draft.keep(current)
    return settle(draft, "billing_date", by_person=False)


def _advance(draft: Draft, found: Subscription) -> Subscription:
    """One step of a subscription whose date has come."""
    on = draft.on
    if found.status == ACTIVE and reminder_on(found) is not None:
        return _remind(draft, found)
    if found.status == ACTIVE:
        return _active(draft, found)
    if found.status == SCHEDULED:
        return _begin(draft, found, found.start_on or on, kind="started")
    if found.status == TRIAL:
        if found.recurring == OFF:
            return end_of_term(draft, found, on=on)
        return _begin(draft, found, found.trial_end or on, kind="trial_ended")
    if found.status == EXPIRED:
        return disable(draft, found, on=on, reason=ENDED)
    assert found.status == DISABLED
    draft.notice("deleted", subscription=found.id, on=on)
    return delete(found, on=on)


def _begin(draft: Draft, found: Subscription, start: date, *, kind: str) -> Subscription:
    """The first paid term of a scheduled purchase or a trial, at the price locked then."""
    return begin_term(
        draft,
        replace(found, anchor=start),
        start=start,
        plan=draft.plan(found.plan),
        price=found.price,
        at=first_instant(start, draft.state.timezone),
        kind=kind,
    )


def _remind(draft: Draft, found: Subscription) -> Subscription:
    """Warn of a booked reduction that will suspend licences; one that will not is passed over in silence."""
    pool = draft.state.pools.get(found.product)
    left = draft.bought(found.product) - found.seats + (found.booked_seats or 0)
    surplus = (pool.assigned if pool else 0) - left
    if surplus > 0:
        draft.notice("will_suspend", subscription=found.id, count=surplus, on=renewal_on(found))
    return replace(found, booked_reminders=found.booked_reminders + 1)


def _active(draft: Draft, found: Subscription) -> Subscription:
    on = found.period_end
    assert on is not None
    if found.booked_plan_at == BILLING_DATE:
        return _renew(draft, found, on)
    if on < (found.term_end or on):
        end = next_boundary(found, on, draft.plan(found.plan).billing_months)
        return begin_period(draft, found, on, end, kind="period")
    if found.recurring == OFF:
        return end_of_term(draft, found, on=on)
    return _renew(draft, found, on)


def _renew(draft: Draft, found: Subscription, on: date) -> Subscription:
    """A new term at the old one's end, with what is booked for it, at the price in force (DOMAIN.md 8.2)."""
    plan = draft.plan(found.booked_plan or found.plan)
    price = plan.price_on(draft.state.currency, on)
    if price is None:
        raise Undecidable(f"no price of {plan.id} in {draft.state.currency} on {on}")
    renewed = changed(
        found,
        seats=found.seats if found.booked_seats is None else found.booked_seats,
        recurring=OFF if found.recurring == ONCE else found.recurring,
        booked_seats=None,
        booked_plan=None,
        booked_plan_at=None,
        booked_release=(),
        booked_reminders=0,
    )
    renewed = begin_term(
        draft,
        renewed,
        start=on,
        plan=plan,
        price=price,
        at=first_instant(on, draft.state.timezone),
        kind="renewed",
    )
    if plan.product != found.product:
        move_assignments(
            draft, old_product=found.product, new_product=plan.product, seats=renewed.seats
        )
    return renewed


def _dunning(state: AccountState, steps: list[OpenDocument], *, now: datetime) -> Decision:
    """Today's step of every document that has one: first all tries, then (in a decision of its own) consequences."""
    draft = Draft(state, now=now)
    table = state.seller.dunning
    tries = [one for one in steps if table[one.steps_done][1] == TRY]
    for one in tries or steps:
        draft.open_documents[one.id] = replace(
            one, steps_done=one.steps_done + 1, last_step_on=draft.today
        )
        if table[one.steps_done][1] == TRY:
            _try(draft, one)
        else:
            _consequence(draft, one)
    return settle(draft, "dunning", by_person=False)


def _try(draft: Draft, document: OpenDocument) -> None:
    method = charged(draft.state, document, draft.today)
    if method is not None:
        turn = FIRST if method.id == document.method else BACKUP
        draft.tries.append(Try(document.id, method.id, document.due_minor, turn))
    draft.notice("payment_reminder", document=document.id, step=document.steps_done + 1, sum_minor=document.due_minor)


def _consequence(draft: Draft, document: OpenDocument) -> None:
    """Day 30: the document's active and expired subscriptions are disabled; credits in one document of their own."""
    draft.parcel = ("credits", document.id)
    for found in draft.all_subscriptions():
        if found.status not in (ACTIVE, EXPIRED) or not document.holds(found.id):
            continue
        if found.status == ACTIVE and found.policy.unpaid == "credited":
            found = _credit_from_today(draft, found)
        draft.keep(disable(draft, found, on=draft.on, reason=UNPAID))
    draft.notice("disabled_unpaid", document=document.id, sum_minor=document.due_minor)


def _credit_from_today(draft: Draft, found: Subscription) -> Subscription:
    period = period_of(found)
    if period.end <= draft.on:
        return found
    after = change_by_run(found.stretches, draft.on, None, None, 0)
    line = change_line(
        found,
        period,
        after,
        kind="disabled",
        seats=-found.seats,
        start=draft.on,
        plan=found.plan,
        vat=draft.vat,
        currency=draft.state.currency,
    )
    return draft.add_lines(found, period, after, (line,))
