"""`seatkeeper license`: who holds which licence, giving and taking back many at once, and requests for one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import (
    AccountArgument,
    BadInput,
    Json,
    begin,
    existing,
    out,
    print_json,
    row,
    table,
)
from seatkeeper.interfaces.cli.giving import EPILOG, Arguments, Dry, Product, Subscription, answer, finder, give

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet

app = typer.Typer(
    no_args_is_help=True, help="Licences by product: who holds one, assigning many at once, requests for one."
)
Many = Annotated[list[str] | None, typer.Argument(metavar="[USER]...", help="Keys or e-mail addresses.")]
File = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="A CSV file with a column email, key or name.")
]
Someone = Annotated[str, typer.Argument(metavar="USER", help="Key or e-mail address of a user.")]
Request = Annotated[int, typer.Argument(metavar="REQUEST", help="Its number; `license requests` lists them.")]
Note = Annotated[str, typer.Option(help="At most 500 characters.")]


def example(text: str) -> str:
    """The last lines of a command's help."""
    return f"Example: seatkeeper license {text}. {EPILOG}"


@app.command("list", epilog="Example: seatkeeper license list northwind --json")
def list_command(account: AccountArgument, as_json: Json = False) -> None:
    """List an account's licences by product."""
    begin()
    from seatkeeper.interfaces.cli import finding

    sheet = finding.account(account)
    found = [
        {
            "product": one.product, "bought": one.bought, "assigned": one.assigned,
            "available": max(one.bought - one.assigned, 0), "suspended": one.suspended, "removed_on": one.remove_on,
        }
        for one in sheet.state.pools.values()
    ]  # fmt: skip
    if as_json:
        print_json(found)
        return
    numbers = ("bought", "assigned", "available", "suspended")
    shown = table(f"Licences of {sheet.line.name}", "product", *numbers, "removed on", right=numbers)
    for one in found:
        row(shown, one["product"], *(one[name] for name in numbers), one["removed_on"])
    out().print(shown)


def _users(sheet: AccountSheet, users: list[str] | None, file: Path | None) -> tuple[int, ...]:
    from seatkeeper.interfaces.files.people import UnreadablePeople, read_people

    named = list(users or ())
    if file is not None:
        try:
            named += read_people(existing(file).read_bytes())
        except UnreadablePeople as problem:
            raise BadInput(f"{file} cannot be read: {_FAULTS[problem.code]}") from None
    if not named:
        raise BadInput("name users, or give a list of them with --file")
    return tuple(dict.fromkeys(finder().users(sheet, named)))


_FAULTS = {
    "too_large": "it has more than 2 MB; divide it",
    "too_many": "it has more than 20,000 rows; divide it",
    "binary": "it is no text in UTF-8",
    "empty": "it names nobody",
    "no_column": "it has no column email, key or name",
}


def _licences(product: str, users: list[str] | None, file: Path | None, **more: Any) -> Arguments:
    return lambda sheet: {"product": finder().product(sheet, product), "users": _users(sheet, users, file), **more}


