"""`seatkeeper subscription`: the commands that change what is held, who pays it, and how long it lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import AccountArgument, Json
from seatkeeper.interfaces.cli.giving import (
    Arguments,
    Dry,
    Method,
    Plan,
    Seats,
    Subscription,
    When,
    choice,
    example,
    finder,
    give,
    one_subscription,
)
from seatkeeper.interfaces.cli.subscriptions import app

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet


@app.command("set-seats", epilog=example("set-seats northwind S-10001 12 --dry-run"))
def set_seats(
    account: AccountArgument, subscription: Subscription, seats: Seats, when: When = "now",
    release: Annotated[list[str] | None, typer.Option(metavar="USER", help="Whose licence goes with it.")] = None,
    dry_run: Dry = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Set how many licences a subscription has: the new total, not a difference."""
    give(
        "subscription.set_seats",
        account,
        lambda sheet: (
            one_subscription(subscription)(sheet)
            | {
                "seats": seats,
                "when": choice(when, ("now", "renewal"), "--when"),
                "release": finder().users(sheet, release),
            }
        ),
        dry=dry_run,
        as_json=as_json,
    )


@app.command("set-recurring", epilog=example("set-recurring northwind S-10001 off"))
def set_recurring(
    account: AccountArgument, subscription: Subscription,
    to: Annotated[str, typer.Argument(metavar="on|once|off", help="What recurring billing becomes.")],
    dry_run: Dry = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Set recurring billing on, once or off."""
    give(
        "subscription.set_recurring",
        account,
        lambda sheet: one_subscription(subscription)(sheet) | {"to": choice(to, ("on", "once", "off"), "TO")},
        dry=dry_run,
        as_json=as_json,
    )


def _with_plan(subscription: str, plan: str, **more: Any) -> Arguments:
    return lambda sheet: one_subscription(subscription)(sheet) | {"plan": finder().plan(sheet, plan)} | more


@app.command("change-frequency", epilog=example("change-frequency northwind S-10001 business-basic-yearly"))
def change_frequency(
    account: AccountArgument, subscription: Subscription, plan: Plan, dry_run: Dry = False, as_json: Json = False
) -> None:
    """Change how often it is billed: books another plan of the same product."""
    give("subscription.change_frequency", account, _with_plan(subscription, plan), dry=dry_run, as_json=as_json)


@app.command("change-plan", epilog=example("change-plan northwind S-10001 business-standard-monthly --when renewal"))
def change_plan(
    account: AccountArgument, subscription: Subscription, plan: Plan, when: When = "now",
    move: Annotated[list[str] | None, typer.Option(metavar="USER", help="Whose licences move along.")] = None,
    dry_run: Dry = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Move all licences of a subscription to another plan."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        moved = finder().users(sheet, move) if move else None
        chosen = choice(when, ("now", "renewal"), "--when")
        return _with_plan(subscription, plan, when=chosen, move=moved)(sheet)

    give("subscription.change_plan", account, arguments, dry=dry_run, as_json=as_json)


@app.command("set-payment-method", epilog=example("set-payment-method northwind 2 --subscription S-10001"))
def set_payment_method(
    account: AccountArgument,
    method: Annotated[int, typer.Argument(metavar="METHOD", help="Its number; `account show` lists them.")],
    subscription: Annotated[str | None, typer.Option(metavar="SUBSCRIPTION", help="Only this one; else all.")] = None,
    dry_run: Dry = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Pay one subscription, or all of them, by another payment method."""
    give(
        "subscription.set_payment_method",
        account,
        lambda sheet: {
            "method": finder().method(sheet, method),
            "subscription": None if subscription is None else finder().subscription(sheet, subscription),
        },
        dry=dry_run,
        as_json=as_json,
    )


@app.command(epilog=example("cancel northwind S-10001 --when end"))
def cancel(
    account: AccountArgument, subscription: Subscription,
    when: Annotated[str, typer.Option(help="now, by its policy; or end, of the term.")] = "now",
    dry_run: Dry = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Cancel a subscription now, or at the end of its term."""
    give(
        "subscription.cancel",
        account,
        lambda sheet: one_subscription(subscription)(sheet) | {"when": choice(when, ("now", "end"), "--when")},
        dry=dry_run,
        as_json=as_json,
    )


@app.command(epilog=example("undo northwind S-10001"))
def undo(
    account: AccountArgument, subscription: Subscription,
    what: Annotated[str, typer.Option(help="all, seats or plan.")] = "all",
    dry_run: Dry = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Undo what is booked for a subscription's renewal."""
    give(
        "subscription.undo",
        account,
        lambda sheet: (
            one_subscription(subscription)(sheet) | {"what": choice(what, ("all", "seats", "plan"), "--what")}
        ),
        dry=dry_run,
        as_json=as_json,
    )


@app.command(epilog=example("reactivate northwind S-10001 --dry-run"))
def reactivate(
    account: AccountArgument, subscription: Subscription,
    recurring: Annotated[str, typer.Option(help="on, once or off.")] = "on",
    method: Method = None, dry_run: Dry = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Bring an expired or disabled subscription back."""
    give(
        "subscription.reactivate",
        account,
        lambda sheet: (
            one_subscription(subscription)(sheet)
            | {
                "recurring": choice(recurring, ("on", "once", "off"), "--recurring"),
                "method": finder().method(sheet, method),
            }
        ),
        dry=dry_run,
        as_json=as_json,
    )


@app.command("set-purchase-order", epilog=example("set-purchase-order northwind S-10001 PO-7781"))
def set_purchase_order(
    account: AccountArgument, subscription: Subscription,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The buyer's own; empty for the account's.")],
    dry_run: Dry = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Set the buyer's own number of a subscription; it stands on its documents from the next on."""
    give(
        "subscription.set_purchase_order",
        account,
        lambda sheet: one_subscription(subscription)(sheet) | {"number": number},
        dry=dry_run,
        as_json=as_json,
    )
