"""What a scenario gives back, read from the database (SCENARIO.md, Out)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatkeeper.core.money import plain
from seatkeeper.core.state import AccountState, Subscription
from seatkeeper.core.subscriptions.checks import renewal_on
from seatkeeper.core.tables import DELETED, SCHEDULED, TRIAL
from seatkeeper.domain.invoicing.issued import Issued, IssuedLine, issued
from seatkeeper.domain.subscriptions.loading import load

if TYPE_CHECKING:
    from seatkeeper.interfaces.scenario.runner import Run


def result(run: Run) -> dict[str, Any]:
    """Steps, subscriptions, documents and accounts of a scenario that was played."""
    ids = {key: account.id for key, account in run.accounts.items()}
    loaded = load(list(ids.values()), locked=False)
    documents = issued(list(ids.values()))
    names = {(run.accounts[account].id, id_): name for name, (account, id_) in run.subscriptions.items()}
    end = run.scenario.steps[-1].at if run.scenario.steps else run.scenario.begins_at
    subscriptions = {}
    for name, (account, id_) in run.subscriptions.items():
        state = loaded[ids[account]].state
        subscriptions[name] = _subscription(state, state.subscriptions[id_], end)
    return {
        "scenario": run.scenario.title,
        "file": run.scenario.file,
        "steps": [
            {"step": index, "command": step.command, "refused": code}
            for index, (step, code, _) in enumerate(run.refused, start=1)
        ],
        "subscriptions": subscriptions,
        "documents": [
            _document(key, account, document, names)
            for key, account in ids.items()
            for document in documents.get(account, ())
        ],
        "accounts": {key: _account(run, loaded[account].state) for key, account in ids.items()},
    }


def _subscription(state: AccountState, one: Subscription, at: Any) -> dict[str, Any]:
    hidden = one.status in (TRIAL, SCHEDULED, DELETED)
    scheduled = []
    if one.booked_seats is not None:
        scheduled.append({"on": str(renewal_on(one)), "seats": one.booked_seats})
    if one.booked_plan is not None:
        scheduled.append({"on": str(renewal_on(one)), "plan": one.booked_plan})
    return {
        "status": one.status,
        "reason": one.reason,
        "past_due": state.past_due(one, state.today(at)),
        "plan": one.plan,
        "seats": one.seats,
        "recurring": one.recurring,
        "term": None if hidden or one.term_start is None else [str(one.term_start), str(one.term_end)],
        "billing_period": None if hidden or one.period_start is None else [str(one.period_start), str(one.period_end)],
        "scheduled": scheduled,
    }


def _document(key: str, account: int, document: Issued, names: dict[tuple[int, int], str]) -> dict[str, Any]:
    currency = document.currency
    return {
        "number": document.number,
        "kind": document.kind,
        "account": key,
        "date": str(document.issued_on),
        "currency": currency,
        "lines": [_line(line, currency, names.get((account, line.subscription))) for line in document.lines],
        "net": plain(document.net_minor, currency),
        "vat": plain(document.vat_minor, currency),
        "gross": plain(document.gross_minor, currency),
        "due": plain(document.due_minor, currency),
        "status": document.status,
    }


def _line(line: IssuedLine, currency: str, name: str | None) -> dict[str, Any]:
    return {
        "subscription": name,
        "seats": line.seats,
        "from": str(line.start_on),
        "to": str(line.end_on),
        "amount": plain(line.amount_minor, currency),
        "vat_category": line.category,
        "vat_rate": line.rate,
        "plan": line.plan,
        "kind": line.kind,
    }


def _account(run: Run, state: AccountState) -> dict[str, Any]:
    products = list(run.scenario.catalog.products)
    pools = state.pools
    return {
        "balance": plain(state.balance_minor, state.currency),
        "bought": {one: pools[one].bought if one in pools else 0 for one in products},
        "assigned": {one: pools[one].assigned if one in pools else 0 for one in products},
        "suspended": {one: pools[one].suspended if one in pools else 0 for one in products},
    }
