"""`seatkeeper ledger`: the seller's books as reports and as files for other programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from seatkeeper.interfaces.cli.common import DIFFERS, BadInput, Json, begin, out, print_json, row, stop, table

if TYPE_CHECKING:
    from seatkeeper.domain.books.queries import Books

app = typer.Typer(no_args_is_help=True, help="The books: reports, and files for bookkeeping programs.")
export = typer.Typer(no_args_is_help=True, help="The books as a file: CSV, Beancount, or the Dutch audit file.")
app.add_typer(export, name="export")

Seller = Annotated[int | None, typer.Option(metavar="NUMBER", help="Whose books; needed where there are several.")]
On = Annotated[str | None, typer.Option(metavar="DATE", help="At the end of this day; default today.")]
From = Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV: sums as plain decimals.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")]


def _own(seller: int | None) -> tuple[Books, date]:
    """The books, and the seller's present day."""
    begin()
    from seatkeeper.core.calendar import local_date
    from seatkeeper.domain.books.queries import books
    from seatkeeper.interfaces.cli import finding

    found = finding.seller(seller)
    return books(found.id), local_date(found.now, found.timezone)


def _day(text: str | None, option: str, default: date) -> date:
    from seatkeeper.interfaces.cli import finding

    return finding.day(text, option) or default


def _span(start: str, to: str) -> tuple[date, date]:
    """[start, end) of a first and a last day."""
    from datetime import timedelta

    first, last = _day(start, "--from", date.min), _day(to, "--to", date.max)
    if first > last:
        raise BadInput(f"--from {first} is later than --to {last}")
    return first, last + timedelta(days=1)


def _sum(minor: int, currency: str) -> str:
    from seatkeeper.core.money import plain

    return plain(minor, currency)


def _print(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, as_csv: bool, right: int) -> None:
    """Rows as CSV or as a table; the last `right` columns are numbers."""
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([name.replace(" ", "_") for name in columns])
        writer.writerows(rows)
        return
    shown = table(title, *columns, right=tuple(columns[-right:]))
    for one in rows:
        row(shown, *one)
    out().print(shown)


@app.command("trial-balance", epilog="Example: seatkeeper ledger trial-balance --on 2026-03-31 --csv")
def trial_balance(on: On = None, seller: Seller = None, as_csv: Csv = False, as_json: Json = False) -> None:
    """Show every account at the end of a day, with revenue recognised until then. Debit and credit are equal."""
    own, today = _own(seller)
    from seatkeeper.domain.books.queries import trial_balance_on

    found = trial_balance_on(own, _day(on, "--on", today))
    if as_json:
        print_json([one._asdict() | {"balance_minor": one.balance_minor} for one in found])
        return
    rows: list[list[str]] = []
    for one in found:
        sums = (one.debit_minor, one.credit_minor, one.balance_minor)
        rows.append([one.account, one.currency, *(_sum(minor, one.currency) for minor in sums)])
    _print("Trial balance", ("account", "currency", "debit", "credit", "balance"), rows, as_csv=as_csv, right=3)


@app.command("receivables", epilog="Example: seatkeeper ledger receivables --csv")
def receivables_command(on: On = None, seller: Seller = None, as_csv: Csv = False, as_json: Json = False) -> None:
    """Show what is due now, account by account, by how long after its due date."""
    own, today = _own(seller)
    from seatkeeper.core.ledger.reports import AGES
    from seatkeeper.domain.books.queries import receivables

    found = receivables(own, _day(on, "--on", today))
    if as_json:
        print_json(found)
        return
    ages = [name for name, _ in AGES]
    rows = [
        [one.key, one.name, one.currency, *(_sum(one.ages.get(age, 0), one.currency) for age in ages),
         _sum(one.due_minor, one.currency)]
        for one in found
    ]
    names = [age.replace("_", " to ") if age[0].isdigit() else age.replace("_", " ") for age in ages]
    columns = ("account", "name", "currency", *names, "due")
    _print("Receivables by age, in days", columns, rows, as_csv=as_csv, right=len(ages) + 1)


@app.command("revenue", epilog="Example: seatkeeper ledger revenue --from 2026-01-01 --to 2026-03-31 --daily --csv")
def revenue_command(
    start: From, to: To, seller: Seller = None, daily: Annotated[bool, typer.Option(help="By day.")] = False,
    as_csv: Csv = False, as_json: Json = False,
) -> None:
    """Show what was invoiced, recognised and is deferred, by month or by day. Excluding VAT."""
    own, _ = _own(seller)
    from seatkeeper.domain.books.queries import revenue_between

    found = revenue_between(own, *_span(start, to), daily=daily)
    if as_json:
        print_json([one._asdict() for one in found])
        return
    rows = [
        [one.start, one.currency, *(_sum(minor, one.currency) for minor in one[3:])] for one in found
    ]
    columns = ("from", "currency", "invoiced", "recognised", "deferred")
    _print("Revenue", columns, rows, as_csv=as_csv, right=3)


