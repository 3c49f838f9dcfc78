"""`seatkeeper run`: what the billing run will do, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from seatkeeper.interfaces.cli.common import Json, begin, out, plain, print_json, progress, row, table

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.progress import RunStatus
    from seatkeeper.domain.subscriptions.rehearsing import Rehearsal

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
    """Show what is due and since when, what is parked, charges that wait for an answer, and the workers."""
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
        f"{found.due:,} accounts due{since}; {found.parked:,} parked; {found.pending_charges:,} charges wait for an "
        f"answer; {len(found.workers)} workers alive.",
        markup=False,
    )


def _watch(found: RunStatus) -> RunStatus:
    """Look every second until nothing is due. More may fall due meanwhile: then the bar grows."""
    import threading

    from seatkeeper.domain.subscriptions.progress import run_status
    from seatkeeper.kit.clock import system_now

    pause, total = threading.Event(), found.due
    with progress() as bar:
        task = bar.add_task("Accounts", total=total)
        while found.due:
            pause.wait(1)
            found = run_status(system_now())
            total = max(total, found.due)
            bar.update(task, completed=total - found.due, total=total)
    return found


def _show(found: Rehearsal) -> None:
    from seatkeeper.core.money import plain as money

    console = out()
    console.print(f"Until the end of {found.on}: {found.accounts} accounts.", markup=False)
    if found.totals:
        shown = table("", "", *sorted(found.totals), right=tuple(found.totals))
        for name, words in WORDS.items():
            cells = (found.totals[currency][name] for currency in sorted(found.totals))
            is_money = name.endswith("_minor")
            row(shown, words, *(
                money(cell, currency) if is_money else f"{cell:,}"
                for cell, currency in zip(cells, sorted(found.totals), strict=True)
            ))  # fmt: skip
        console.print(shown)
    for account, reason in found.parked[:MOST_SHOWN]:
        console.print(f"account {account} cannot be decided: {reason}", markup=False)
    if found.before_at is None:
        console.print("There was no preview of this date before.", markup=False)
        return
    said = f"{len(found.changes)} accounts differ" if found.changes else "Nothing differs"
    console.print(f"{said} from the preview of {found.before_at:%Y-%m-%d %H:%M} UTC.", markup=False)
    if found.changes:
        shown = table("", "account", "currency", "before", "now", right=("before", "now"))
        for one in found.changes[:MOST_SHOWN]:
            row(shown, one.account, one.currency, *(
                "" if minor is None else money(minor, one.currency) for minor in (one.before_minor, one.after_minor)
            ))  # fmt: skip
        console.print(shown)
