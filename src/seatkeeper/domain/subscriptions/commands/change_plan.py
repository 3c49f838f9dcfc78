"""The command subscription.change_plan."""

from __future__ import annotations

from seatkeeper.core.tables import NOW
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.change_plan", needs="subscription.change")
def change_plan(
    ctx: Context, *, subscription: int, plan: str, when: str = NOW,
    move: tuple[int, ...] | None = None, preview: str | None = None
) -> Outcome:
    """Move all licences of a subscription to another plan, now or at the renewal.

    move: the users whose licences move along; default the oldest, as many as the subscription has seats.
    Refused: unknown_subscription, subscription_deleted, trial_must_be_bought_first, not_active, nothing_changes,
    recurring_billing_off, term_differs, billing_interval_differs, no_price, seats_below_minimum,
    seats_above_maximum, balance_due, reduction_not_allowed_until, credit_limit_exceeded, payment_declined.
    Rules: docs/concepts/policies.md
    """
    arguments = dict(subscription=subscription, plan=plan, when=when, move=move)
    return perform(ctx, "change_plan", arguments, shown=preview)
