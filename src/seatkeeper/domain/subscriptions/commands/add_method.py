"""The command payment_method.add."""

from __future__ import annotations

from datetime import timedelta

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.payments.operations import has_token, replacements_since
from seatkeeper.domain.payments.wiring import pages_of
from seatkeeper.domain.subscriptions.commands.replace_card import REPLACEMENTS_A_DAY
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command


@command("payment_method.add", needs="subscription.change")
def add_method(ctx: Context, *, setup: str) -> Outcome:
    """Add the card or mandate that somebody entered on the payment provider's page.

    setup: the provider's id of that visit; what it tells is a token and what people recognise it by. The first method
    becomes the default. Added once: a visit that was used already is refused.
    Refused: not_found (unknown, unfinished, or of another account), nothing_changes (used already),
    card_replacements_limit.
    """
    pages = pages_of(setup)
    found = pages.registered(setup)
    if found is None or found.reference != str(ctx.account):
        raise Refused("not_found")
    if has_token(ctx.account, found.token):
        raise Refused("nothing_changes")
    if not ctx.preview and replacements_since(ctx.account, ctx.now - timedelta(days=1)) >= REPLACEMENTS_A_DAY:
        raise Refused("card_replacements_limit", limit=REPLACEMENTS_A_DAY)
    if not ctx.preview and not pages.take(setup):
        raise Refused("nothing_changes")
    arguments = dict(old=None, kind=found.kind, label=found.label, token=found.token)
    extra = dict(brand=found.brand, last_four=found.last_four, expires_on=found.expires_on)
    try:
        return perform(ctx, "replace_card", arguments, extra=extra)
    except Exception:  # whatever it was: the visit can be used again, and a method that was added is known by its token
        if not ctx.preview:
            pages.give_back(setup)
        raise
