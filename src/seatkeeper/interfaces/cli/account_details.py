"""`seatkeeper account set`, `confirm-vat`, `close`: what an organisation says of itself, and what the seller notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.accounts import app
from seatkeeper.interfaces.cli.common import AccountArgument, BadInput, Json, begin, out, print_json
from seatkeeper.interfaces.cli.giving import Dry, answer, finder, give

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet


@app.command("set", epilog="Example: seatkeeper account set northwind --country DE --town Berlin --street 'Ring 1'")
def set_command(
    account: AccountArgument,
    name: Annotated[str | None, typer.Option(help="The legal name.")] = None,
    display_name: Annotated[str | None, typer.Option(help="How pages call it.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, such as NL.")] = None,
    street: Annotated[str | None, typer.Option(help="Of the billing address.")] = None,
    number: Annotated[str | None, typer.Option(help="Of the house.")] = None,
    extra: Annotated[str | None, typer.Option(help="A second line.")] = None,
    postcode: Annotated[str | None, typer.Option()] = None,
    town: Annotated[str | None, typer.Option()] = None,
    region: Annotated[str | None, typer.Option()] = None,
    vat_id: Annotated[str | None, typer.Option(help="Empty takes it away; a new one is not confirmed.")] = None,
    language: Annotated[str | None, typer.Option(help="Of documents: en or nl.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Counts from the next billing period.")] = None,
    currency: Annotated[str | None, typer.Option(help="Only before anything was bought.")] = None,
    purchase_order: Annotated[str | None, typer.Option(help="The account's own number on documents.")] = None,
    terms_days: Annotated[int | None, typer.Option(min=0, max=366, help="Payment terms of bank transfer.")] = None,
    credit_limit: Annotated[str | None, typer.Option(help="In the account's currency; none for no limit.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Change facts of an account; those left out stay. Issued documents stay as they are."""
    _set_given(account, as_json, dict(
        name=name, display_name=display_name, country=country, street=street, number=number, extra=extra,
        postcode=postcode, town=town, region=region, vat_id=vat_id, language=language, timezone=timezone,
        currency=currency, purchase_order=purchase_order, terms_days=terms_days, credit_limit=credit_limit,
    ))  # fmt: skip


SECTIONS = {
    "names": ("name", "display_name"),
    "address": ("country", "street", "number", "extra", "postcode", "town", "region"),
    "vat_id": ("vat_id",),
    "regional": ("language", "timezone", "currency"),
    "purchase_order": ("purchase_order",),
    "terms": ("terms_days", "credit_limit"),
}


def _set_given(account: str, as_json: bool, given: dict[str, Any]) -> None:
    """Give the command of each section of which something was typed."""
    begin()
    sheet = finder().account(account)
    wanted = {
        section: typed
        for section, names in SECTIONS.items()
        if (typed := {name: given[name] for name in names if given[name] is not None})
    }
    if not wanted:
        raise BadInput("nothing was given to set; see seatkeeper account set --help")
    changed = [section for section, values in wanted.items() if _give(sheet, section, values, as_json=as_json)]
    if as_json:
        print_json({"account": sheet.line.id, "changed": changed})
    else:
        said = ", ".join(one.replace("_", " ") for one in changed)
        out().print(f"Changed: {said}." if changed else "It was so already; nothing was changed.", markup=False)


def _give(sheet: AccountSheet, section: str, values: dict[str, Any], *, as_json: bool) -> bool:
    """Give the command of one section, with what was left out as it stands; whether anything changed."""
    from seatkeeper.domain.subscriptions.account_page import account_page

    page = account_page(sheet.row(frozenset()))
    whole = section in ("notices", "recipients")
    merged: dict[str, Any] = values if whole else {**page.sections[section], **values}
    arguments: dict[str, Any]
    if section == "names":
        arguments = {"legal_name": merged["name"], "display_name": merged["display_name"]}
    elif section == "address":
        arguments = {"address": merged}
    elif section == "terms":
        limit = _limit(sheet, values, page.credit_limit_minor)
        arguments = {"terms_days": int(merged["terms_days"]), "credit_limit_minor": limit}
    else:
        arguments = merged
    return bool(answer(sheet, f"account.set_{section}", as_json=as_json, **arguments).changed)


