"""`seatkeeper method`: an account's payment methods, which is the default and the backup, and removing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import AccountArgument, Json, begin, out, print_json, row, table
from seatkeeper.interfaces.cli.giving import EPILOG, Dry, finder, give, new_method

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet

app = typer.Typer(no_args_is_help=True, help="List, add and remove payment methods; choose the default and the backup.")

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Its number; `method list` shows them.")]


@app.command("list", epilog="Example: seatkeeper method list northwind")
def list_command(account: AccountArgument, as_json: Json = False) -> None:
    """List an account's payment methods."""
    begin()
    sheet = finder().account(account)
    if as_json:
        print_json(sheet.methods)
        return
    shown = table("", "number", "kind", "label", "until", "", right=("number",))
    for one in sheet.methods:
        known = (("default", one.is_default), ("backup", one.is_backup), ("declined for good", one.blocked))
        marks = [word for word, is_so in known if is_so]
        row(shown, one.id, one.kind, one.label, one.expires_on or "", ", ".join(marks))
    out().print(shown)


@app.command(epilog=f'Example: seatkeeper method add northwind --token sandbox_ok --label "Visa 4242". {EPILOG}')
def add(
    account: AccountArgument,
    token: Annotated[str, typer.Option(help="The gateway's token, never a card number.")],
    kind: Annotated[str, typer.Option(help="card or direct_debit.")] = "card",
    label: Annotated[str, typer.Option(help="What people read, such as Visa 4242.")] = "",
    expires_on: Annotated[str | None, typer.Option(metavar="DAY", help="The card's last day: 2027-09-30.")] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Add a card or mandate that the gateway knows. It pays nothing yet; the first one becomes the default."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        return {**new_method(token, kind, label), "expires_on": finder().day(expires_on, "--expires-on")}

    give("payment_method.replace", account, arguments, dry=dry_run, as_json=as_json)


@app.command(epilog=f"Example: seatkeeper method default northwind 2. {EPILOG}")
def default(account: AccountArgument, number: Number, dry_run: Dry = False, as_json: Json = False) -> None:
    """Pay what is bought from now on by this method, unless another is chosen."""
    give(
        "payment_method.set_default", account, lambda sheet: {"method": finder().method(sheet, number)}, dry=dry_run,
        as_json=as_json,
    )  # fmt: skip


@app.command(epilog=f"Example: seatkeeper method backup northwind 2. {EPILOG}")
def backup(
    account: AccountArgument,
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="Its number; left out: no backup any more.")
    ] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Charge this method where a renewal or a later try is declined. Nothing is charged by choosing it."""
    give(
        "payment_method.set_backup", account, lambda sheet: {"method": finder().method(sheet, number)}, dry=dry_run,
        as_json=as_json,
    )  # fmt: skip


@app.command(epilog=f"Example: seatkeeper method remove northwind 1 --replacement 2 --dry-run. {EPILOG}")
def remove(
    account: AccountArgument,
    number: Number,
    replacement: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="The one that takes over what it pays; needed if it pays.")
    ] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Remove a payment method. What it pays moves to the replacement; declined open invoices are tried again."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        found = finder()
        return {"method": found.method(sheet, number), "replacement": found.method(sheet, replacement)}

    give("payment_method.remove", account, arguments, dry=dry_run, as_json=as_json)
