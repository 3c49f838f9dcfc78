"""`seatkeeper account`: the buying organisations, what stands on their accounts, and what the run left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import (
    AccountArgument,
    BadInput,
    Json,
    begin,
    out,
    print_json,
    row,
    table,
)
from seatkeeper.interfaces.cli.giving import Dry, finder, give, new_method

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet

app = typer.Typer(no_args_is_help=True, help="List, show and add accounts; note payments; release parked ones.")

Seller = Annotated[
    int | None, typer.Option(metavar="NUMBER", help="Only of this seller; `account sellers` lists them.")
]


@app.command("sellers", epilog="Example: seatkeeper account sellers")
def sellers_command(as_json: Json = False) -> None:
    """List the sellers of this installation and their clocks."""
    begin()
    from seatkeeper.domain.subscriptions import desk

    found = desk.sellers()
    if as_json:
        print_json(found)
        return
    shown = table("", "number", "name", "country", "time zone", "accounts", "clock", right=("number", "accounts"))
    for one in found:
        clock = f"its own: {one.clock_at:%Y-%m-%d %H:%M} UTC" if one.clock_at else "the system's"
        row(shown, one.id, one.name, one.country, one.timezone, one.accounts, clock)
    out().print(shown)


@app.command("add-seller", epilog='Example: seatkeeper account add-seller "Polder Software B.V." --country NL')
def add_seller_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The legal entity that sells.")],
    country: Annotated[str, typer.Option(help="Its country, two letters.")],
    timezone: Annotated[str, typer.Option(help="The zone of its dates of issue.")] = "Europe/Amsterdam",
    credit_to: Annotated[str, typer.Option(help="Where credits go: balance or refund.")] = "balance",
) -> None:
    """Add a real seller, on the system's clock; then apply a catalogue to it."""
    begin()
    from seatkeeper.core.tax.rates import STANDARD
    from seatkeeper.domain.subscriptions.installation import add_seller

    if country not in STANDARD:
        raise BadInput(f"VAT rates are kept for {', '.join(sorted(STANDARD))}, not for {country!r}.")
    if credit_to not in ("balance", "refund"):
        raise BadInput(f"Credits go to balance or refund, not to {credit_to!r}.")
    _zone(timezone)
    number = add_seller(name=name, country=country, timezone=timezone, credit_to=credit_to)
    out().print(f"Added seller {number}. Next: seatkeeper catalog apply FILE --seller {number}")


@app.command("list", epilog="Example: seatkeeper account list --search north")
def list_command(
    search: Annotated[str, typer.Option(help="Part of a key or name.")] = "",
    seller: Seller = None,
    as_json: Json = False,
) -> None:
    """List accounts with what is open, in credit and due next."""
    begin()
    from seatkeeper.core.money import plain
    from seatkeeper.domain.subscriptions import desk

    found = desk.accounts(seller=seller, search=search)
    if as_json:
        print_json(found)
        return
    numbers = ("number", "subscriptions", "open", "balance")
    shown = table("", "number", "key", "name", "country", "subscriptions", "open", "balance", "due next", right=numbers)
    for one in found:
        due = f"parked: {one.parked_reason}" if one.parked_reason else f"{one.due_at:%Y-%m-%d}" if one.due_at else ""
        amounts = [f"{plain(minor, one.currency)} {one.currency}" for minor in (one.open_minor, one.balance_minor)]
        row(shown, one.id, one.key, one.name, one.country, one.subscriptions, *amounts, due)
    out().print(shown)


@app.command("show", epilog="Example: seatkeeper account show northwind")
def show_command(account: AccountArgument, as_json: Json = False) -> None:
    """Show one account: facts, payment methods, licences, and what is due."""
    begin()
    sheet = finder().account(account)
    if as_json:
        print_json(_data(sheet))
        return
    _show(sheet)


