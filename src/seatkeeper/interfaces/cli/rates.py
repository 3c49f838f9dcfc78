"""`seatkeeper rates`: exchange rates of the euro, for the VAT of documents in another currency than the seller's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seatkeeper.interfaces.cli.common import BadInput, Json, begin, existing, out, print_json
from seatkeeper.interfaces.cli.giving import finder

app = typer.Typer(no_args_is_help=True, help="Show, read and fetch exchange rates.")


@app.command(epilog="Example: seatkeeper rates show USD --on 2026-03-09")
def show(
    currency: Annotated[str, typer.Argument(metavar="CURRENCY", help="Three letters, such as USD.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="A document's date; today when left out.")] = None,
    as_json: Json = False,
) -> None:
    """Show the rate that a document of a day would use: the last one published before it."""
    begin()
    from seatkeeper.domain.invoicing.rates import rate_before
    from seatkeeper.kit.clock import system_now

    day = finder().day(on, "--on") or system_now().date()
    found = rate_before(currency.upper(), day)
    if found is None:
        raise BadInput(f"no rate of {currency} from before {day} is known; read a file that has one")
    if as_json:
        print_json({"currency": currency.upper(), **found._asdict()})
    else:
        out().print(f"EUR 1 = {currency.upper()} {found.per_euro}, of {found.on}, {found.source}", markup=False)


@app.command("read", epilog="Example: seatkeeper rates read eurofxref.csv")
def read_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV in the European Central Bank's form, or its ZIP.")],
    as_json: Json = False,
) -> None:
    """Read rates from a file: a line of currencies after the word Date, then a line for each day."""
    begin()
    _keep(existing(file).read_bytes(), as_json)


@app.command(epilog="Example: seatkeeper rates fetch. Off unless SEATKEEPER_RATES_URL names an address.")
def fetch(as_json: Json = False) -> None:
    """Fetch the rates published last from the address in the settings; meant to be run once a day."""
    begin()
    from django.conf import settings

    from seatkeeper.adapters.rates.daily import BadRates, fetched

    if not settings.RATES_URL:
        raise BadInput("no address is set, so nothing is fetched; see SEATKEEPER_RATES_URL")
    try:
        content = fetched(settings.RATES_URL)
    except (OSError, BadRates) as error:
        raise BadInput(f"the rates cannot be fetched: {error}") from None
    _keep(content, as_json)


def _keep(content: bytes, as_json: bool) -> None:
    from seatkeeper.adapters.rates.daily import BadRates, rates
    from seatkeeper.domain.invoicing.rates import keep

    try:
        found = rates(content)
    except BadRates as error:
        raise BadInput(str(error)) from None
    new = keep(found)
    if as_json:
        print_json({"read": len(found), "new": new})
    else:
        out().print(f"Read {len(found)} rates; {new} are new.", markup=False)
