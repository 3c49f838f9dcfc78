"""The command subscription.set_seats."""

from __future__ import annotations

from seatkeeper.core.tables import NOW
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.set_seats", needs="subscription.change")
def set_seats(
    ctx: Context, *, subscription: int, seats: int, when: str = NOW,
    release: tuple[int, ...] = (), preview: str | None = None
) -> Outcome:
    """Set how many licences a subscription has, and charge or credit what that changes.

    seats: the new total, 1 or more; a count, never a difference.
    when: now counts from today (additions) or tomorrow (reductions); renewal books it and moves no money.
    release: users whose licence is taken back with a reduction, or suspended first when it is booked.
    Refused: unknown_subscription, subscription_deleted, trial_must_be_bought_first, not_active, use_cancel,
    nothing_changes, recurring_billing_off, seats_below_minimum, seats_above_maximum, balance_due,
    reduction_not_allowed_until, seats_assigned, credit_limit_exceeded, payment_declined.
    Rules: docs/concepts/seats.md
    """
    arguments = dict(subscription=subscription, seats=seats, when=when, release=release)
    return perform(ctx, "set_seats", arguments, shown=preview)
