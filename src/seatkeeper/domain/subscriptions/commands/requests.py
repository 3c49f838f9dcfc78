"""The commands license.request, license.withdraw_request and license.answer_request."""

from __future__ import annotations

from django.db import transaction

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions import requesting
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("license.request", needs="license.request")
def request(ctx: Context, *, product: str, note: str = "") -> int:
    """Ask for a licence of a product that the account has: the request's id.

    note: why, in at most 500 characters; it is kept beside the request and never in the journal.
    Refused: not_found (a product that the account does not have), already_held, already_requested, bad_input.
    Rules: docs/concepts/seats.md
    """
    with transaction.atomic():
        return requesting.ask(ctx, product, note)


@command("license.withdraw_request", needs="license.request")
def withdraw_request(ctx: Context, *, request: int) -> None:
    """Take one's own request back while it waits.

    request: its id. Refused: not_found (nobody's or another's request), request_closed. Rules: docs/concepts/seats.md
    """
    with transaction.atomic():
        requesting.withdraw(ctx, request)


@command("license.answer_request", needs="license.assign")
def answer_request(
    ctx: Context, *, request: int, approve: bool, note: str = "", subscription: int | None = None,
    seats: int | None = None, preview: str | None = None
) -> Outcome:
    """Approve a request, which assigns the licence, or decline it. The user is told.

    request: its id. approve: false declines. note: to the user, in at most 500 characters.
    subscription: where none is free, the one to which licences are added in the same decision, as in
    subscription.add_and_assign, which the actor must be allowed to give. seats: its new total.
    Refused: not_found, request_closed, bad_input, and as license.assign and subscription.add_and_assign.
    Rules: docs/concepts/seats.md
    """
    if not approve:
        if not ctx.preview:
            with transaction.atomic():
                requesting.decline(ctx, request, note)
        return Outcome(None)
    asked = requesting.to_approve(ctx, request, note)
    if subscription is None:
        arguments: dict[str, object] = dict(product=asked.product, users=(asked.user_id,), swap=(), first=())
        outcome = perform(ctx, "assign", arguments, shown=preview)
    else:
        if not ctx.actor.may("subscription.change"):
            raise Refused("not_permitted", needs="subscription.change", roles=("owner",))
        more = dict(subscription=subscription, seats=seats or 0, users=(asked.user_id,), swap=(), first=())
        outcome = perform(ctx, "add_and_assign", more, shown=preview)
    if not ctx.preview:
        with transaction.atomic():
            requesting.approve(ctx, request, note)
    return outcome
