"""`seatkeeper user`: the people of an organisation, their roles and their way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from seatkeeper.interfaces.cli.common import AccountArgument, Json, begin, out, print_json, row, table
from seatkeeper.interfaces.cli.giving import answer, finder

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet

app = typer.Typer(no_args_is_help=True, help="The people of an organisation: list, invite, roles, sign-in links.")

PersonArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's e-mail address.")]


@app.command("list", epilog="Example: seatkeeper user list noordzee")
def list_command(
    account: AccountArgument,
    role: Annotated[str, typer.Option(help="Only these; default everybody who administers.")] = "",
    as_json: Json = False,
) -> None:
    """List people with their roles, by name."""
    begin()
    from seatkeeper.domain.subscriptions.people import PersonRow, people_page
    from seatkeeper.interfaces.cli import finding

    rows: list[PersonRow] = []
    id_, after = finding.account(account).line.id, ""
    while True:
        page = people_page(id_, role=role, after=after)
        rows += page.rows
        after = page.after
        if not after:
            break
    if as_json:
        print_json(rows)
        return
    shown = table("", "number", "name", "address", "role", "state", right=("number",))
    for one in rows:
        row(shown, one.id, one.name, one.email, one.role, one.state)
    out().print(shown)


@app.command("invite", epilog="Example: seatkeeper user invite noordzee jan@noordzee.example --role reader")
def invite_command(
    account: AccountArgument,
    address: PersonArgument,
    name: Annotated[str, typer.Option(help="Their name.")] = "",
    role: Annotated[str, typer.Option(help="owner, billing_administrator, reader, user ...")] = "user",
    language: Annotated[str, typer.Option(help="en or nl.")] = "en",
    as_json: Json = False,
) -> None:
    """Add a person and print the path of a link that signs them in once, within a week. No mail is sent."""
    begin()
    sheet = finder().account(account)
    user, token = answer(
        sheet, "person.invite", as_json=as_json, email=address, name=name, role=role, language=language
    )
    _link(user, token, as_json=as_json)


@app.command("link", epilog="Example: seatkeeper user link noordzee jan@noordzee.example")
def link_command(account: AccountArgument, address: PersonArgument, as_json: Json = False) -> None:
    """Print the path of a new sign-in link for a person: it works once, within a week."""
    begin()
    sheet, user = _person(account, address)
    _link(user, answer(sheet, "person.invite_again", as_json=as_json, user=user), as_json=as_json)


@app.command("set-role", epilog="Example: seatkeeper user set-role noordzee jan@noordzee.example owner")
def set_role_command(
    account: AccountArgument, address: PersonArgument, role: Annotated[str, typer.Argument(metavar="ROLE")]
) -> None:
    """Give a person another role. The last owner keeps theirs."""
    begin()
    sheet, user = _person(account, address)
    answer(sheet, "person.set_role", as_json=False, user=user, role=role)
    out().print(f"{address} is {role} now.", markup=False)


@app.command("deactivate", epilog="Example: seatkeeper user deactivate noordzee jan@noordzee.example")
def deactivate_command(account: AccountArgument, address: PersonArgument) -> None:
    """Shut a person out at once, on every device, and take their licences back."""
    begin()
    sheet, user = _person(account, address)
    answer(sheet, "person.deactivate", as_json=False, user=user)
    out().print(f"{address} is shut out.", markup=False)


def _person(account: str, address: str) -> tuple[AccountSheet, int]:
    sheet: AccountSheet = finder().account(account)
    return sheet, finder().users(sheet, [address])[0]


def _link(user: int, token: str, *, as_json: bool) -> None:
    path = f"/sign-in/{token}"
    if as_json:
        print_json({"user": user, "path": path})
    else:
        out().print(f"{path}\nOpen it on the installation's address; it works once, within 7 days.", markup=False)
