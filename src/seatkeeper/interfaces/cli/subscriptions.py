"""`seatkeeper subscription`: buying, trials and licences. What changes one is in `subscription_changes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from seatkeeper.interfaces.cli.common import AccountArgument, Json, begin, out, print_json, row, table
from seatkeeper.interfaces.cli.giving import (
    Arguments,
    Dry,
    Method,
    Plan,
    Product,
    Seats,
    Subscription,
    Users,
    example,
    finder,
    give,
    one_subscription,
)

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.desk import AccountSheet

app = typer.Typer(
    no_args_is_help=True,
    help="Buy, change, cancel and reactivate subscriptions; assign licences. Every command has --dry-run.",
)


@app.command("list", epilog="Example: seatkeeper subscription list northwind --json")
def list_command(account: AccountArgument, as_json: Json = False) -> None:
    """List an account's subscriptions."""
    begin()
    from seatkeeper.interfaces.cli import finding
    from seatkeeper.kit.refs import reference

    sheet = finding.account(account)
    found: list[dict[str, Any]] = [
        {
            "reference": reference(one.id), "product": one.product, "plan": one.plan, "status": one.status,
            "reason": one.reason, "past_due": sheet.state.past_due(one, sheet.state.today(sheet.now)),
            "seats": one.seats, "recurring": one.recurring, "term": [one.term_start, one.term_end],
            "billing_period": [one.period_start, one.period_end], "booked_seats": one.booked_seats,
            "booked_plan": one.booked_plan, "method": one.method,
        }
        for one in sheet.state.subscriptions.values()
    ]  # fmt: skip
    if as_json:
        print_json(found)
        return
    shown = table(f"Subscriptions of {sheet.line.name}", "", "plan", "status", "seats", "recurring", "term", "booked",
                  right=("seats",))  # fmt: skip
    for one in found:
        status = (
            one["status"] + (f", {one['reason']}" if one["reason"] else "") + (", past due" if one["past_due"] else "")
        )
        booked = ", ".join(str(value) for value in (one["booked_seats"], one["booked_plan"]) if value is not None)
        term = f"{one['term'][0]} to {one['term'][1]}" if one["term"][0] else ""
        row(shown, one["reference"], one["plan"], status, one["seats"], one["recurring"], term, booked)
    out().print(shown)


@app.command(epilog=example("buy northwind business-basic-monthly 10 --dry-run"))
def buy(
    account: AccountArgument,
    plan: Plan,
    seats: Seats,
    align_with: Annotated[str | None, typer.Option(metavar="SUBSCRIPTION", help="Share its renewal date.")] = None,
    start: Annotated[str | None, typer.Option(metavar="DATE", help="A later date, such as 2026-05-01.")] = None,
    method: Method = None,
    assign_to: Annotated[list[str] | None, typer.Option(metavar="USER", help="Who gets a licence at once.")] = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Buy licences of a plan: today, aligned with another subscription, or from a later date."""

    def arguments(sheet: AccountSheet) -> dict[str, Any]:
        found = finder()
        return {
            "plan": found.plan(sheet, plan),
            "seats": seats,
            "align_with": None if align_with is None else found.subscription(sheet, align_with),
            "start": found.later(sheet, start, "--start"),
            "method": found.method(sheet, method),
            "assign_to": found.users(sheet, assign_to),
        }

    give("subscription.buy", account, arguments, dry=dry_run, as_json=as_json)


@app.command("start-trial", epilog=example("start-trial northwind power-bi-pro-monthly 5"))
def start_trial(
    account: AccountArgument,
    plan: Plan,
    seats: Seats,
    method: Method = None,
    dry_run: Dry = False,
    as_json: Json = False,
) -> None:
    """Start a plan's free trial."""
    give(
        "subscription.start_trial",
        account,
        lambda sheet: {"plan": finder().plan(sheet, plan), "seats": seats, "method": finder().method(sheet, method)},
        dry=dry_run,
        as_json=as_json,
    )


@app.command("extend-trial", epilog=example("extend-trial northwind S-10003"))
def extend_trial(
    account: AccountArgument, subscription: Subscription, dry_run: Dry = False, as_json: Json = False
) -> None:
    """Extend a trial once by 30 days, in its last 15 days."""
    give("subscription.extend_trial", account, one_subscription(subscription), dry=dry_run, as_json=as_json)


@app.command("buy-trial-now", epilog=example("buy-trial-now northwind S-10003 --dry-run"))
def buy_trial_now(
    account: AccountArgument, subscription: Subscription, dry_run: Dry = False, as_json: Json = False
) -> None:
    """End a trial by buying it: the paid term starts today."""
    give("subscription.buy_trial_now", account, one_subscription(subscription), dry=dry_run, as_json=as_json)


def _licences(product: str, users: list[str]) -> Arguments:
    return lambda sheet: {"product": finder().product(sheet, product), "users": finder().users(sheet, users)}


@app.command(epilog=example("assign northwind business-basic u1 u2"))
def assign(
    account: AccountArgument, product: Product, users: Users, dry_run: Dry = False, as_json: Json = False
) -> None:
    """Give users a licence of a product."""
    give("license.assign", account, _licences(product, users), dry=dry_run, as_json=as_json)


@app.command(epilog=example("unassign northwind business-basic u2"))
def unassign(
    account: AccountArgument, product: Product, users: Users, dry_run: Dry = False, as_json: Json = False
) -> None:
    """Take a product's licence back from users."""
    give("license.unassign", account, _licences(product, users), dry=dry_run, as_json=as_json)
