"""The command `seatkeeper`: its parts, and one place that turns what goes wrong into a sentence and an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from seatkeeper import __version__
from seatkeeper.interfaces.cli import (
    account_details,
    accounts,
    activity,
    bank,
    catalog,
    demo,
    documents,
    dunning,
    gateways,
    invoices,
    keeping,
    ledger,
    licences,
    mail,
    methods,
    operating,
    people,
    rates,
    scenario,
    sellers,
    subscription_changes,
    subscriptions,
)
from seatkeeper.interfaces.cli import (
    run as runs,
)
from seatkeeper.interfaces.cli.common import BAD_INPUT, DIFFERS, NO_DATABASE, BadInput, complain

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Sells, changes, renews and ends subscriptions by the seat, to the cent and the day.",
    epilog="Exit codes: 0 done; 1 refused or not as expected; 2 bad input or a bad file; 3 no usable database.",
)
assert subscription_changes, "importing it adds its commands to those of subscriptions"
assert account_details, "importing it adds its commands to those of accounts"
app.command(epilog="Example: seatkeeper demo --port 9000")(demo.demo)
app.command(epilog="Example: seatkeeper serve --port 9000")(operating.serve)
app.command(epilog="Example: seatkeeper worker --name east-1")(operating.worker)
app.command(epilog="Example: seatkeeper tick --json")(operating.tick)
app.command(epilog="Example: seatkeeper verify")(operating.verify)
app.command(epilog="Example: seatkeeper migrate --check")(keeping.migrate)
app.command(epilog="Example: seatkeeper partition")(keeping.partition)
app.command(epilog="Example: seatkeeper backup /backups/2026-04-01.seatkeeper")(keeping.backup)
app.command(epilog="Example: seatkeeper restore /backups/2026-04-01.seatkeeper")(keeping.restore)
app.command(epilog="Example: seatkeeper activity northwind --kind payments --since 2026-03-01")(activity.activity)
app.add_typer(scenario.app, name="scenario")
app.add_typer(catalog.app, name="catalog")
app.add_typer(accounts.app, name="account")
app.add_typer(subscriptions.app, name="subscription")
app.add_typer(licences.app, name="license")
app.add_typer(invoices.app, name="invoice")
app.add_typer(documents.app, name="documents")
app.add_typer(sellers.app, name="seller")
app.add_typer(rates.app, name="rates")
app.add_typer(mail.app, name="mail")
app.add_typer(ledger.app, name="ledger")
app.add_typer(dunning.app, name="dunning")
app.add_typer(bank.app, name="bank")
app.add_typer(operating.clock, name="clock")
app.add_typer(runs.app, name="run")
app.add_typer(people.app, name="user")
app.add_typer(methods.app, name="method")
app.add_typer(gateways.app, name="gateway")


READ_ONLY = "25006"
"""What PostgreSQL answers where something would be written in a database that only reads."""


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"seatkeeper {__version__}\n")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Begin."""


def run() -> None:
    """The entry point. No traceback for what a person can mend."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except Exception as error:
        code = _told(error)
        if code is None:
            raise
        sys.exit(code)


def _told(error: Exception) -> int | None:
    """Say what is wrong and give the exit code; None for a mistake of the program itself."""
    from seatkeeper.config.process import DatabaseProblem, one_line
    from seatkeeper.core.refusals import Refused
    from seatkeeper.interfaces.files.problems import BadFile

    if isinstance(error, DatabaseProblem):
        complain(str(error))
        return NO_DATABASE
    if isinstance(error, BadInput):
        complain(str(error))
        return BAD_INPUT
    if isinstance(error, BadFile):
        for problem in error.problems:
            complain(str(problem))
        return BAD_INPUT
    if isinstance(error, Refused):
        from seatkeeper.interfaces.web.plain_refusals import plain_refusal

        complain(f"refused ({error.code}): {plain_refusal(error)}")
        return DIFFERS
    if getattr(error.__cause__, "sqlstate", "") == READ_ONLY:
        complain("The database only reads, as a replica does: this needs the one that writes.")
        return NO_DATABASE
    if _is_lost_database(error):
        complain(f"The database cannot be reached: {one_line(error)}.")
        return NO_DATABASE
    return None


def _is_lost_database(error: Exception) -> bool:
    """Whether the connection was lost on the way. Django is not imported for this when nothing else did."""
    utils = sys.modules.get("django.db.utils")
    return utils is not None and isinstance(error, utils.OperationalError | utils.InterfaceError)


def _drop_output() -> None:
    """Whoever read the output has gone: nothing more is written, not even by Python's own end."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
