"""`seatkeeper documents`: the files of many documents at once. One document: `seatkeeper invoice pdf`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seatkeeper.interfaces.cli.common import BadInput, Json, begin, out, print_json, progress
from seatkeeper.interfaces.cli.giving import finder

app = typer.Typer(no_args_is_help=True, help="Make the files of many documents.")


@app.callback()
def documents() -> None:
    """Keep `render` a command of its own name."""


@app.command(epilog="Example: seatkeeper documents render --all --out documents --part 1/2")
def render(
    folder: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to; made when it is not there.")],
    every: Annotated[bool, typer.Option("--all", help="All documents of the installation.")] = False,
    account: Annotated[str | None, typer.Option(help="Only of this account.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Only those issued from this day on.")] = None,
    kinds: Annotated[str, typer.Option(help="pdf, ubl, cii, with commas between.")] = "pdf",
    part: Annotated[str, typer.Option(help="1/4: a quarter of the accounts, for four processes side by side.")] = "1/1",
    as_json: Json = False,
) -> None:
    """Write documents as files, FOLDER/SELLER/YEAR/NUMBER.pdf; a file that is there is written anew."""
    begin()
    from seatkeeper.domain.invoicing.rendering import Wanted, count, each_file, file_name

    if not (every or account or since):
        raise BadInput("choose which: --all, --account or --since")
    of = None if account is None else finder().account(account).line.id
    number, parts = _part(part)
    wanted = Wanted(account=of, since=finder().day(since, "--since"), part=number - 1, parts=parts)
    chosen = _kinds(kinds)
    written = passed = 0
    with progress(quiet=as_json) as bar:
        task = bar.add_task("Documents", total=count(wanted) * len(chosen))
        for form, seller, kind, content in each_file(wanted, chosen):
            bar.advance(task)
            if content is None:
                passed += 1
                continue
            target = folder / str(seller) / str(form.issued_on.year) / file_name(form.number, kind)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            written += 1
    if as_json:
        print_json({"written": written, "without_electronic_form": passed, "folder": str(folder)})
    else:
        said = f", {passed} have no electronic form" if passed else ""
        out().print(f"Wrote {written} files to {folder}{said}.", markup=False)


def _part(text: str) -> tuple[int, int]:
    number, _, parts = text.partition("/")
    if not (number.isdigit() and parts.isdigit() and 1 <= int(number) <= int(parts) <= 64):
        raise BadInput(f"--part is such as 1/4: {text}")
    return int(number), int(parts)


def _kinds(text: str) -> list[str]:
    from seatkeeper.domain.invoicing.rendering import KINDS

    found = [one.strip() for one in text.split(",") if one.strip()]
    for one in found or [text]:
        if one not in KINDS:
            raise BadInput(f"--kinds are {', '.join(KINDS)}, not {one!r}")
    return found
