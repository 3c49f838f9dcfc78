"""`seatkeeper gateway`: what is set up, what gateways told by themselves, and disputes."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import BadInput, Json, begin, out, print_json, row, table

app = typer.Typer(no_args_is_help=True, help="Payment gateways: what is set up, what they told, disputes.")

Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")]


@app.command("list", epilog="Example: seatkeeper gateway list")
def list_command(as_json: Json = False) -> None:
    """List the gateways, for which kinds of new payment methods each is, and whether it can be used."""
    begin()
    from seatkeeper.domain.payments.wiring import overview

    found = overview()
    if as_json:
        print_json(found)
        return
    shown = table("", "gateway", "new methods", "set up")
    for one in found:
        row(shown, one.name, ", ".join(one.kinds) or "none", one.problem or "yes")
    out().print(shown)


@app.command(epilog="Example: seatkeeper gateway happenings --open")
def happenings(
    only_open: Annotated[bool, typer.Option("--open", help="Only what a person must look at, or waits.")] = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> None:
    """Show what gateways told by themselves, newest first, and what became of it."""
    begin()
    from seatkeeper.core.money import plain
    from seatkeeper.domain.payments.told import rows

    found = rows(limit=limit, only_open=only_open)
    if as_json:
        print_json(found)
        return
    shown = table("", "id", "told", "about", "payment", "amount", "state", right=("amount",))
    for one in found:
        amount = f"{plain(one.amount_minor, one.currency)} {one.currency}" if one.currency else ""
        about = f"{one.kind} {one.said}" + (f" ({one.reason})" if one.reason else "")
        row(shown, one.id, f"{one.at:%Y-%m-%d %H:%M}", about, one.key or one.reference, amount, one.state)
    out().print(shown)


@app.command(epilog="Example: seatkeeper gateway looked stripe.evt_1Qx")
def looked(told: Annotated[str, typer.Argument(metavar="ID", help="As `gateway happenings` shows it.")]) -> None:
    """Note that a person has looked at something that was told and is open."""
    begin()
    from seatkeeper.domain.payments.told import looked as note

    if not note(told):
        raise BadInput(f"nothing is open under '{told}'; `seatkeeper gateway happenings --open` shows what is")
    out().print("Noted.")


@app.command(epilog="Example: seatkeeper gateway poll")
def poll(as_json: Json = False) -> None:
    """Ask the gateways in use for what happened, and take in what their call-backs have missed."""
    begin()
    from seatkeeper.domain.payments.ports import GatewayAway
    from seatkeeper.domain.subscriptions.happenings import poll as ask
    from seatkeeper.kit.clock import system_now

    try:
        found: dict[str, Any] = ask(system_now())
    except GatewayAway as away:
        raise BadInput(f"the gateway does not answer: {away}") from None
    if as_json:
        print_json(found)
        return
    for name, counts in found.items():
        said = ", ".join(f"{count} {result}" for result, count in sorted(counts.items())) or "nothing new"
        out().print(f"{name}: {said}", markup=False)


@app.command(epilog="Example: seatkeeper gateway disputes")
def disputes(limit: Limit = 50, as_json: Json = False) -> None:
    """List disputes: payments that the payer's bank took back or may take back."""
    begin()
    from seatkeeper.core.money import plain
    from seatkeeper.domain.payments.told import disputes as listed

    found = listed(limit=limit)
    if as_json:
        print_json(found)
        return
    shown = table("", "dispute", "account", "amount", "reason", "status", "opened", right=("amount",))
    for one in found:
        amount = f"{plain(one.amount_minor, one.currency)} {one.currency}"
        row(shown, one.reference, one.account, amount, one.reason, one.status, f"{one.opened_at:%Y-%m-%d}")
    out().print(shown)