@app.command("vat", epilog="Example: seatkeeper ledger vat --from 2026-01-01 --to 2026-03-31")
def vat_command(start: From, to: To, seller: Seller = None, as_csv: Csv = False, as_json: Json = False) -> None:
    """Show VAT by quarter, scheme, country and rate; the one-stop shop stands apart."""
    own, _ = _own(seller)
    from seatkeeper.domain.books.queries import vat_between

    found = vat_between(own, *_span(start, to))
    if as_json:
        print_json(found)
        return
    rows = [
        [one.period, one.scheme.replace("_", " "), one.country, one.category, one.rate, one.currency, one.documents,
         _sum(one.taxable_minor, one.currency), _sum(one.vat_minor, one.currency)]
        for one in found
    ]
    columns = ("period", "scheme", "country", "category", "rate", "currency", "documents", "taxable", "VAT")
    _print("VAT", columns, rows, as_csv=as_csv, right=3)


@app.command("cash", epilog="Example: seatkeeper ledger cash --on 2026-03-31. Exit code 1 where it does not clear.")
def cash_command(on: On = None, seller: Seller = None, as_csv: Csv = False, as_json: Json = False) -> None:
    """Show money taken and given back by gateway, against the ledger's cash. What is left to clear must be zero."""
    own, today = _own(seller)
    from seatkeeper.domain.books.queries import cash_on

    found = cash_on(own, _day(on, "--on", today))
    if as_json:
        print_json(found)
    else:
        rows: list[list[Any]] = [
            [way.replace("_", " "), currency, _sum(taken, currency), _sum(back, currency), _sum(taken - back, currency)]
            for way, currency, taken, back in found.rows
        ]
        for currency, minor in sorted(found.ledger.items()):
            rows.append(["in the ledger", currency, "", "", _sum(minor, currency)])
            rows.append(["to be cleared", currency, "", "", _sum(found.clearing[currency], currency)])
        rows += [[f"unexplained: account {one}", currency, "", "", _sum(minor, currency)]
                 for one, currency, minor in found.unexplained]
        _print("Cash", ("way", "currency", "taken", "given back", "net"), rows, as_csv=as_csv, right=3)
    if found.unexplained or any(found.clearing.values()):
        stop(DIFFERS)


def _write(file: Path, write: Callable[[TextIO], int]) -> None:
    """Write a file once all of it is there: what cannot be written leaves the old one as it was."""
    content = StringIO()
    try:
        count = write(content)
        file.write_text(content.getvalue(), encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(f"cannot write {file}: {error.strerror}") from None
    out().print(f"{count} postings in {file}", markup=False)


@export.command("csv", epilog="Example: seatkeeper ledger export csv postings.csv --from 2026-01-01 --to 2026-03-31")
def csv_command(file: File, start: From, to: To, seller: Seller = None) -> None:
    """Write one posting a row, and at each month's end what was recognised."""
    own, _ = _own(seller)
    from seatkeeper.domain.books.export import write_csv

    _write(file, lambda target: write_csv(own, *_span(start, to), target))


@export.command(
    "beancount", epilog="Example: seatkeeper ledger export beancount a.bean --from 2026-01-01 --to 2026-03-31"
)
def beancount_command(file: File, start: From, to: To, seller: Seller = None) -> None:
    """Write a Beancount file with opening balances, postings, and the balances that must come out."""
    own, _ = _own(seller)
    from seatkeeper.domain.books.export import write_beancount

    _write(file, lambda target: write_beancount(own, *_span(start, to), target))


@export.command("xaf", epilog="Example: seatkeeper ledger export xaf audit.xaf --from 2026-01-01 --to 2026-12-31")
def xaf_command(file: File, start: From, to: To, seller: Seller = None) -> None:
    """Write the Dutch audit file (XAF 3.2) of a year or a part of one, in one currency."""
    own, today = _own(seller)
    from seatkeeper.domain.books.export import write_xaf

    try:
        _write(file, lambda target: write_xaf(own, *_span(start, to), target, made_on=today))
    except ValueError as error:
        raise BadInput(str(error)) from None
