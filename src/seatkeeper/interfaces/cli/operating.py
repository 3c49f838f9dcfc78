"""`seatkeeper serve`, `tick`, `verify` and `clock`: what keeps an installation going."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import DIFFERS, BadInput, Json, begin, out, print_json, progress, row, stop, table

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import SellerLine
    from seatkeeper.domain.subscriptions.run import Report

clock = typer.Typer(no_args_is_help=True, help="The clock of a test seller. Real sellers have the system's.")

SellerArgument = Annotated[int, typer.Argument(metavar="SELLER", help="Its number; `account sellers` lists them.")]


def serve(
    host: Annotated[str, typer.Option(help="The address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8787,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; 1 on SQLite, else 2.")] = None,
    run: Annotated[
        bool | None,
        typer.Option(
            "--run/--no-run", help="Do what is due every 30 seconds. On SQLite it does; on PostgreSQL `worker` does."
        ),
    ] = None,
) -> None:
    """Bring the database up to date, serve the pages, and do what falls due. Ctrl-C stops it in good order."""
    begin(require=False)
    from django.conf import settings

    from seatkeeper.interfaces.cli.serve import serve_pages

    serve_pages(host=host, port=port, workers=workers, run=not settings.HAS_QUEUE if run is None else run)


def worker(
    name: Annotated[str, typer.Option(help="What it is called in the queue; default its host and process.")] = "",
) -> None:
    """Do what falls due, beside as many other workers as you start, on any machines. Only on PostgreSQL.

    It may be killed anywhere: what it was at is due still, and another worker does it. Ctrl-C stops it in good order.
    """
    begin()
    import os
    import socket

    from django.conf import settings

    if not settings.HAS_QUEUE:
        raise BadInput("workers need PostgreSQL (set DATABASE_URL); on SQLite `seatkeeper serve` does what falls due")
    from seatkeeper.interfaces.jobs.working import work

    chosen = name or f"{socket.gethostname()}-{os.getpid()}"
    out().print(f"Worker {chosen} is at work (Ctrl-C stops)", markup=False)
    work(name=chosen)


def tick(
    seller: Annotated[int | None, typer.Option(metavar="NUMBER", help="Only of this seller.")] = None,
    as_json: Json = False,
) -> None:
    """Do everything that is due now, once. Run again it does nothing; missed dates are made good."""
    begin()
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    from seatkeeper.domain.subscriptions.run import tick as run_tick
    from seatkeeper.interfaces.cli import finding
    from seatkeeper.kit.clock import system_now

    now = system_now() if seller is None else finding.seller(seller).now
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with progress(*columns, quiet=as_json) as bar:
        task = bar.add_task("Looking for what is due", total=None)

        def told(report: Report) -> None:
            bar.update(task, description=_said(report))

        report = run_tick(now, seller=seller, progress=told)
    if as_json:
        print_json({"now": now, **_data(report)})
    else:
        out().print(_said(report) + ".", markup=False)
        for account, reason in report.parked:
            out().print(f"account {account} was parked: {reason}", markup=False)


def _said(report: Report) -> str:
    return f"{report.accounts} accounts, {report.documents} documents, {report.charges} charges done"


def _data(report: Report) -> dict[str, Any]:
    parked = [{"account": account, "reason": reason} for account, reason in report.parked]
    return {
        "accounts": report.accounts, "documents": report.documents, "charges": report.charges, "parked": parked,
    }  # fmt: skip


def verify(
    seller: Annotated[int | None, typer.Option(metavar="NUMBER", help="Only of this seller.")] = None,
    as_json: Json = False,
) -> None:
    """Prove that the books hold: journal, ledger, numbers, arithmetic, licences. Exit code 1 where they do not."""
    begin()
    from seatkeeper.domain.subscriptions.verify import verify as run_verify

    with progress(quiet=as_json) as bar:
        task = bar.add_task("Verifying accounts", total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        findings = run_verify(seller=seller, progress=told)
    if as_json:
        print_json({"ok": findings.ok, "findings": findings})
    else:
        _show_findings(findings)
    if not findings.ok:
        stop(DIFFERS)


def _show_findings(findings: Any) -> None:
    console = out()
    counts = ("accounts", "events", "documents", "lines")
    looked = ", ".join(f"{getattr(findings, name)} {name}" for name in counts)
    if findings.ok:
        console.print(f"Everything holds: {looked}.", markup=False)
        return
    shown = table(f"{len(findings.found)} things do not hold", "account", "what", "expected", "found")
    for one in findings.found[:200]:
        row(shown, one.account, one.object, one.expected, one.found)
    console.print(shown)
    console.print(f"Looked at {looked}.", markup=False)


@clock.command("show", epilog="Example: seatkeeper clock show")
def show_command(as_json: Json = False) -> None:
    """Show the clocks of test sellers."""
    begin()
    from seatkeeper.domain.subscriptions import desk

    found = [one for one in desk.sellers() if one.clock_at is not None]
    if as_json:
        print_json(found)
        return
    shown = table("", "number", "name", "its time", "UTC", right=("number",))
    for one in found:
        row(shown, one.id, one.name, _local(one), f"{one.clock_at:%Y-%m-%d %H:%M}")
    out().print(shown)


def _local(seller: SellerLine) -> str:
    from seatkeeper.core.calendar import zone

    return f"{seller.now.astimezone(zone(seller.timezone)):%a %Y-%m-%d %H:%M} {seller.timezone}"


@clock.command("advance", epilog="Example: seatkeeper clock advance 1 --days 31. Exit code 1 for a real seller.")
def advance_command(
    seller: SellerArgument,
    to: Annotated[str | None, typer.Argument(metavar="[TIME]", help="Such as 2026-04-01T09:00, in its zone.")] = None,
    days: Annotated[int, typer.Option(min=0, max=36_600, help="Move by so many days instead.")] = 0,
    as_json: Json = False,
) -> None:
    """Move a test seller's clock forward, doing everything that falls due on the way, in order."""
    begin()
    from seatkeeper.core.refusals import Refused
    from seatkeeper.domain.subscriptions.clock import advance
    from seatkeeper.interfaces.cli import finding
    from seatkeeper.interfaces.cli.common import refused

    chosen = finding.seller(seller)
    if chosen.clock_at is None:
        refused(Refused("clock_not_allowed", seller=chosen.id), as_json=as_json)
    target = _target(chosen, to, days)
    done = {"accounts": 0, "documents": 0, "charges": 0}
    with progress(quiet=as_json) as bar:
        task = bar.add_task("Days", total=(target - chosen.now).days)

        def told(at: datetime, report: Report) -> None:
            for name in done:
                done[name] += getattr(report, name)
            bar.update(task, completed=(at - chosen.now).days)

        advance(chosen.id, target, progress=told)
    if as_json:
        print_json({"seller": chosen.id, "clock_at": target, **done})
    else:
        said = f"{done['accounts']} steps, {done['documents']} documents, {done['charges']} charges"
        out().print(f"The clock of {chosen.name} stands at {target:%Y-%m-%d %H:%M} UTC: {said}.", markup=False)


def _target(seller: SellerLine, to: str | None, days: int) -> datetime:
    """The instant to move to. Local times are of the seller's zone; days keep the local time."""
    from datetime import timedelta

    from seatkeeper.core.calendar import first_instant, zone
    from seatkeeper.interfaces.cli import finding
    from seatkeeper.interfaces.files.dates import Moment

    if (to is None) == (days == 0):
        raise BadInput("give either a time or --days")
    local = seller.now.astimezone(zone(seller.timezone))
    if to is None:
        return (local + timedelta(days=days)).astimezone(UTC)
    at = finding.value(Moment(), to, "TIME")
    if not isinstance(at, datetime):
        target = first_instant(at, seller.timezone)
    else:
        target = (at if at.tzinfo else at.replace(tzinfo=local.tzinfo)).astimezone(UTC)
    if target < seller.now:
        raise BadInput(f"a clock only goes forward: it is {local:%Y-%m-%d %H:%M} in {seller.timezone} already")
    return target