def _data(sheet: AccountSheet) -> dict[str, Any]:
    state = sheet.state
    return {
        "account": sheet.line,
        "seller": sheet.seller_name,
        "now": sheet.now,
        "users": sheet.users,
        "vat_id": state.vat_id,
        "vat_confirmed": state.vat_confirmed,
        "sections": _page(sheet).sections,
        "methods": sheet.methods,
        "pools": list(state.pools.values()),
        "open_documents": [
            {"number": one.number, "due_on": one.due_on, "due_minor": one.due_minor} for one in state.documents
        ],
    }


def _page(sheet: AccountSheet) -> Any:
    from seatkeeper.domain.subscriptions.account_page import account_page

    return account_page(sheet.row(frozenset()))


def _show(sheet: AccountSheet) -> None:
    from seatkeeper.core.money import plain

    line, state, console = sheet.line, sheet.state, out()
    facts = table(line.name, "", "")
    facts.show_header = False
    row(facts, "number, key", f"{line.id}, {line.key}")
    row(facts, "seller", sheet.seller_name)
    page = _page(sheet)
    confirmed = " (confirmed)" if state.vat_confirmed else " (not confirmed)"
    row(facts, "address", ", ".join(one for one in page.address.values() if one) or "none")
    row(facts, "country, VAT id", f"{line.country}, {state.vat_id + confirmed if state.vat_id else 'none'}")
    row(facts, "next document", f"VAT {page.vat.rate}%, category {page.vat.category}")
    row(facts, "purchase order", page.purchase_order or "none")
    row(facts, "payment terms", f"{page.terms_days} days")
    for one in page.recipients:
        row(facts, "recipient", f"{one.address}: {', '.join(one.mails)}")
    row(facts, "time zone", f"{line.timezone}, where it is {sheet.now.astimezone(_zone(line.timezone)):%Y-%m-%d %H:%M}")
    row(facts, "users", sheet.users)
    row(facts, "balance", f"{plain(line.balance_minor, line.currency)} {line.currency}")
    if line.parked_reason:
        row(facts, "left out of the run", line.parked_reason)
    console.print(facts)
    methods = table("Payment methods", "number", "kind", "label", "", right=("number",))
    for one in sheet.methods:
        marks = [word for word, is_so in (("default", one.is_default), ("declined for good", one.blocked)) if is_so]
        row(methods, one.id, one.kind, one.label, ", ".join(marks))
    console.print(methods)
    licences = table(
        "Licences", "product", "bought", "assigned", "suspended", right=("bought", "assigned", "suspended")
    )
    for pool in state.pools.values():
        row(licences, pool.product, pool.bought, pool.assigned, pool.suspended)
    console.print(licences)
    if state.documents:
        due = table("Open", "number", "due on", "due", right=("due",))
        for document in state.documents:
            row(due, document.number, document.due_on, plain(document.due_minor, line.currency))
        console.print(due)


def _zone(name: str) -> Any:
    from seatkeeper.core.calendar import zone

    return zone(name)


