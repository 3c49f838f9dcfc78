"""What several commands look at before they decide, in the order of SCENARIO.md's refusals."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from seatkeeper.core.catalog.plans import Plan
from seatkeeper.core.draft import Draft
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState, Subscription
from seatkeeper.core.tables import ACTIVE, BILLING_DATE, MOST_SEATS, TRIAL, WINDOW_HOURS

WINDOW = timedelta(hours=WINDOW_HOURS)


def active(draft: Draft, subscription_id: int) -> Subscription:
    """The subscription, which must be active; in a trial it must be bought first."""
    found = draft.subscription(subscription_id)
    if found.status == TRIAL:
        raise Refused("trial_must_be_bought_first", subscription=found.id)
    if found.status != ACTIVE:
        raise not_active(found)
    return found


def not_active(subscription: Subscription) -> Refused:
    """The refusal `not_active` with the status and what comes next."""
    return Refused(
        "not_active", subscription=subscription.id, status=subscription.status, date=subscription.start_on
    )


def nothing_overdue(draft: Draft) -> None:
    """Refuse `balance_due` while any document of the account is overdue (DOMAIN.md 7)."""
    overdue = draft.state.overdue(draft.today)
    if overdue:
        raise Refused(
            "balance_due",
            sum_minor=sum(document.due_minor for document in overdue),
            currency=draft.state.currency,
            invoices=tuple(document.number for document in overdue),
        )


def within_limits(
    draft: Draft, plan: Plan, seats: int, *, leaving: Subscription | None = None, minimum: bool = True,
    maximum: bool = True,
) -> None:
    """The plan's minimum, and its maximum over the whole pool of its product (SCENARIO.md 12).

    leaving: the subscription whose present seats these replace.
    """
    if minimum and seats < plan.min_seats:
        raise Refused("seats_below_minimum", min=plan.min_seats, plan=plan.id, n=seats)
    if not maximum:
        return
    most = MOST_SEATS if plan.max_seats is None else plan.max_seats
    others = draft.bought(plan.product)
    if leaving is not None and leaving.product == plan.product and leaving.id in draft.state.subscriptions:
        others -= leaving.seats
    if others + seats > most:
        raise Refused(
            "seats_above_maximum",
            max=most,
            product=plan.product,
            n=seats,
            total=others + seats,
            limit=max(most - others, 0),
        )


def renewal_on(subscription: Subscription) -> date | None:
    """The date of the next renewal: the next billing date where a change of frequency is booked for it."""
    return subscription.period_end if subscription.booked_plan_at == BILLING_DATE else subscription.term_end


def window_open(subscription: Subscription, now: datetime) -> bool:
    """Whether the purchase's or renewal's own window is open: closed at its opening plus 168 hours."""
    opened = subscription.window_opened_at
    return opened is not None and now < opened + WINDOW


def window_closes_at(subscription: Subscription) -> datetime | None:
    """The instant at which the own window closes or closed."""
    return None if subscription.window_opened_at is None else subscription.window_opened_at + WINDOW


def last_grace(state: AccountState, subscriptions: list[Subscription], product: str) -> date | None:
    """The day on which the account last began a free grace for a product."""
    return max((on for one in subscriptions for given, on in one.graces if given == product), default=None)
