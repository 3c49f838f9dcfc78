"""A decision in words and tables: what changes, what is charged and why, and what comes from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from seatkeeper.interfaces.cli.common import out, plain, row, table
from seatkeeper.interfaces.web.explain import explain, vat_label
from seatkeeper.interfaces.web.formatting import long_date, money, span
from seatkeeper.kit.refs import reference

if TYPE_CHECKING:
    from seatkeeper.core.decision import Decision, Document, NextCharge, Notice
    from seatkeeper.core.state import Subscription
    from seatkeeper.domain.subscriptions.desk import AccountSheet
    from seatkeeper.domain.subscriptions.execution import Outcome

WARNINGS = {
    "needed_by": "{product} needs {required}; taking that back touches it too",
    "grace_used": "the free grace was given in the last 365 days: access ends on {on}",
    "balance_due_at_booking": "an invoice is overdue; what is booked for the renewal stands, but waits for no payment",
    "will_suspend": "{count} assignments of {product} will be suspended on {on}",
    "reduction_costs": "with {seats} seats the price is higher in all: this reduction costs",
    "addition_pays": "with {seats} seats the price is lower in all: this addition pays money back",
}
MONTHS = {1: "month", 3: "quarter", 12: "year", 36: "three years"}


def show(sheet: AccountSheet, outcome: Outcome, *, dry: bool) -> None:
    """Print the decision, and whether it was applied."""
    decision = outcome.decision
    console = out()
    if decision is None:
        console.print("Done before; this was a repeat.")
        return
    head = "Nothing was changed. This is what would happen:" if dry else "Done."
    console.print(Text(head, style="bold yellow" if dry else "bold green"))
    _changes(console, sheet, decision, outcome.subscription)
    numbers = [number for _, number in outcome.documents]
    for index, document in enumerate(decision.documents):
        number = numbers[index] if index < len(numbers) else ""
        _document(console, document, number)
    for sentence in _money(sheet, decision, dry=dry):
        console.print(Text(sentence))
    for warning in decision.warnings:
        console.print(Text.assemble(("Note: ", "yellow"), _warning(warning), "."))
    for charge in decision.then:
        console.print(Text(_then(sheet, charge)))


def data(outcome: Outcome, *, dry: bool) -> dict[str, Any]:
    """The form that machines read: amounts in minor units, prices exact, dates in ISO 8601."""
    return {
        "applied": not dry,
        "token": outcome.token,
        "subscription": reference(outcome.subscription) if outcome.subscription else None,
        "documents": [number for _, number in outcome.documents],
        "paid_now_minor": outcome.paid_now_minor,
        "decision": plain(outcome.decision),
    }


def _changes(console: Any, sheet: AccountSheet, decision: Decision, made: int | None) -> None:
    found = table("", "", "before", "after")
    for before, after in decision.subscriptions:
        id_ = after.id if before is not None else made
        name = reference(id_) if id_ is not None else "new subscription"
        for what, was, now in _differences(before, after):
            row(found, f"{name}  {what}", was, now)
    for pool in decision.pools:
        held = sheet.state.pools.get(pool.product)
        was = f"{held.assigned} of {held.bought} assigned" if held else "none"
        now = f"{pool.assigned} of {pool.bought} assigned" + (f", {pool.suspended} suspended" if pool.suspended else "")
        if was != now:
            row(found, f"{pool.product}  licences", was, now)
    if decision.balance_before_minor != decision.balance_after_minor:
        currency = sheet.line.currency
        row(
            found,
            "balance",
            money(decision.balance_before_minor, currency),
            money(decision.balance_after_minor, currency),
        )
    if found.row_count:
        console.print(found)
    for dropped in decision.dropped:
        console.print(
            f"Dropped: {dropped.value} {dropped.kind}, booked for {reference(dropped.subscription)}.", markup=False
        )
    counts: dict[str, int] = {}
    for change in decision.assignments:
        counts[change.action] = counts.get(change.action, 0) + 1
    if counts:
        console.print(
            "Users: " + ", ".join(f"{number} {action}" for action, number in counts.items()) + ".", markup=False
        )


_SHOWN = (
    "status", "reason", "plan", "seats", "recurring", "term_start", "term_end", "period_end", "trial_end", "start_on",
    "booked_seats", "booked_plan", "method",
)  # fmt: skip


def _differences(before: Subscription | None, after: Subscription) -> list[tuple[str, str, str]]:
    found = []
    for name in _SHOWN:
        was = getattr(before, name) if before is not None else None
        now = getattr(after, name)
        if was != now:
            words = name.removesuffix("_on").replace("_", " ")
            found.append((words, "" if was is None else str(was), "" if now is None else str(now)))
    return found


def _document(console: Any, document: Document, number: str) -> None:
    kind = document.kind.replace("_", " ").capitalize()
    found = table(f"{kind} {number}".strip(), "what", "amount", right=("amount",))
    for line in document.lines:
        said = explain(line, document.currency)
        row(found, f"{line.product}: {said.headline}\n{said.formula}", money(line.amount_minor, document.currency))
    found.add_section()
    row(found, "net", money(document.net_minor, document.currency))
    for one in document.vat:
        row(found, vat_label(one), money(one.vat_minor, document.currency))
    row(found, Text("total", style="bold"), Text(money(document.gross_minor, document.currency), style="bold"))
    if document.balance_used_minor:
        row(found, "from the balance", money(-document.balance_used_minor, document.currency))
    if document.charge_minor:
        row(found, "charged now", money(document.charge_minor, document.currency))
    if document.due_minor and not document.charge_minor:
        row(found, f"due on {long_date(document.due_on)}", money(document.due_minor, document.currency))
    if document.to_balance_minor:
        row(found, "to the balance", money(document.to_balance_minor, document.currency))
    console.print(found)


def _money(sheet: AccountSheet, decision: Decision, *, dry: bool) -> list[str]:
    currency = sheet.line.currency
    word = "To be charged" if dry else "Charged"
    if decision.charge_minor:
        return [f"{word} now: {money(decision.charge_minor, currency)}."]
    open_ones = {one.id: one for one in sheet.state.documents}
    labels = {one.id: one.label or one.kind for one in sheet.methods}
    said = []
    for one in decision.tries:
        number = open_ones[one.document].number if one.document in open_ones else "an invoice"
        said.append(
            f"{word}: {money(one.amount_minor, currency)} for {number}, to {labels.get(one.method, 'a new method')}."
        )
    for change in decision.document_changes:
        before = open_ones.get(change.id)
        if before is not None and before.due_minor != change.due_minor:
            was, now = money(before.due_minor, currency), money(change.due_minor, currency)
            said.append(f"{before.number}: {was} was due, {now} is left.")
        if before is not None and change.written_off_minor:
            said.append(f"{before.number}: {money(change.written_off_minor, currency)} is written off.")
    back = sum(minor for _, minor in decision.refunds)
    if back:
        said.append(f"{'To be paid out' if dry else 'Paid out'}: {money(back, currency)}, to where it was paid from.")
    return said or ([] if decision.documents else ["Nothing is charged or credited now."])


def _warning(warning: Notice) -> str:
    facts = {key: long_date(value) if hasattr(value, "year") else value for key, value in warning.facts}  # type: ignore[arg-type]
    template = WARNINGS.get(warning.kind)
    if template is None:
        return " ".join([warning.kind.replace("_", " "), *(f"{key}={value}" for key, value in facts.items())])
    return template.format_map({"product": "", "required": "", "on": "", "count": "", "seats": ""} | facts)


def _then(sheet: AccountSheet, charge: NextCharge) -> str:
    currency = sheet.line.currency
    every = MONTHS.get(charge.months, f"{charge.months} months")
    name = f" for {reference(charge.subscription)}" if charge.subscription else ""
    return (
        f"From {long_date(charge.on)}{name}: {charge.seats} seats of {charge.plan}, "
        f"{money(charge.gross_minor, currency)} each {every} ({money(charge.net_minor, currency)} without VAT)."
    )


def period(pair: tuple[Any, Any]) -> str:
    """A half-open span as its first and last day."""
    return span(*pair) if pair[0] is not None and pair[1] is not None else ""
