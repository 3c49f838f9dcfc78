"""The command subscription.buy."""

from __future__ import annotations

from datetime import date

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.buy", needs="subscription.change")
def buy(
    ctx: Context, *, plan: str, seats: int, align_with: int | None = None, start: date | None = None,
    method: int | None = None, assign_to: tuple[int, ...] = (), preview: str | None = None
) -> Outcome:
    """Buy licences of a plan, today, aligned with another subscription, or from a later date.

    plan: a plan's id. seats: how many licences, within the plan's limits.
    align_with: an active, renewing subscription whose renewal date is shared; the first period is charged by day.
    start: a later date in the account's zone, on which the run charges it. method: default the account's own.
    assign_to: users who get a licence at once.
    Refused: billing_interval_differs, alignment_not_possible, no_price, seats_below_minimum, seats_above_maximum,
    balance_due, no_seats_available, credit_limit_exceeded, payment_declined. Rules: docs/concepts/buying.md
    """
    arguments = dict(plan=plan, seats=seats, align_with=align_with, start=start, method=method, assign_to=assign_to)
    return perform(ctx, "buy", arguments, shown=preview)
