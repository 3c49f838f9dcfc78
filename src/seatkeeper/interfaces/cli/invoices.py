"""`seatkeeper invoice`: documents, with every line explained, and paying them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import AccountArgument, BadInput, Json, begin, out, print_json, row, table
from seatkeeper.interfaces.cli.giving import Dry, finder, give

if TYPE_CHECKING:
    from seatkeeper.domain.invoicing.rows import InvoicePage
    from seatkeeper.domain.subscriptions.desk import AccountSheet

app = typer.Typer(no_args_is_help=True, help="List, show, write and pay invoices and credit notes.")

Account = Annotated[str | None, typer.Option(help="Needed where several sellers gave the number.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as INV-2026-000001.")]


@app.command("list", epilog="Example: seatkeeper invoice list --open")
def list_command(
    account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="Only of this account.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only those on which something is due.")] = False,
    most: Annotated[int, typer.Option(min=1, max=100_000, help="How many, newest first.")] = 100,
    as_json: Json = False,
) -> None:
    """List documents, newest first."""
    begin()
    from seatkeeper.core.money import plain
    from seatkeeper.domain.subscriptions import desk

    of = None if account is None else finder().account(account).line.id
    found = desk.documents(account=of, open_only=open_only, most=most)
    if as_json:
        print_json(found)
        return
    shown = table("", "number", "account", "date", "due on", "total", "due", "status", right=("total", "due"))
    for one in found:
        amounts = [f"{plain(minor, one.currency)} {one.currency}" for minor in (one.gross_minor, one.due_minor)]
        row(shown, one.number, one.account_key, one.issued_on, one.due_on, *amounts, one.status)
    out().print(shown)


@app.command("show", epilog="Example: seatkeeper invoice show INV-2026-000001")
def show_command(
    number: Number,
    account: Account = None,
    as_json: Json = False,
) -> None:
    """Show a document with the arithmetic of every line."""
    begin()
    from seatkeeper.core.tables import PERMISSIONS
    from seatkeeper.domain.subscriptions.queries import invoice_page

    sheet = finder().holder_of(number, account)
    page = invoice_page(sheet.row(PERMISSIONS["seller"]), number)
    assert page is not None, "its holder was found by it"
    if as_json:
        print_json(page)
    else:
        _show(sheet, page)


@app.command(epilog="Example: seatkeeper invoice pdf INV-2026-000001 --out invoice.pdf")
def pdf(
    number: Number,
    account: Account = None,
    target: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="NUMBER.pdf when left out.")] = None,
) -> None:
    """Write a document as PDF, with its electronic form inside."""
    _write(number, account, "pdf", target)


@app.command(epilog="Example: seatkeeper invoice xml INV-2026-000001 --syntax cii --out -")
def xml(
    number: Number,
    account: Account = None,
    syntax: Annotated[str, typer.Option(help="ubl (Peppol) or cii (Factur-X).")] = "ubl",
    target: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="NUMBER-ubl.xml when left out; - for the output.")
    ] = None,
) -> None:
    """Write a document as an electronic invoice by EN 16931."""
    if syntax not in ("ubl", "cii"):
        raise BadInput(f"--syntax is ubl or cii, not {syntax!r}")
    _write(number, account, syntax, target)


def _write(number: str, account: str | None, kind: str, target: Path | None) -> None:
    """Write a file of a document, or to the output."""
    begin()
    from seatkeeper.domain.invoicing.ports import NotElectronic
    from seatkeeper.domain.invoicing.rendering import document_file

    found = document_file(finder().holder_of(number, account).line.id, number, kind)
    assert found is not None, "its holder was found by it"
    try:
        content = found.content()
    except NotElectronic as error:
        raise BadInput(f"EN 16931 cannot say {number}: {', '.join(error.lacks).replace('_', ' ')}") from None
    if str(target) == "-":
        sys.stdout.buffer.write(content)
        return
    chosen = target or Path(found.name)
    try:
        chosen.write_bytes(content)
    except OSError as error:
        raise BadInput(f"cannot write {chosen}: {error.strerror}") from None
    out().print(f"Wrote {chosen}, {len(content)} bytes.", markup=False)


def _show(sheet: AccountSheet, page: InvoicePage) -> None:
    from rich.text import Text

    from seatkeeper.interfaces.web.explain import explain, vat_label
    from seatkeeper.interfaces.web.formatting import long_date, money

    found, currency = page.row, page.row.currency
    console = out()
    kind = found.kind.replace("_", " ").capitalize()
    console.print(Text(f"{kind} {found.number}, {long_date(found.issued_on)}, {found.status}", style="bold"))
    console.print(f"{page.seller.name} to {page.buyer.name or sheet.line.name}", markup=False)
    shown = table("", "what", "amount", right=("amount",))
    for one in page.lines:
        said = explain(one.line, currency)
        words = f"{one.reference} {one.product_name}: {said.headline}\n{said.formula}"
        row(shown, words, money(one.line.amount_minor, currency))
    shown.add_section()
    row(shown, "net", money(page.net_minor, currency))
    for vat in page.vat:
        row(shown, vat_label(vat), money(vat.vat_minor, currency))
    row(shown, Text("total", style="bold"), Text(money(found.gross_minor, currency), style="bold"))
    if page.balance_used_minor:
        row(shown, "from the balance", money(-page.balance_used_minor, currency))
    row(shown, f"due on {long_date(found.due_on)}", money(found.due_minor, currency))
    console.print(shown)


@app.command(
    epilog="Example: seatkeeper invoice pay northwind INV-2026-000004 --amount 50.00 --dry-run. "
    "Exit code 1 when it is declined."
)
def pay(
    account: AccountArgument,
    number: Number,
    amount: Annotated[
        str | None, typer.Option(help="In the document's currency; all that is due when left out.")
    ] = None,
    method: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="A payment method; the account's own by default.")
    ] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Pay an open invoice by card or direct debit. Money that came by bank transfer: `account receive`."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        found = finder()
        return {
            "document": found.document(sheet, number),
            "method": _charged(sheet, method),
            "amount_minor": found.amount(sheet, amount, "--amount"),
        }

    give("invoice.pay", account, arguments, dry=dry_run, as_json=as_json)


@app.command("pay-overdue", epilog="Example: seatkeeper invoice pay-overdue northwind --dry-run")
def pay_overdue(
    account: AccountArgument,
    method: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="A payment method; the account's own by default.")
    ] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Pay everything of an account that is overdue, oldest first. Exit code 1 when all of it is declined."""
    give("invoice.pay_overdue", account, lambda sheet: {"method": _charged(sheet, method)}, dry=dry_run,
         as_json=as_json)  # fmt: skip


@app.command("write-off", epilog="Example: seatkeeper invoice write-off northwind INV-2026-000004 --dry-run")
def write_off(account: AccountArgument, number: Number, dry_run: Dry = False, as_json: Json = False) -> None:
    """Give up what is due on an invoice: nothing is tried any more, and the loss is posted to bad debts."""
    give("invoice.write_off", account, lambda sheet: {"document": finder().document(sheet, number)}, dry=dry_run,
         as_json=as_json)  # fmt: skip


def _charged(sheet: AccountSheet, method: int | None) -> int:
    """The card or mandate to charge: the named one, else the account's own."""
    chosen = finder().method(sheet, method) or sheet.state.default_method
    kind = next((one.kind for one in sheet.methods if one.id == chosen), None)
    if chosen is None or kind in (None, "bank_transfer"):
        raise BadInput("there is no card or mandate to charge; note a bank transfer with `account receive`")
    return int(chosen)
