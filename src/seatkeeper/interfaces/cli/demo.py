"""`seatkeeper demo`: an installation with five organisations and fourteen months of history, and its pages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from seatkeeper.interfaces.cli.common import BAD_INPUT, begin, complain, out, stop

if TYPE_CHECKING:
    from seatkeeper.interfaces.demo.installation import Made

HOST, PORT = "127.0.0.1", 8787


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="Throw the demonstration's data away and start anew.")] = False,
    host: Annotated[str, typer.Option(help="The address to serve on.")] = HOST,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = PORT,
    serve: Annotated[bool, typer.Option(help="Serve the pages; --no-serve only makes the data.")] = True,
) -> None:
    """Make the demonstration (or keep what is there), print a sign-in link that works once, and serve.

    Example: seatkeeper demo --port 9000
    """
    begin(require=False)
    from seatkeeper.interfaces.demo.installation import NotADemo, forget, make
    from seatkeeper.kit.clock import system_now

    try:
        if reset:
            forget()
        _migrate()
        made = _make(make, system_now().replace(microsecond=0))
    except NotADemo:
        complain("This database holds a real seller. The demonstration wants one of its own: set SEATKEEPER_HOME.")
        stop(BAD_INPUT)
    said = "The demonstration is made." if made.fresh else "The demonstration was there already and is kept."
    console = out()
    console.print(said)
    console.print(f"Sign in as {made.owner}, once, within a day:")
    sys.stdout.write(f"\n  http://{host}:{port}/sign-in/{made.token}\n\n")
    sys.stdout.flush()
    if serve:
        from seatkeeper.interfaces.cli.serve import serve_pages

        serve_pages(host=host, port=port)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _make(make: Callable[..., Made], now: datetime) -> Made:
    """Make the data with a progress bar."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("Fourteen months of history", total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return make(now=now, progress=told)
