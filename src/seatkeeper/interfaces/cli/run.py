"""`seatkeeper run`: what the billing run will do, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import Json, begin, out, plain, print_json, progress, row, table

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.progress import Course, RunStatus
    from seatkeeper.domain.subscriptions.rehearsing import Billed, Rehearsal

app = typer.Typer(no_args_is_help=True, help="The billing run: what it will do, and how far it is.")
WORDS = {
    "invoices": "invoices", "credit_notes": "credit notes", "net_minor": "net", "vat_minor": "VAT",
    "gross_minor": "gross", "charged_minor": "to be charged", "tries": "new tries of open invoices",
    "renewed": "subscriptions that renew", "ended": "subscriptions that end",
}  # fmt: skip
MOST_SHOWN = 50


@app.command(epilog="Example: seatkeeper run preview --on 2026-04-01")
def preview(
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Until the end of this date; default today.")] = None,
    seller: Annotated[int | None, typer.Option(metavar="NUMBER", help="Only this seller, on its own clock.")] = None,
    as_json: Json = False,
) -> None:
    """Show what the run will write until the end of a date, and what is different from the preview before.

    Nothing is kept but the preview itself. Charges are taken to go through.
    """
    begin()
    from seatkeeper.core.calendar import local_date
    from seatkeeper.domain.subscriptions.rehearsing import rehearse
    from seatkeeper.interfaces.cli import finding
    from seatkeeper.kit.clock import system_now

    chosen = finding.seller(seller) if seller is not None else None
    now = chosen.now if chosen else system_now()
    until = finding.day(on, "--on") or local_date(now, chosen.timezone if chosen else "UTC")
    with progress(quiet=as_json) as bar:
        task = bar.add_task("Deciding accounts", total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        found = rehearse(now, on=until, seller=seller, progress=told)
    if as_json:
        print_json(found)
    else:
        _show(found)


@app.command(epilog="Example: seatkeeper run status --watch")
def status(
    watch: Annotated[bool, typer.Option("--watch", help="Follow it with a progress bar until nothing is due.")] = False,
    as_json: Json = False,
) -> None:
    """Show what is due and since when, what is parked, payments without an answer or refused, and the workers."""
    begin()
    from seatkeeper.domain.subscriptions.progress import run_status
    from seatkeeper.kit.clock import system_now

    found = run_status(system_now())
    if watch and found.due:
        found = _watch(found)
    if as_json:
        print_json({**plain(found), "backlog_seconds": found.backlog_seconds})
        return
    since = f", the first since {found.due_since:%Y-%m-%d %H:%M} UTC" if found.due_since else ""
    out().print(
        f"{found.due:,} accounts due{since}; {found.parked:,} parked; {found.charges.count:,} charges wait for an "
        f"answer, {found.declined:,} refused within the hour; {len(found.workers)} workers alive.",
        markup=False,
    )


def _watch(found: RunStatus) -> RunStatus:
    """Look every second until nothing is due. More may fall due meanwhile: then the bar grows."""
    import threading

    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

    from seatkeeper.domain.subscriptions.progress import Course, run_status
    from seatkeeper.kit.clock import system_now

    pause, course = threading.Event(), Course(found)
    told = TextColumn("{task.description}")
    columns = (TextColumn("Accounts"), BarColumn(), MofNCompleteColumn(), told, TimeElapsedColumn())
    with progress(*columns) as bar:
        task = bar.add_task("", total=course.total)
        while found.due:
            pause.wait(1)
            found = run_status(system_now())
            course.look(found)
            bar.update(task, completed=course.done, total=course.total, description=_course(course))
    return found


def _course(course: Course) -> str:
    return (
        f"{course.left:,} left, {course.documents_a_second:,.0f} documents a second, {course.refused:,} refused, "
        f"{course.parked:,} parked"
    )


@app.command(epilog="Example: seatkeeper run parked")
def parked(
    seller: Annotated[int | None, typer.Option(metavar="NUMBER", help="Only of this seller.")] = None,
    as_json: Json = False,
) -> None:
    """List the accounts that the run leaves out as they cannot be decided, and why. `account park-release` ends it."""
    begin()
    from seatkeeper.domain.subscriptions.desk import parked as parked_accounts

    found = parked_accounts(seller=seller)
    if as_json:
        print_json([{"account": one.id, "key": one.key, "seller": one.seller, "due_at": one.due_at,
                     "reason": one.parked_reason} for one in found])  # fmt: skip
        return
    if not found:
        out().print("No account is parked.")
        return
    shown = table("", "account", "key", "name", "due since", "why", right=("account",))
    for one in found:
        row(shown, one.id, one.key, one.name, f"{one.due_at:%Y-%m-%d}" if one.due_at else "", one.parked_reason)
    out().print(shown)


def _show(found: Rehearsal) -> None:
    console = out()
    console.print(f"Until the end of {found.on}: {found.accounts} accounts.", markup=False)
    if found.totals or found.before:
        console.print(_totals(found))
    for account, reason in found.parked[:MOST_SHOWN]:
        console.print(f"account {account} cannot be decided: {reason}", markup=False)
    if found.before_at is None:
        console.print("There was no preview of this date before.", markup=False)
        return
    said = f"{len(found.changes)} accounts differ" if found.changes else "Nothing differs"
    console.print(f"{said} from the preview of {found.before_at:%Y-%m-%d %H:%M} UTC.", markup=False)
    if found.changes:
        shown = table("", "account", "before", "now", right=("before", "now"))
        for one in found.changes[:MOST_SHOWN]:
            row(shown, one.account, _billed(one.before), _billed(one.after))
        console.print(shown)


def _totals(found: Rehearsal) -> Any:
    """A column for each currency, and beside it that of the preview before where it was another."""
    columns = []
    for currency in sorted({*found.totals, *found.before}):
        columns.append((currency, currency, found.totals.get(currency, {})))
        was = found.before.get(currency, {})
        if found.before_at is not None and was != found.totals.get(currency):
            columns.append((f"{currency} before", currency, was))
    shown = table("", "", *(title for title, *_ in columns), right=tuple(title for title, *_ in columns))
    for name, words in WORDS.items():
        row(shown, words, *(_cell(name, sums.get(name, 0), currency) for _, currency, sums in columns))
    return shown


def _cell(name: str, value: int, currency: str) -> str:
    from seatkeeper.core.money import plain as money

    return money(value, currency) if name.endswith("_minor") else f"{value:,}"


def _billed(found: Billed | None) -> str:
    """What an account is billed, in one cell: net + VAT = gross, and of how many documents where there are several."""
    from seatkeeper.core.money import plain as money

    if found is None:
        return "nothing"
    net, vat, gross = (money(one, found.currency) for one in (found.net_minor, found.vat_minor, found.gross_minor))
    several = f" ({found.documents} documents)" if found.documents > 1 else ""
    return f"{net} + {vat} = {gross} {found.currency}{several}"
