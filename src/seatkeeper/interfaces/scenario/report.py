"""A played scenario for people: the story step by step, its documents as tables, how it ends, and what differs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from seatkeeper.core.calendar import zone
from seatkeeper.interfaces.scenario.compare import MISSING, Difference
from seatkeeper.interfaces.scenario.play import Played, PlayedStep


def story(console: Console, played: Played) -> None:
    """Print the whole of it."""
    result = played.result
    console.print()
    console.rule(Text(f"{result['scenario']}  ·  {result['file']}", style="bold"), align="left")
    console.print(_timeline(played.steps))
    for document in result["documents"]:
        console.print(_document(document))
    console.print(_subscriptions(result["subscriptions"]))
    console.print(_accounts(result["accounts"]))
    verdict(console, played)


def verdict(console: Console, played: Played) -> None:
    """Print what differs, or that nothing does."""
    if played.differences:
        console.print(_differences(played.differences))
    elif played.scenario.expect:
        console.print(Text("As expected.", style="green"))


def _table(title: str, *columns: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(
        title=Text(title, style="bold") if title else None, title_justify="left", box=box.SIMPLE, pad_edge=False
    )
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _timeline(steps: tuple[PlayedStep, ...]) -> Table:
    table = _table("", "#", "local time", "step", "outcome", right=("#",))
    for number, one in enumerate(steps, start=1):
        outcome = Text("done", style="green") if one.refused is None else Text(one.refused, style="red")
        if one.sentence and one.sentence != one.refused:
            outcome.append(f"\n{one.sentence}", style="default")
        step = Text.assemble((one.step.command, "bold"), " ", _said(one.step.arguments))
        table.add_row(str(number), _local(one.step.at, one.timezone), step, outcome)
    return table


def _local(at: datetime, timezone: str) -> str:
    return f"{at.astimezone(zone(timezone)):%a %Y-%m-%d %H:%M}\n{timezone}"


def _said(arguments: dict[str, Any]) -> str:
    def one(value: Any) -> str:
        return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

    return "  ".join(f"{key} {one(value)}" for key, value in arguments.items())


def _document(document: dict[str, Any]) -> Table:
    title = (
        f"{document['number']}  {document['kind'].replace('_', ' ')} to {document['account']}, "
        f"{document['date']}, {document['currency']}, {document['status']}"
    )
    table = _table(title, "subscription", "seats", "from", "to", "VAT", "amount", right=("seats", "amount"))
    for line in document["lines"]:
        table.add_row(
            str(line["subscription"]),
            f"{line['seats']:+d}" if line["seats"] < 0 else str(line["seats"]),
            line["from"],
            line["to"],
            f"{line['vat_category']} {line['vat_rate']}%",
            line["amount"],
        )
    table.add_section()
    sums = [("net", document["net"]), ("VAT", document["vat"]), ("total", document["gross"])]
    if document["due"].strip("0."):
        sums.append(("still due", document["due"]))
    for name, amount in sums:
        table.add_row("", "", "", "", name, Text(amount, style="bold" if name == "total" else ""))
    return table


def _subscriptions(found: dict[str, Any]) -> Table:
    table = _table(
        "Subscriptions at the end", "", "status", "plan", "seats", "recurring", "term", "booked", right=("seats",)
    )
    for name, one in found.items():
        status = (
            one["status"] + (f", {one['reason']}" if one["reason"] else "") + (", past due" if one["past_due"] else "")
        )
        booked = "; ".join(f"{what.get('seats', what.get('plan'))} on {what['on']}" for what in one["scheduled"])
        table.add_row(name, status, one["plan"], str(one["seats"]), one["recurring"], _span(one["term"]), booked)
    return table


def _span(pair: list[str] | None) -> str:
    return f"{pair[0]} to {pair[1]}" if pair else ""


def _accounts(found: dict[str, Any]) -> Table:
    table = _table("Accounts at the end", "", "balance", "product", "bought", "assigned", "suspended",
                   right=("balance", "bought", "assigned", "suspended"))  # fmt: skip
    for name, one in found.items():
        for index, product in enumerate(one["bought"]):
            counts = [str(one[column][product]) for column in ("bought", "assigned", "suspended")]
            table.add_row(name if not index else "", one["balance"] if not index else "", product, *counts)
    return table


def _differences(found: tuple[Difference, ...]) -> Table:
    table = _table(f"Not as expected: {len(found)}", "where", "expected", "found")
    for one in found:
        table.add_row(Text(one.path), Text(_shown(one.expected), style="green"), Text(_shown(one.found), style="red"))
    return table


def _shown(value: Any) -> str:
    return MISSING if value is MISSING else "null" if value is None else str(value)
