"""`seatkeeper catalog`: check a catalogue file, and apply it to a seller."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seatkeeper.interfaces.cli.common import BAD_INPUT, Json, begin, complain, out, print_json, row, stop, table

if TYPE_CHECKING:
    from seatkeeper.core.catalog.plans import Catalog
    from seatkeeper.interfaces.files.catalogue import CatalogueFile

app = typer.Typer(no_args_is_help=True, help="Check and apply catalogue files: products, plans, prices, policies.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="A catalogue file, in YAML or JSON.")]


@app.command(epilog="Example: seatkeeper catalog check prices.yaml. Exit code 2 where the file is bad.")
def check(file: File, as_json: Json = False) -> None:
    """Validate a catalogue file and show what it would sell. Writes nothing, needs no database."""
    found = _read(file, as_json=as_json)
    if as_json:
        print_json(
            {
                "file": str(file),
                "error": None,
                "products": len(found.catalog.products),
                "plans": len(found.catalog.plans),
                "warnings": [{"where": one.where, "message": one.message} for one in found.warnings],
            }
        )
        return
    console = out()
    console.print(_table(found.catalog))
    for warning in found.warnings:
        complain(f"warning: {warning}")
    console.print(f"{file}: good.", markup=False)


@app.command(epilog="Example: seatkeeper catalog apply prices.yaml --dry-run")
def apply(
    file: File,
    seller: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="The seller; needed where there are several.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Apply a catalogue file whole, or nothing of it. What is left out stays for those who have it, and what was
    sold keeps the price that was locked with it."""
    found = _read(file, as_json=as_json)
    begin()
    from seatkeeper.domain.catalog.operations import catalog, replace_catalog
    from seatkeeper.interfaces.cli import finding

    chosen = finding.seller(seller)
    changes = _changes(catalog(chosen.id, chosen.catalog_version), found.catalog)
    if not dry_run and any(changes.values()):
        replace_catalog(chosen.id, found.catalog)
    if as_json:
        print_json({"file": str(file), "error": None, "seller": chosen.id, "applied": not dry_run, "changes": changes})
        return
    console = out()
    for warning in found.warnings:
        complain(f"warning: {warning}")
    for what, ids in changes.items():
        if ids:
            console.print(f"{what.replace('_', ' ')}: {', '.join(ids)}", markup=False)
    if not any(changes.values()):
        console.print("Nothing changes: the catalogue is as the file says.")
    else:
        console.print("Nothing was changed." if dry_run else f"Applied to {chosen.name}.", markup=False)


def _read(file: Path, *, as_json: bool) -> CatalogueFile:
    from seatkeeper.interfaces.files.catalogue import read_catalogue
    from seatkeeper.interfaces.files.problems import BadFile

    try:
        return read_catalogue(file)
    except BadFile as error:
        if as_json:
            print_json(error.data(str(file)))
            stop(BAD_INPUT)
        raise


def _changes(old: Catalog, new: Catalog) -> dict[str, list[str]]:
    """Ids of what is added and changed; and of plans that the file leaves out, which stay as they are."""
    return {
        "new_products": [one for one in new.products if one not in old.products],
        "changed_products": [one for one, value in new.products.items() if old.products.get(one, value) != value],
        "new_plans": [one for one in new.plans if one not in old.plans],
        "changed_plans": [one for one, value in new.plans.items() if old.plans.get(one, value) != value],
        "not_in_the_file": [one for one in old.plans if one not in new.plans],
    }


def _table(found: Catalog) -> object:
    shown = table("", "product", "plans", "currencies", "requires", "excludes", right=("plans",))
    for product in found.products.values():
        prices = [dated.price.currency for plan in product.plans for dated in found.plans[plan].prices]
        currencies = " ".join(sorted(set(prices)))
        row(shown, product.name, len(product.plans), currencies, " ".join(product.requires), " ".join(product.excludes))
    return shown
