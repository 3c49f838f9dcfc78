"""Giving a command from the command line: what all commands on an account share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import begin, print_json, refused

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet
    from seatkeeper.kit.commands import Context

Subscription = Annotated[str, typer.Argument(metavar="SUBSCRIPTION", help="Its reference, such as S-10001.")]
Plan = Annotated[str, typer.Argument(metavar="PLAN", help="A plan of the catalogue, such as business-basic-monthly.")]
Product = Annotated[str, typer.Argument(metavar="PRODUCT", help="A product of the catalogue, such as business-basic.")]
Seats = Annotated[int, typer.Argument(metavar="SEATS", min=0, max=10_000_000, help="How many licences.")]
Users = Annotated[list[str], typer.Argument(metavar="USER...", help="Keys or e-mail addresses of the account's users.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only show what would happen: the very decision.")]
Method = Annotated[int | None, typer.Option(metavar="NUMBER", help="A payment method; `account show` lists them.")]
When = Annotated[str, typer.Option(help="now, or renewal: booked, moving no money.")]
Arguments = Callable[["AccountSheet"], dict[str, Any]]
EPILOG = "Exit code 1 and a sentence where the command is refused; then nothing was changed."


def example(text: str) -> str:
    """The last lines of a command's help."""
    return f"Example: seatkeeper subscription {text}. {EPILOG}"


def give(command: str, account: str, arguments: Arguments, *, dry: bool, as_json: bool) -> None:
    """Find what was typed, give the command as the seller, and print its decision."""
    begin()
    from seatkeeper.interfaces.cli import decisions, finding

    sheet = finding.account(account)
    ctx = finding.context(sheet)
    outcome = answer(sheet, command, ctx=ctx.previewing() if dry else ctx, as_json=as_json, **arguments(sheet))
    if as_json:
        print_json(decisions.data(outcome, dry=dry))
    else:
        decisions.show(sheet, outcome, dry=dry)


def answer(sheet: AccountSheet, command: str, *, as_json: bool, ctx: Context | None = None, **arguments: Any) -> Any:
    """Give a command, as the seller if no context says otherwise; its answer. A refusal is told and ends it."""
    from seatkeeper.core.refusals import Refused
    from seatkeeper.domain.subscriptions import commands
    from seatkeeper.interfaces.cli import finding
    from seatkeeper.kit.commands import call

    assert commands, "importing the commands registers them"
    try:
        return call(command, ctx or finding.context(sheet), **arguments)
    except Refused as refusal:
        refused(refusal, as_json=as_json, names=finding.names(sheet))


def finder() -> Any:
    """The module that finds what was typed. It needs Django, so it is only imported once that runs."""
    from seatkeeper.interfaces.cli import finding

    return finding


def choice(text: str, known: tuple[str, ...], option: str) -> str:
    """One of a few words, or BadInput with the nearest one."""
    from seatkeeper.interfaces.cli import finding
    from seatkeeper.interfaces.files.kinds import Choice

    return str(finding.value(Choice(known), text, option))


def one_subscription(subscription: str) -> Arguments:
    """The argument of a command that takes a subscription only."""
    return lambda sheet: {"subscription": finder().subscription(sheet, subscription)}


def new_method(token: str, kind: str, label: str) -> dict[str, Any]:
    """The arguments that name a card or mandate by the gateway's token."""
    from seatkeeper.interfaces.files.kinds import Choice, Text

    found = finder()
    return {
        "token": found.value(Text(), token, "--token"),
        "kind": found.value(Choice(("card", "direct_debit")), kind, "--kind"),
        "label": found.value(Text(100), label, "--label") if label else "",
    }
