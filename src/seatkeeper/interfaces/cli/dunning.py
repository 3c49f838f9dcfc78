"""`seatkeeper dunning`: the seller's table, what will be tried when, and what another table would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from seatkeeper.interfaces.cli.common import BadInput, Json, begin, out, print_json, row, table

if TYPE_CHECKING:
    from seatkeeper.core.payments.lab import Table
    from seatkeeper.domain.subscriptions.desk import SellerLine

app = typer.Typer(no_args_is_help=True, help="Failed payments: what is tried when, and what follows.")

Seller = Annotated[int | None, typer.Option(metavar="NUMBER", help="Whose; needed where there are several.")]


def _seller(wanted: int | None) -> SellerLine:
    begin()
    from seatkeeper.interfaces.cli import finding

    return finding.seller(wanted)


def _read(text: str) -> Table:
    from seatkeeper.core.payments.lab import table_from_text

    try:
        return table_from_text(text)
    except ValueError as error:
        raise BadInput(str(error)) from None


@app.command("show", epilog="Example: seatkeeper dunning show")
def show(seller: Seller = None, as_json: Json = False) -> None:
    """Show the table: days after the due date and what happens then; and which declines are hard."""
    chosen = _seller(seller)
    from seatkeeper.core.payments.declines import DECLINES
    from seatkeeper.domain.subscriptions.dunning import table_of

    found = table_of(chosen.id)
    if as_json:
        print_json({"table": found, "declines": DECLINES})
        return
    shown = table(f"Dunning of {chosen.name}", "days after the due date", "what happens", right=(
        "days after the due date",))
    for days, what in found:
        row(shown, days, what)
    out().print(shown)
    reasons = table("Declines", "reason", "kind")
    for reason, kind in DECLINES.items():
        row(reasons, reason, kind)
    out().print(reasons)


@app.command("set", epilog='Example: seatkeeper dunning set "2 try, 5 try, 10 try, 20 try, 30 disable"')
def set_command(
    steps: Annotated[str, typer.Argument(metavar="TABLE", help='Such as "3 try, 7 try, 30 disable", or default.')],
    seller: Seller = None,
) -> None:
    """Replace the table. Steps already made on an open invoice stay made."""
    chosen = _seller(seller)
    from seatkeeper.domain.subscriptions.dunning import set_table
    from seatkeeper.interfaces.cli.finding import SELLER

    touched = set_table(chosen.id, None if steps == "default" else _read(steps), now=chosen.now, actor=SELLER)
    out().print(f"The table of {chosen.name} is set; {touched} accounts with open invoices follow it.", markup=False)


@app.command("tolerance", epilog="Example: seatkeeper dunning tolerance 5")
def tolerance(
    minor: Annotated[int, typer.Argument(min=0, metavar="MINOR", help="In cents, or the account's smallest unit.")],
    seller: Seller = None,
) -> None:
    """Write off what a payment leaves due where it is less than this; 0 keeps every cent due."""
    chosen = _seller(seller)
    from seatkeeper.domain.subscriptions.dunning import set_tolerance

    set_tolerance(chosen.id, minor)
    out().print(f"{chosen.name} writes off what a payment leaves due under {minor} of the smallest unit.", markup=False)


@app.command("plan", epilog="Example: seatkeeper dunning plan --json")
def plan(seller: Seller = None, as_json: Json = False) -> None:
    """List the next step of every open invoice, soonest first."""
    chosen = _seller(seller)
    from seatkeeper.core.money import plain
    from seatkeeper.domain.subscriptions.dunning import planned

    found = planned(chosen.id)
    if as_json:
        print_json(found)
        return
    shown = table("What will be tried when", "on", "what", "step", "account", "invoice", "due", "amount",
                  right=("amount",))
    for one in found:
        what = f"{one.what} (waits for a mail)" if one.untold else one.what
        row(shown, one.on, what, f"{one.step} of {one.steps}", one.key, one.number, one.due_on,
            f"{plain(one.due_minor, one.currency)} {one.currency}")
    out().print(shown)


@app.command("simulate", epilog='Example: seatkeeper dunning simulate --table "2 try, 4 try, 8 try, 45 disable"')
def simulate_command(
    other: Annotated[str, typer.Option("--table", metavar="TABLE", help="The table to be compared with the present.")],
    seller: Seller = None,
    as_json: Json = False,
) -> None:
    """Tell what another table would have done with the last year's failed payments, and what cannot be known."""
    chosen = _seller(seller)
    from seatkeeper.core.calendar import local_date
    from seatkeeper.core.money import plain
    from seatkeeper.core.payments.lab import simulate
    from seatkeeper.domain.subscriptions.dunning import a_year_before, failures, table_of

    today = local_date(chosen.now, chosen.timezone)
    known = failures(chosen.id, since=a_year_before(today), until=today)
    tables = {"present": table_of(chosen.id), "other": _read(other)}
    found = {name: simulate(known, one) for name, one in tables.items()}
    if as_json:
        print_json({"failures": len(known), **{name: [one._asdict() for one in results]
                                               for name, results in found.items()}})
        return
    shown = table(f"{len(known)} failed invoices since {a_year_before(today)}", "table", "ending", "invoices",
                  "amount", "tries", "days to payment", right=("invoices", "amount", "tries", "days to payment"))
    for name, results in found.items():
        for one in results:
            days = one.days // one.failures if one.kind == "recovered" else ""
            row(shown, name, one.kind, one.failures, f"{plain(one.amount_minor, one.currency)} {one.currency}",
                one.tries, days)
    out().print(shown)
    out().print(
        "Taken for granted: a try until the last refusal fails, one from the day of payment on succeeds; people pay on"
        " the day they did.\n'perhaps' lies between: nobody knows. What was never paid is not recovered by any table.",
        markup=False,
    )
