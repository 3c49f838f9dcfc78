"""`seatkeeper scenario`: rehearse a story on a simulated clock, through the commands and run of production."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import (
    BAD_INPUT,
    DIFFERS,
    Json,
    complain,
    out,
    print_json,
    progress,
    speak_english,
    stop,
)

if TYPE_CHECKING:
    from seatkeeper.interfaces.files.problems import BadFile
    from seatkeeper.interfaces.scenario.model import Scenario
    from seatkeeper.interfaces.scenario.play import Played

app = typer.Typer(no_args_is_help=True, help="Rehearse stories on a simulated clock, in a throw-away database.")

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files, or folders of them.")]


@app.command(
    "run",
    epilog="Example: seatkeeper scenario run stories/ --json. Exit code 0: all as expected; 1: an `expect` differs; "
    "2: a bad file; 3: no database.",
)
def run_command(
    files: Files,
    as_json: Json = False,
    database: Annotated[
        str | None,
        typer.Option(metavar="URL", help="sqlite://... or postgresql://...: a throw-away database is made beside it."),
    ] = None,
) -> None:
    """Play scenario files and show what happened; with `expect`, what differs from it."""
    read = _read_all(files)
    if not any(found is not None for _, found, _ in read):
        _finish(_tell_bad(read, as_json=as_json), differs=False)
    from seatkeeper.interfaces.scenario.database import throw_away

    with throw_away(database):
        speak_english()
        bad, differs = _play_all(read, as_json=as_json)
    _finish(bad, differs=differs)


@app.command("check", epilog="Example: seatkeeper scenario check stories/*.yaml. Exit code 2 where a file is bad.")
def check_command(files: Files, as_json: Json = False) -> None:
    """Validate scenario files without playing them."""
    bad = False
    for name, found, error in _read_all(files):
        bad = bad or error is not None
        if as_json:
            print_json(error.data(name) if error is not None else {"file": name, "error": None}, one_line=True)
        elif error is not None:
            _tell_problems(error)
        elif found is not None:
            out().print(f"{name}: good, {len(found.steps)} steps", markup=False)
    _finish(bad, differs=False)


@app.command("schema", epilog="Example: seatkeeper scenario schema --side scenario > scenario.schema.json")
def schema_command(
    side: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only one: scenario (in), result (out) or catalogue.")
    ] = None,
) -> None:
    """Print the JSON Schema of both sides: the scenario file, the result, and the catalogue file."""
    from seatkeeper.interfaces.files.problems import nearest
    from seatkeeper.interfaces.scenario.files import schemas

    found = schemas()
    if side is not None and side not in found:
        raise typer.BadParameter(f"{side!r} is no side{nearest(side, found)}", param_hint="--side")
    print_json(found[side] if side is not None else found)


Read = list[tuple[str, "Scenario | None", "BadFile | None"]]


def _read_all(paths: list[Path]) -> Read:
    """Every file by name, read or bad, in the order given."""
    from seatkeeper.interfaces.files.problems import BadFile
    from seatkeeper.interfaces.scenario.files import found_files, read_scenario

    read: Read = []
    for path in paths:
        try:
            files = found_files([path])
        except BadFile as error:
            read.append((str(path), None, error))
            continue
        for file in files:
            try:
                read.append((str(file), read_scenario(file), None))
            except BadFile as error:
                read.append((str(file), None, error))
    return read


def _play_all(read: Read, *, as_json: bool) -> tuple[bool, bool]:
    from seatkeeper.interfaces.scenario.play import play

    bad = differs = False
    played: list[Played] = []
    with progress(quiet=as_json) as bar:
        task = bar.add_task("Playing scenarios", total=len(read))
        for name, scenario, error in read:
            if error is not None:
                bad = True
                _tell(error.data(name) if as_json else error, as_json=as_json)
            elif scenario is not None:
                one = play(scenario)
                differs = differs or bool(one.differences)
                played.append(one)
                _tell(one.data() if as_json else one, as_json=as_json)
            bar.advance(task)
    if not as_json and len(read) > 1:
        _tell_sum(played, len(read))
    return bad, differs


def _tell(what: Any, *, as_json: bool) -> None:
    from seatkeeper.interfaces.files.problems import BadFile
    from seatkeeper.interfaces.scenario.report import story

    if as_json:
        print_json(what, one_line=True)
    elif isinstance(what, BadFile):
        _tell_problems(what)
    else:
        story(out(), what)


def _tell_sum(played: list[Played], files: int) -> None:
    """One line at the end, and the names of those that differ."""
    wrong = [one for one in played if one.differences]
    console = out()
    console.print()
    console.rule(align="left")
    expecting = sum(1 for one in played if one.scenario.expect)
    console.print(
        f"{files} files: {expecting - len(wrong)} as expected, {len(wrong)} not as expected, "
        f"{len(played) - expecting} without expectation, {files - len(played)} bad.",
        markup=False,
    )
    for one in wrong:
        console.print(f"  not as expected: {one.scenario.file}", markup=False)


def _tell_bad(read: Read, *, as_json: bool) -> bool:
    """Nothing can be played: tell every file's problems. Whether there were any."""
    for name, _, error in read:
        if error is not None and as_json:
            print_json(error.data(name), one_line=True)
        elif error is not None:
            _tell_problems(error)
    return any(error is not None for _, _, error in read)


def _tell_problems(error: BadFile) -> None:
    for problem in error.problems:
        complain(str(problem))


def _finish(bad: bool, *, differs: bool) -> None:
    """A bad file weighs more than a difference."""
    if bad:
        stop(BAD_INPUT)
    if differs:
        stop(DIFFERS)
