"""The command subscription.start_trial."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.start_trial", needs="subscription.change")
def start_trial(
    ctx: Context, *, plan: str, seats: int, method: int | None = None,
    assign_to: tuple[int, ...] = (), preview: str | None = None
) -> Outcome:
    """Start a plan's free trial, once per account and product, at a price locked now.

    Refused: trial_not_offered, trial_already_used, trial_seat_limit, no_price, seats_below_minimum,
    seats_above_maximum, balance_due. Rules: docs/concepts/trials.md
    """
    arguments = dict(plan=plan, seats=seats, method=method, assign_to=assign_to)
    return perform(ctx, "start_trial", arguments, shown=preview)