def _limit(sheet: AccountSheet, values: dict[str, Any], kept: int | None) -> int | None:
    text = values.get("credit_limit")
    if text is None:
        return kept
    found: int | None = None if text == "none" else finder().amount(sheet, text, "--credit-limit")
    return found


@app.command("notices", epilog="Example: seatkeeper account notices northwind --renewal 60,7 --below 3")
def notices(
    account: AccountArgument,
    renewal: Annotated[str, typer.Option(help="Days before a renewal, of 60, 30 and 7; none for no notice.")] = "30,7",
    below: Annotated[int | None, typer.Option(min=1, help="When fewer licences of a product are free.")] = None,
    as_json: Json = False,
) -> None:
    """Set when an organisation is warned."""
    days = [] if renewal == "none" else renewal.split(",")
    if not all(one.isdigit() for one in days):
        raise BadInput(f"--renewal takes days with commas between, such as 60,7, not '{renewal}'")
    _set(account, "notices", {"renewal_days": [int(one) for one in days], "licences_below": below}, as_json=as_json)


@app.command("recipients", epilog="Example: seatkeeper account recipients northwind ap@example.com:invoices+pdf+xml")
def recipients(
    account: AccountArgument,
    recipient: Annotated[
        list[str] | None, typer.Argument(metavar="ADDRESS:WHAT...", help="WHAT of invoices, receipts, reminders, "
                                         "notices, pdf and xml, with + between. None given: nobody.")
    ] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Set who gets an organisation's mails; they replace those before."""
    rows = []
    for text in recipient or ():
        address, _, what = text.partition(":")
        parts = what.split("+")
        rows.append({"address": address, "mails": parts, "pdf": "pdf" in parts, "xml": "xml" in parts})
    _set(account, "recipients", {"recipients": rows}, as_json=as_json)


def _set(account: str, section: str, arguments: dict[str, Any], *, as_json: bool) -> None:
    """Give the command of a section that is set as a whole, and say whether anything changed."""
    begin()
    sheet = finder().account(account)
    changed = _give(sheet, section, arguments, as_json=as_json)
    if as_json:
        print_json({"account": sheet.line.id, "changed": [section] if changed else []})
    else:
        out().print(f"Changed: {section}." if changed else "It was so already; nothing was changed.", markup=False)


@app.command(
    "confirm-vat", epilog="Example: seatkeeper account confirm-vat northwind --evidence 'VIES, WAPI-123' --by Fenna"
)
def confirm_vat(
    account: AccountArgument,
    evidence: Annotated[str, typer.Option(help="What was looked at: a consultation number, a file.")],
    by: Annotated[str, typer.Option(help="Who looked.")],
    as_json: Json = False,
) -> None:
    """Note that the account's VAT id was confirmed by hand. The evidence is kept, also when the id changes."""
    begin()
    sheet = finder().account(account)
    answer(sheet, "account.confirm_vat", as_json=as_json, evidence=evidence, by=by)
    if as_json:
        print_json({"account": sheet.line.id, "vat_id": sheet.state.vat_id, "confirmed": True})
    else:
        out().print(f"Confirmed: {sheet.state.vat_id}. It counts from the next document.", markup=False)


@app.command("close", epilog="Example: seatkeeper account close northwind --dry-run")
def close(account: AccountArgument, dry_run: Dry = False, as_json: Json = False) -> None:
    """Cancel every subscription of an account: now where its policy allows, else at its end."""
    give("account.close", account, lambda sheet: {}, dry=dry_run, as_json=as_json)