@app.command(epilog=example("assign northwind business-basic --file users.csv --dry-run"))
def assign(
    account: AccountArgument,
    product: Product,
    users: Many = None,
    file: File = None,
    swap: Annotated[bool, typer.Option("--swap", help="Take back what the product excludes.")] = False,
    first: Annotated[bool, typer.Option("--first", help="Assign what the product requires, too.")] = False,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Give users a licence of a product, all or nothing; who holds it already is passed over."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        found = _licences(product, users, file)(sheet)
        return {**found, "swap": found["users"] if swap else (), "first": found["users"] if first else ()}

    give("license.assign", account, arguments, dry=dry_run, as_json=as_json)


@app.command(epilog=example("unassign northwind business-basic u1 u2"))
def unassign(
    account: AccountArgument,
    product: Product,
    users: Many = None,
    file: File = None,
    also: Annotated[list[str] | None, typer.Option(metavar="PRODUCT", help="Taken back with it.")] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Take a product's licence back from users."""
    more = {"also": tuple(also or ())}
    give("license.unassign", account, _licences(product, users, file, **more), dry=dry_run, as_json=as_json)


@app.command(epilog=example("keep northwind business-basic --back u4 --instead u1"))
def keep(
    account: AccountArgument,
    product: Product,
    back: Annotated[list[str], typer.Option(metavar="USER", help="Whose licence is suspended and returns.")],
    instead: Annotated[list[str], typer.Option(metavar="USER", help="Whose is suspended instead.")],
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Choose who keeps a licence where some are suspended; as many on one side as on the other."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        found = finder()
        chosen = {"back": found.users(sheet, back), "instead": found.users(sheet, instead)}
        return {"product": found.product(sheet, product), **chosen}

    give("license.keep", account, arguments, dry=dry_run, as_json=as_json)


@app.command("add-and-assign", epilog=example("add-and-assign northwind S-10001 25 --file users.csv --dry-run"))
def add_and_assign(
    account: AccountArgument,
    subscription: Subscription,
    seats: Annotated[int, typer.Argument(metavar="SEATS", min=1, help="The new total.")],
    users: Many = None,
    file: File = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Add licences to a subscription and assign its product: one decision, one invoice."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        found = finder().subscription(sheet, subscription)
        return {"subscription": found, "seats": seats, "users": _users(sheet, users, file)}

    give("subscription.add_and_assign", account, arguments, dry=dry_run, as_json=as_json)


@app.command(epilog=example("request northwind u7 business-basic --note 'For the project'"))
def request(account: AccountArgument, user: Someone, product: Product, note: Note = "", as_json: Json = False) -> None:
    """Ask for a licence in a user's name."""
    sheet, id_ = _one(account, user)
    _told(sheet, "license.request", user=id_, as_json=as_json, product=finder().product(sheet, product), note=note)


@app.command("withdraw-request", epilog=example("withdraw-request northwind u7 3"))
def withdraw_request(account: AccountArgument, user: Someone, request: Request, as_json: Json = False) -> None:
    """Take a user's request back."""
    sheet, id_ = _one(account, user)
    _told(sheet, "license.withdraw_request", user=id_, as_json=as_json, request=request)


def _one(account: str, user: str) -> tuple[AccountSheet, int]:
    begin()
    sheet: AccountSheet = finder().account(account)
    return sheet, finder().users(sheet, [user])[0]


def _told(sheet: AccountSheet, command: str, *, user: int | None, as_json: bool, **arguments: Any) -> None:
    """Give a command that has no decision to show: as a user, or as the seller."""
    from seatkeeper.kit.commands import Actor, Context

    ctx = None if user is None else Context(Actor("user", user, "cli"), sheet.line.id, sheet.now)
    done = answer(sheet, command, as_json=as_json, ctx=ctx, **arguments)
    if as_json:
        print_json({"request": done if isinstance(done, int) else arguments["request"]})
    else:
        out().print(f"Request {done}." if isinstance(done, int) else "Done.")


@app.command(epilog="Example: seatkeeper license requests northwind --json")
def requests(account: AccountArgument, as_json: Json = False) -> None:
    """List requests for licences: those that wait first, then the newest."""
    begin()
    from seatkeeper.domain.licensing import requests as asked

    sheet: AccountSheet = finder().account(account)
    names = {one.id: one.name for one in sheet.state.catalog.products.values()}
    found = asked.requests(sheet.line.id, names=names, timezone=sheet.line.timezone)
    if as_json:
        print_json(found)
        return
    shown = table(f"Requests of {sheet.line.name}", "", "user", "product", "asked on", "status", "note", right=("",))
    for one in found:
        row(shown, one.id, one.email, one.product, one.asked_on, one.status, one.note)
    out().print(shown)


@app.command("answer-request", epilog=example("answer-request northwind 3 --decline --note 'Not this year'"))
def answer_request(
    account: AccountArgument,
    request: Request,
    decline: Annotated[bool, typer.Option("--decline", help="Decline; without this it is approved.")] = False,
    note: Note = "",
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Approve a request, which assigns the licence, or decline it."""
    if decline:
        begin()
        sheet = finder().account(account)
        given: dict[str, Any] = {"request": request, "approve": False, "note": note}
        _told(sheet, "license.answer_request", user=None, as_json=as_json, **given)
        return
    arguments = {"request": request, "approve": True, "note": note}
    give("license.answer_request", account, lambda sheet: arguments, dry=dry_run, as_json=as_json)
