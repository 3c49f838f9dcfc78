"""`seatkeeper bank`: statements of the seller's bank account, matched to invoices; what is left is decided here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatkeeper.interfaces.cli.common import (
    AccountArgument,
    BadInput,
    Json,
    begin,
    existing,
    out,
    print_json,
    progress,
    row,
    table,
)
from seatkeeper.interfaces.cli.giving import finder

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import SellerLine

app = typer.Typer(no_args_is_help=True, help="Read bank statements and decide whose a transfer is.")

Seller = Annotated[int | None, typer.Option(metavar="NUMBER", help="Whose; needed where there are several.")]
Handle = Annotated[str, typer.Argument(metavar="ENTRY", help="As `bank list` names it, or its beginning.")]
WHY = {
    "no_reference": "no invoice named, and the IBAN is not known",
    "several_references": "several invoices named",
    "unknown_reference": "no such invoice",
    "not_open": "nothing is due on the invoice named",
    "other_currency": "another currency than the invoice's",
    "parked": "its account is parked, as it cannot be decided",
    "other_amount": "a known payer, but nothing open has this amount",
}


def _seller(wanted: int | None) -> SellerLine:
    begin()
    from seatkeeper.interfaces.cli import finding

    return finding.seller(wanted)


@app.command("import", epilog="Example: seatkeeper bank import statement.xml --dry-run")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="camt.053 or camt.054 (ISO 20022), as banks offer it.")],
    seller: Seller = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only see whether the file is sound.")] = False,
    as_json: Json = False,
) -> None:
    """Take in what came to the bank account, by reference, else by IBAN and amount. Known entries stay as they are."""
    chosen = _seller(seller)
    from seatkeeper.adapters.bank.camt import BadStatement, check, entries
    from seatkeeper.domain.accounts.operations import letterheads
    from seatkeeper.domain.subscriptions.bank import take_in

    try:
        summary = check(existing(file))
    except BadStatement as error:
        raise BadInput(f"{file}: {error}. Nothing was taken in.") from None
    own = str(letterheads([chosen.id])[chosen.id]["letterhead"].get("iban", "")).replace(" ", "")
    others = sorted(summary.ibans - {own, ""})
    if own and others:
        raise BadInput(f"{file} is about {', '.join(others)}, not about {own} of {chosen.name}. Nothing was taken in.")
    if dry_run:
        out().print(f"{file} is sound: {summary.entries} transfers came in. Nothing was changed.", markup=False)
        return
    with progress(quiet=as_json) as bar:
        task = bar.add_task("Transfers", total=summary.entries)
        found = take_in(
            chosen.id, entries(file), now=chosen.now, progress=lambda count: bar.update(task, completed=count)
        )
    if as_json:
        print_json(found)
        return
    _told(found)


def _told(found: object) -> None:
    from seatkeeper.core.money import plain
    from seatkeeper.domain.subscriptions.bank import Read

    assert isinstance(found, Read)
    sums = ", ".join(f"{plain(minor, code)} {code}" for code, minor in sorted(found.matched_minor.items()))
    out().print(f"Matched {found.matched}{f': {sums}' if sums else ''}.", markup=False)
    if found.known:
        out().print(f"Known already: {found.known}.", markup=False)
    for reason, count in sorted(found.waiting.items()):
        out().print(f"Left to you: {count} ({WHY[reason]}).", markup=False)
    if found.waiting:
        out().print("Look at them with `seatkeeper bank list`.", markup=False)


@app.command("list", epilog="Example: seatkeeper bank list")
def list_command(seller: Seller = None, as_json: Json = False) -> None:
    """List the transfers about which a person decides, oldest first."""
    chosen = _seller(seller)
    from seatkeeper.core.money import plain
    from seatkeeper.domain.subscriptions.bank import waiting

    found = waiting(chosen.id)
    if as_json:
        print_json(found)
        return
    if not found:
        out().print("No transfer waits for a decision.")
        return
    shown = table("Transfers that wait", "entry", "on", "amount", "from", "text", "why", right=("amount",))
    for one in found:
        came = one.entry
        amount = f"{plain(came.amount_minor, came.currency)} {came.currency}"
        row(shown, one.handle, came.booked_on, amount, f"{came.name}\n{came.iban}", came.text, WHY[one.reason])
    out().print(shown)


@app.command("assign", epilog="Example: seatkeeper bank assign 3fa9c2 northwind --invoice INV-2026-000004")
def assign_command(
    entry: Handle,
    account: AccountArgument,
    invoice: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="For this invoice; else what is open, oldest first.")
    ] = None,
    seller: Seller = None,
) -> None:
    """Say whose a transfer is. What is over becomes credit of the account; the payer's IBAN is known from then on."""
    chosen = _seller(seller)
    from seatkeeper.domain.subscriptions.bank import assign
    from seatkeeper.interfaces.cli.finding import SELLER

    sheet = finder().account(account)
    document = None if invoice is None else finder().document(sheet, invoice)
    found = assign(chosen.id, entry, account=sheet.line.id, document=document, now=chosen.now, actor=SELLER)
    _told(found)


@app.command("ignore", epilog="Example: seatkeeper bank ignore 3fa9c2")
def ignore_command(entry: Handle, seller: Seller = None) -> None:
    """Set a transfer aside that is nobody's payment."""
    chosen = _seller(seller)
    from seatkeeper.domain.subscriptions.bank import ignore

    ignore(chosen.id, entry, now=chosen.now)
    out().print("Set aside.")
