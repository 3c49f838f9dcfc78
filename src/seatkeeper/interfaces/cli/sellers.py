"""`seatkeeper seller`: what a seller's documents print of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seatkeeper.interfaces.cli.common import BadInput, Json, begin, existing, out, print_json, row, table
from seatkeeper.interfaces.cli.giving import finder

app = typer.Typer(no_args_is_help=True, help="Show and set what documents print of a seller.")

SellerArgument = Annotated[
    int | None, typer.Argument(metavar="[SELLER]", help="Its number; the only one when left out.")
]


@app.command(epilog="Example: seatkeeper seller show")
def show(seller: SellerArgument = None, as_json: Json = False) -> None:
    """Show what the seller's next document prints of it."""
    begin()
    from seatkeeper.domain.invoicing import letterhead

    facts = letterhead.shown(finder().seller(seller).id)
    if as_json:
        print_json(facts)
        return
    shown = table("", "fact", "printed")
    for name, text in facts.items():
        row(shown, name.replace("_", " "), text[:12] if name == "logo" else text)
    out().print(shown)


@app.command(
    "set", epilog='Example: seatkeeper seller set iban="NL91 ABNA 0417 1643 00" colour="#0f6c5c" --logo logo.svg'
)
def set_command(
    facts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FACT=TEXT]...", help="Facts by the names that `seller show` lists."),
    ] = None,
    seller: Annotated[int | None, typer.Option(help="Its number; the only one when left out.")] = None,
    logo: Annotated[Path | None, typer.Option(metavar="FILE", help="A PNG or SVG picture.")] = None,
    no_logo: Annotated[bool, typer.Option("--no-logo", help="Take the logo away.")] = False,
    as_json: Json = False,
) -> None:
    """Change what the seller's next documents print; issued ones keep theirs. An empty text takes a fact away."""
    begin()
    from seatkeeper.domain.invoicing import letterhead

    chosen = finder().seller(seller)
    given = dict(_fact(one) for one in facts or ())
    picture = b"" if no_logo else existing(logo).read_bytes() if logo is not None else None
    if not given and picture is None:
        raise BadInput("say what to change; `seatkeeper seller show` lists the facts")
    try:
        letterhead.change(chosen.id, given, logo=picture)
    except letterhead.BadLetterhead as error:
        raise BadInput(str(error)) from None
    if as_json:
        print_json(letterhead.shown(chosen.id))
    else:
        out().print(f"Set for {chosen.name}; documents issued from now on print it.", markup=False)


@app.command(epilog="Example: seatkeeper seller gateways card=stripe direct_debit=sandbox")
def gateways(
    choice: Annotated[
        list[str] | None, typer.Argument(metavar="[KIND=GATEWAY]...", help="card or direct_debit, and a gateway.")
    ] = None,
    seller: Annotated[int | None, typer.Option(help="Its number; the only one when left out.")] = None,
    as_json: Json = False,
) -> None:
    """Choose the gateways of a seller's new payment methods, or show them. Known methods stay where they are."""
    begin()
    from seatkeeper.domain.accounts.operations import choose_gateways
    from seatkeeper.domain.payments.wiring import installation_choice, problems

    chosen = finder().seller(seller)
    given = dict(_fact(one) for one in choice or ())
    for problem in problems(given):
        raise BadInput(problem)
    found = {**installation_choice(), **choose_gateways(chosen.id, given)}
    if as_json:
        print_json(found)
        return
    shown = table("", "new method", "gateway")
    for kind, name in found.items():
        row(shown, kind, name)
    out().print(shown)


def _fact(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"a fact is written FACT=TEXT, such as town=Delft: {text}")
    return name.strip().replace("-", "_").replace(" ", "_"), value
