"""The last step of every decision: documents, pools, what comes next, when the account is due again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from seatkeeper.core.calendar import first_instant
from seatkeeper.core.decision import Decision, Document, NextCharge, PoolChange
from seatkeeper.core.draft import Draft
from seatkeeper.core.invoicing.settlement import Settlement
from seatkeeper.core.licensing.pools import settle_pools
from seatkeeper.core.money import micro_per_minor, round_half_away
from seatkeeper.core.state import AccountState, OpenDocument, Subscription
from seatkeeper.core.tables import (
    ACTIVE,
    BILLING_DATE,
    DISABLED,
    EXPIRED,
    MAIL_PATIENCE_DAYS,
    OFF,
    REMINDER_DAYS,
    SCHEDULED,
    TRIAL,
)
from seatkeeper.core.tax.vat import tax_on


def settle(draft: Draft, command: str, *, by_person: bool) -> Decision:
    """Add the draft up into a Decision. Raises Refused for what only the sum shows (credit limit, method)."""
    state = draft.state
    settlement = Settlement(draft, by_person=by_person)
    settlement.run()
    pools = settle_pools(draft)
    changed: list[tuple[Subscription | None, Subscription]] = [
        (state.subscriptions[id_], after) for id_, after in draft.touched.items()
    ]
    changed += [(None, after) for after in draft.added]
    return Decision(
        account=state.id,
        command=command,
        at=draft.now,
        on=draft.on,
        subscriptions=tuple(changed),
        documents=tuple(settlement.documents),
        document_changes=settlement.document_changes(),
        tries=tuple(draft.tries),
        balance_before_minor=state.balance_minor,
        balance_after_minor=settlement.balance,
        pools=pools,
        assignments=tuple(draft.assignment_changes),
        methods=tuple(draft.method_changes),
        dropped=tuple(draft.dropped),
        warnings=tuple(draft.warnings),
        notices=tuple(draft.notices),
        then=_then(draft) if by_person else (),
        facts=tuple(draft.facts.items()),
        due_at=due_at(draft, settlement.documents, pools),
        refunds=tuple(draft.refunds),
    )


def _then(draft: Draft) -> tuple[NextCharge, ...]:
    found = []
    for subscription in [*draft.touched.values(), *draft.added]:
        charge = next_charge(draft.state, subscription, vat=draft.vat)
        if charge is not None:
            found.append(charge)
    return tuple(found)


def next_charge(
    state: AccountState, subscription: Subscription, *, vat: tuple[str, str] | None = None
) -> NextCharge | None:
    """What is charged next if all goes on as booked, at the prices known now; None when nothing is."""
    on, plan_id, seats, renews = _next_period(subscription)
    if on is None:
        return None
    plan = state.catalog.plans[plan_id]
    price = plan.price_on(state.currency, on) if renews else subscription.price
    if price is None:
        return None
    net = round_half_away(price.total_micro(seats), micro_per_minor(state.currency))
    rate = vat[1] if vat else "0"
    tax = tax_on(net, rate)
    return NextCharge(subscription.id, on, seats, plan_id, net, tax, net + tax, plan.billing_months)


def _next_period(subscription: Subscription) -> tuple[date | None, str, int, bool]:
    """(first day, plan, seats, whether it is a renewal) of the next charged period; no day when none comes."""
    plan, seats = subscription.plan, subscription.seats
    if subscription.status == SCHEDULED:
        return subscription.start_on, plan, seats, False
    if subscription.status == TRIAL:
        return (None if subscription.recurring == OFF else subscription.trial_end), plan, seats, False
    if subscription.status != ACTIVE:
        return None, plan, seats, False
    renews = subscription.period_end == subscription.term_end
    if subscription.booked_plan_at == BILLING_DATE:
        renews = True
    if not renews:
        return subscription.period_end, plan, seats, False
    if subscription.recurring == OFF:
        return None, plan, seats, False
    booked_seats = subscription.booked_seats
    return (
        subscription.period_end,
        subscription.booked_plan or plan,
        seats if booked_seats is None else booked_seats,
        True,
    )


def reminder_on(subscription: Subscription) -> date | None:
    """The next warning before a booked reduction, where it comes before the billing date."""
    booked, end = subscription.booked_seats, subscription.period_end
    if booked is None or booked >= subscription.seats or subscription.booked_reminders >= len(REMINDER_DAYS):
        return None
    at_billing_date = subscription.booked_plan_at == BILLING_DATE
    renewal = end if at_billing_date else subscription.term_end
    assert renewal is not None and end is not None
    on = renewal - timedelta(days=REMINDER_DAYS[subscription.booked_reminders])
    return on if on < end else None


def subscription_due_on(state: AccountState, subscription: Subscription) -> date | None:
    """The next billing date on which something happens to a subscription by itself."""
    status = subscription.status
    if status == ACTIVE:
        return reminder_on(subscription) or subscription.period_end
    if status == SCHEDULED:
        return subscription.start_on
    if status == TRIAL:
        return subscription.trial_end
    if status in (EXPIRED, DISABLED):
        plan = state.catalog.plans[subscription.plan]
        assert subscription.since is not None
        days = plan.grace_days if status == EXPIRED else plan.retention_days
        return subscription.since + timedelta(days=days)
    return None


def dunning_due_on(
    table: tuple[tuple[int, str], ...], document_due_on: date, steps_done: int, last_step_on: date | None,
    untold: bool = False,
) -> date | None:
    """The date of a document's next dunning step: by the table, and at most one step a day.

    untold: the last step's message has not gone out; the next step waits for it, but not for ever.
    """
    if steps_done >= len(table):
        return None
    on = document_due_on + timedelta(days=table[steps_done][0])
    if last_step_on is None:
        return on
    return max(on, last_step_on + timedelta(days=1 + (MAIL_PATIENCE_DAYS if untold else 0)))


def document_due(state: AccountState, document: OpenDocument) -> date | None:
    """The date of an open document's next dunning step; None when nothing is due or no step is left.

    None, too, while the outcome of a charge is not known: it is asked after before anything else (DOMAIN.md 9.3).
    """
    if document.due_minor <= 0 or document.pending_minor > 0:
        return None
    return dunning_due_on(
        state.seller.dunning, document.due_on, document.steps_done, document.last_step_on, document.untold
    )


def due_at(
    draft: Draft, documents: Sequence[Document] = (), pools: Sequence[PoolChange] = ()
) -> datetime | None:
    """The first instant at which anything of the account is due by itself, after what the draft changed."""
    state = draft.state
    dates = [subscription_due_on(state, one) for one in draft.all_subscriptions()]
    dates += [document_due(state, one) for one in draft.open_documents.values()]
    table = state.seller.dunning
    dates += [dunning_due_on(table, one.due_on, 0, None) for one in documents if one.due_minor > 0]
    changed = {change.product: change.remove_on for change in pools}
    dates += [changed.get(pool.product, pool.remove_on) for pool in state.pools.values()]
    dates += [change.remove_on for change in pools]
    known = [on for on in dates if on is not None]
    return first_instant(min(known), state.timezone) if known else None
