"""`seatkeeper activity`: what happened on an account, one sentence an event, as the portal says it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import AccountArgument, BadInput, Json, begin, out, print_json, row, table
from seatkeeper.interfaces.cli.giving import choice, finder

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.activity import ActivityRow
    from seatkeeper.domain.subscriptions.desk import AccountSheet


def activity(
    account: AccountArgument,
    who: Annotated[str | None, typer.Option(help="A user's key or address, or run, seller, gateway.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="buying, licences, changes, payments, run or account.")
    ] = None,
    subscription: Annotated[str | None, typer.Option(metavar="S-10001", help="Only of this one.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day.")] = None,
    most: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many, newest first.")] = 50,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Tell what happened on an account, newest first: who, what, on which subscription, and what it came to."""
    begin()
    from seatkeeper.core.tables import PERMISSIONS
    from seatkeeper.domain.subscriptions.activity import GROUPS, OTHER, Filter, all_activity

    found = finder()
    sheet = found.account(account)
    wanted = Filter(
        who=_who(sheet, who),
        group="" if kind is None else choice(kind, (*GROUPS, OTHER), "--kind"),
        subscription=None if subscription is None else found.subscription(sheet, subscription),
        since=found.day(since, "--since"),
        until=found.day(until, "--until"),
    )
    lines = _told(islice(all_activity(sheet.row(PERMISSIONS["seller"]), sheet.line.seller, wanted), most))
    if as_json:
        print_json(lines)
    else:
        _show(lines, sheet.line.currency)


def _told(rows: Iterable[ActivityRow]) -> list[dict[str, Any]]:
    from seatkeeper.interfaces.web.activity_words import came_from, said_by, sentence

    return [
        {
            "at": one.at, "kind": one.kind, "who": said_by(one), "what": sentence(one).replace("\u00a0", " "),
            "on": list(one.subjects), "amount_minor": one.amount_minor, "from": came_from(one),
        }
        for one in rows
    ]  # fmt: skip


def _show(lines: list[dict[str, Any]], currency: str) -> None:
    from seatkeeper.core.money import plain

    shown = table("", "when (UTC)", "what", "on", "amount", "from", right=("amount",))
    for line in lines:
        amount = "" if line["amount_minor"] is None else f"{plain(line['amount_minor'], currency)} {currency}"
        said = f"{', '.join(line['on'][:3])}{' ...' if len(line['on']) > 3 else ''}"
        row(shown, f"{line['at']:%Y-%m-%d %H:%M}", line["what"], said, amount, line["from"])
    out().print(shown)


def _who(sheet: AccountSheet, text: str | None) -> str:
    """A user of the account by key or address; run, seller and gateway as they are."""
    if text is None or text in ("run", "seller", "gateway"):
        return text or ""
    try:
        return str(finder().users(sheet, [text])[0])
    except BadInput as error:
        raise BadInput(f"{error}; or give run, seller or gateway") from None
