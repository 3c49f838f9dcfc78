"""The commands advice.set_aside and advice.take_up: what "Not for us" does on the savings page."""

from __future__ import annotations

import re

from seatkeeper.core.advice import KINDS
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions.savings import set_aside as keep_aside
from seatkeeper.kit.commands import Context, command

KEY = re.compile(rf"({'|'.join(KINDS)})-\d{{1,18}}-[\w.-]{{1,100}}", re.ASCII)


@command("advice.set_aside", needs="subscription.change")
def set_aside(ctx: Context, *, advice: str) -> None:
    """Show an advice no more.

    advice: its key on the savings page. Refused: bad_input. Rules: docs/concepts/foresight.md
    """
    _keep(ctx, advice, aside=True)


@command("advice.take_up", needs="subscription.change")
def take_up(ctx: Context, *, advice: str) -> None:
    """Show an advice again that was set aside. Refused: bad_input. Rules: docs/concepts/foresight.md"""
    _keep(ctx, advice, aside=False)


def _keep(ctx: Context, key: str, *, aside: bool) -> None:
    if not KEY.fullmatch(key):
        raise Refused("bad_input", field="advice")
    keep_aside(ctx, key, aside=aside)
