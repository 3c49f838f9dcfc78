"""What every part of the command line shares: exit codes, output, options, and the start of Django."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from seatkeeper.core.refusals import Refused

DIFFERS, BAD_INPUT, NO_DATABASE = 1, 2, 3
"""Exit codes: refused or not as expected; input or a file that is wrong; the database cannot be used."""

WIDTH_WITHOUT_TERMINAL = 140

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines instead of tables.")]
AccountArgument = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's key or number.")]


class BadInput(Exception):
    """What was typed is wrong; one sentence says why. Exit code 2."""


def begin(*, require: bool = True) -> None:
    """Start Django on the installation's database. require: it must be there and of this program's version."""
    from seatkeeper.config import process

    process.begin()
    if require:
        process.require_version()
    speak_english()


def speak_english() -> None:
    """The command line's own language, whatever an account's is."""
    from django.utils import translation

    translation.activate("en")


def out() -> Console:
    """The console for people, on standard output."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)


def print_json(data: Any, *, one_line: bool = False) -> None:
    """Print a value as JSON: dates in ISO 8601, everything else as it is."""
    text = json.dumps(plain(data), ensure_ascii=False, indent=None if one_line else 2)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def plain(value: Any) -> Any:
    """Mappings, lists, text, numbers, flags and None of whatever holds such things."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if hasattr(value, "items"):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    return value if isinstance(value, str | int | float | None) else str(value)


def complain(sentence: str) -> None:
    """Say on standard error what is wrong."""
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True, highlight=False, soft_wrap=True).print(Text.assemble(("seatkeeper: ", "bold red"), sentence))


def stop(code: int) -> NoReturn:
    """End with an exit code."""
    raise typer.Exit(code)


def refused(refusal: Refused, *, as_json: bool, names: Any = None) -> NoReturn:
    """Tell a refusal: its code with its facts, or its sentence. Exit code 1."""
    from seatkeeper.interfaces.web.plain_refusals import plain_refusal

    said = plain_refusal(refusal, names)
    if as_json:
        print_json({"refused": refusal.code, "message": said, "facts": dict(refusal.facts)})
    else:
        complain(f"refused ({refusal.code}): {said}")
    stop(DIFFERS)


@contextmanager
def progress(*columns: Any, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on standard error, which goes away when it is done; nothing where no person looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    chosen = columns or (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*chosen, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        yield bar


def table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Any:
    """An empty table; the columns in `right` are numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    found = Table(
        title=Text(title, style="bold") if title else None, title_justify="left", box=box.SIMPLE, pad_edge=False
    )
    for column in columns:
        found.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return found


def row(found: Any, *cells: object) -> None:
    """Add a row of plain text; nothing in it is taken for markup."""
    from rich.text import Text

    found.add_row(*(one if isinstance(one, Text) else Text("" if one is None else str(one)) for one in cells))


def existing(path: Path) -> Path:
    """A path that is there, or BadInput."""
    if not path.exists():
        raise BadInput(f"there is no file or folder {path}")
    return path
