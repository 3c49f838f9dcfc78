"""The command payment_method.replace."""

from __future__ import annotations

from datetime import date, timedelta

from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import CARD
from seatkeeper.domain.payments.operations import replacements_since
from seatkeeper.domain.subscriptions.execution import Outcome, perform
from seatkeeper.kit.commands import Context, command

REPLACEMENTS_A_DAY = 10
"""More cards a day than anyone needs, fewer than somebody who tries stolen ones."""


@command("payment_method.replace", needs="subscription.change")
def replace_card(
    ctx: Context, *, token: str, kind: str = CARD, label: str = "", old: int | None = None,
    brand: str = "", last_four: str = "", expires_on: date | None = None, preview: str | None = None,
) -> Outcome:
    """Replace a card or mandate everywhere by a new one; declined open invoices are tried again, oldest first.

    token: the gateway's token, never a card number. old: the method it replaces; None: it pays nothing yet.
    expires_on: the card's last day.
    Refused: card_replacements_limit, not_found.
    """
    if not ctx.preview and replacements_since(ctx.account, ctx.now - timedelta(days=1)) >= REPLACEMENTS_A_DAY:
        raise Refused("card_replacements_limit", limit=REPLACEMENTS_A_DAY)
    arguments = dict(old=old, kind=kind, label=label, token=token)
    extra = dict(brand=brand, last_four=last_four, expires_on=expires_on)
    return perform(ctx, "replace_card", arguments, shown=preview, extra=extra)