@app.command(
    epilog="Example: seatkeeper account add globex --name Globex --country DE --currency EUR --timezone Europe/Berlin"
)
def add(
    key: Annotated[str, typer.Argument(metavar="KEY", help="What it is called here: letters, digits, dashes.")],
    name: Annotated[str, typer.Option(help="The organisation's name.")],
    country: Annotated[str, typer.Option(help="Two letters, such as NL.")],
    currency: Annotated[str, typer.Option(help="Three letters, such as EUR.")],
    timezone: Annotated[str, typer.Option(help="Such as Europe/Amsterdam.")],
    payment: Annotated[str, typer.Option(help="card, direct_debit or bank_transfer.")] = "card",
    terms_days: Annotated[int, typer.Option(min=0, max=366, help="Of bank transfer.")] = 30,
    vat_id: Annotated[str | None, typer.Option(help="Its VAT id.")] = None,
    vat_confirmed: Annotated[bool, typer.Option(help="Whether it is confirmed, with the evidence kept.")] = False,
    users: Annotated[int, typer.Option(min=0, max=100_000, help="Makes the users u1, u2, ...")] = 0,
    language: Annotated[str, typer.Option(help="en or nl.")] = "en",
    seller: Seller = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Add a buying organisation with its users and first payment method (a card of the sandbox gateway)."""
    begin()
    from seatkeeper.domain.subscriptions import desk
    from seatkeeper.domain.subscriptions.installation import AccountFacts, add_account

    chosen = finder().seller(seller)
    checked = _checked(key=key, name=name, country=country, currency=currency, timezone=timezone, payment=payment,
                       language=language)  # fmt: skip
    facts = AccountFacts(
        **checked,
        vat_id=vat_id,
        vat_confirmed=vat_confirmed and vat_id is not None,
        terms_days=terms_days,
        users=users,
    )
    if any(one.key == key for one in desk.accounts(seller=chosen.id, search=key)):
        raise BadInput(f"the seller {chosen.name} has an account '{key}' already")
    made = add_account(chosen.id, facts, at=chosen.now)
    if as_json:
        print_json({"account": made.id, "key": key, "users": len(made.users)})
    else:
        out().print(f"Added: number {made.id}, key {key}, {len(made.users)} users.", markup=False)


def _checked(**given: str) -> dict[str, Any]:
    """The words of a new account, checked as a scenario file's are."""
    from seatkeeper.core.tables import METHOD_KINDS
    from seatkeeper.interfaces.files.codes import COUNTRY, CURRENCY, TIMEZONE
    from seatkeeper.interfaces.files.kinds import Choice, Declares, Kind, Text

    kinds: dict[str, Kind] = {
        "key": Declares("account"),
        "name": Text(),
        "country": COUNTRY,
        "currency": CURRENCY,
        "timezone": TIMEZONE,
        "payment": Choice(METHOD_KINDS),
        "language": Choice(("en", "nl")),
    }
    return {
        name: finder().value(kinds[name], text, "KEY" if name == "key" else f"--{name}") for name, text in given.items()
    }


@app.command(epilog="Example: seatkeeper account receive northwind --amount 121.00 --invoice INV-2026-000004")
def receive(
    account: AccountArgument,
    amount: Annotated[
        str | None, typer.Option(help="In the account's currency; all that is open when left out.")
    ] = None,
    invoice: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="For this invoice; else the oldest first.")
    ] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Note money that came by bank transfer. What is over is kept as balance."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        found = finder()
        return {
            "amount_minor": found.amount(sheet, amount, "--amount"),
            "document": None if invoice is None else found.document(sheet, invoice),
        }

    give("payment.receive", account, arguments, dry=dry_run, as_json=as_json)


@app.command("pay-out", epilog="Example: seatkeeper account pay-out northwind --dry-run")
def pay_out(account: AccountArgument, dry_run: Dry = False, as_json: Json = False) -> None:
    """Give the balance back to the payments it came from, where nothing is left that could be billed."""
    give("balance.pay_out", account, lambda sheet: {}, dry=dry_run, as_json=as_json)


@app.command("replace-method", epilog="Example: seatkeeper account replace-method northwind --old 1 --token sandbox_ok")
def replace_method(
    account: AccountArgument,
    token: Annotated[str, typer.Option(help="The gateway's token, never a card number.")],
    kind: Annotated[str, typer.Option(help="card or direct_debit.")] = "card",
    label: Annotated[str, typer.Option(help="What people read, such as Visa 4242.")] = "",
    old: Annotated[int | None, typer.Option(metavar="NUMBER", help="The one it replaces, everywhere.")] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Add a card or mandate, or replace one everywhere; declined open invoices are tried again."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        return {**new_method(token, kind, label), "old": finder().method(sheet, old)}

    give("payment_method.replace", account, arguments, dry=dry_run, as_json=as_json)


@app.command("park-release", epilog="Example: seatkeeper account park-release northwind")
def park_release(account: AccountArgument, as_json: Json = False) -> None:
    """Put an account that the billing run had to leave out back into it. See why with `account show` first."""
    begin()
    from seatkeeper.domain.subscriptions import desk

    sheet = finder().account(account)
    done = desk.release(sheet.line.id)
    if as_json:
        print_json({"account": sheet.line.id, "released": done})
    else:
        out().print("Released: the next run takes it." if done else "It was not parked; nothing was changed.")
