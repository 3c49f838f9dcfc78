"""The command subscription.set_renewal."""

from __future__ import annotations

from seatkeeper.core.tables import ON
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.set_renewal", needs="subscription.change")
def set_renewal(
    ctx: Context, *, subscription: int, recurring: str = ON, seats: int | None = None, plan: str | None = None,
    preview: str | None = None
) -> Outcome:
    """Set in one go what happens at a subscription's renewal; it moves no money.

    recurring: off lets it end. seats, plan: what it goes on with; None leaves them as they are today. Whatever was
    booked before is dropped.
    Refused: unknown_subscription, subscription_deleted, trial_must_be_bought_first, not_active, nothing_changes,
    use_cancel, no_price, seats_below_minimum, seats_above_maximum. Rules: docs/concepts/policies.md
    """
    arguments = dict(subscription=subscription, recurring=recurring, seats=seats, plan=plan)
    return perform(ctx, "set_renewal", arguments, shown=preview)
