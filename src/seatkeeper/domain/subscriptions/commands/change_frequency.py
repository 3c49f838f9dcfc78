"""The command subscription.change_frequency."""

from __future__ import annotations

from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("subscription.change_frequency", needs="subscription.change")
def change_frequency(
    ctx: Context, *, subscription: int, plan: str, preview: str | None = None
) -> Outcome:
    """Change how often a subscription is billed: books another plan of the same product.

    It takes effect on the next billing date or renewal, as the policy says, as a renewal in every respect.
    Refused: unknown_subscription, subscription_deleted, trial_must_be_bought_first, not_active, nothing_changes,
    other_product, recurring_billing_off, no_price, seats_below_minimum, seats_above_maximum.
    Rules: docs/concepts/policies.md
    """
    arguments = dict(subscription=subscription, plan=plan)
    return perform(ctx, "change_frequency", arguments, shown=preview)
