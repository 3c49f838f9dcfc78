"""One decide: every command of a person, by name, on one account's state. Pure; raises Refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from seatkeeper.core.decision import Decision
from seatkeeper.core.draft import Draft
from seatkeeper.core.licensing.assign import assign_users, exchange_users, unassign_users
from seatkeeper.core.payments.closing_debts import plan_pay_out, plan_write_off
from seatkeeper.core.payments.outcomes import (
    payment_declined,
    payment_succeeded,
    plan_pay,
    plan_pay_overdue,
    plan_received,
    refund_settled,
)
from seatkeeper.core.refusals import Refused
from seatkeeper.core.settle import settle
from seatkeeper.core.state import AccountState
from seatkeeper.core.subscriptions.bookings import drop_impossible
from seatkeeper.core.subscriptions.buy import plan_buy
from seatkeeper.core.subscriptions.closing import plan_close, plan_order_number
from seatkeeper.core.subscriptions.many import plan_many_method, plan_many_recurring
from seatkeeper.core.subscriptions.methods import (
    plan_backup_method,
    plan_default_method,
    plan_remove_method,
    plan_replace_card,
    plan_set_method,
)
from seatkeeper.core.subscriptions.order import plan_order
from seatkeeper.core.subscriptions.plans import plan_change, plan_frequency
from seatkeeper.core.subscriptions.reactivate import plan_reactivate
from seatkeeper.core.subscriptions.recurring import plan_cancel, plan_recurring, plan_undo
from seatkeeper.core.subscriptions.renewal import plan_renewal
from seatkeeper.core.subscriptions.seats import plan_add_and_assign, plan_seats
from seatkeeper.core.subscriptions.trials import plan_buy_trial_now, plan_extend_trial, plan_start_trial
from seatkeeper.core.tables import END, NOW, RECURRING, RENEWAL

COMMANDS: Mapping[str, Callable[..., None]] = {
    "buy": plan_buy,
    "order": plan_order,
    "start_trial": plan_start_trial,
    "extend_trial": plan_extend_trial,
    "buy_trial_now": plan_buy_trial_now,
    "set_seats": plan_seats,
    "set_recurring": plan_recurring,
    "change_frequency": plan_frequency,
    "change_plan": plan_change,
    "cancel": plan_cancel,
    "set_renewal": plan_renewal,
    "set_many_recurring": plan_many_recurring,
    "set_many_method": plan_many_method,
    "undo": plan_undo,
    "reactivate": plan_reactivate,
    "set_payment_method": plan_set_method,
    "replace_card": plan_replace_card,
    "set_default_method": plan_default_method,
    "set_backup_method": plan_backup_method,
    "remove_method": plan_remove_method,
    "assign": assign_users,
    "unassign": unassign_users,
    "keep": exchange_users,
    "add_and_assign": plan_add_and_assign,
    "receive_payment": plan_received,
    "pay": plan_pay,
    "pay_overdue": plan_pay_overdue,
    "write_off": plan_write_off,
    "pay_out": plan_pay_out,
    "set_purchase_order": plan_order_number,
    "close": plan_close,
}

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "set_seats": {"when": (NOW, RENEWAL)},
    "change_plan": {"when": (NOW, RENEWAL)},
    "cancel": {"when": (NOW, END)},
    "set_recurring": {"to": RECURRING},
    "set_renewal": {"recurring": RECURRING},
    "set_many_recurring": {"to": RECURRING},
    "reactivate": {"recurring": RECURRING},
    "undo": {"what": ("all", "seats", "plan")},
}
"""The words that a command's arguments may be."""

OUTCOMES: Mapping[str, Callable[..., None]] = {
    "payment_succeeded": payment_succeeded,
    "payment_declined": payment_declined,
    "refund_settled": refund_settled,
}


def decide(state: AccountState, command: str, arguments: Mapping[str, Any], *, now: datetime) -> Decision:
    """Decide a person's command at an instant. The result is the preview and the outcome alike (DOMAIN.md 7)."""
    _well_formed(state, command, arguments)
    draft = Draft(state, now=now)
    COMMANDS[command](draft, **arguments)
    drop_impossible(draft)
    return settle(draft, command, by_person=True)


def _well_formed(state: AccountState, command: str, arguments: Mapping[str, Any]) -> None:
    """Refuse bad_input for a word that the command does not know and seats that are no whole number; not_found for
    a payment method of nobody, of another account, or removed."""
    for name, known in WORDS.get(command, {}).items():
        if name in arguments and arguments[name] not in known:
            raise Refused("bad_input", field=name)
    if arguments.get("seats") is not None and type(arguments["seats"]) is not int:
        raise Refused("bad_input", field="seats")
    for name in ("method", "replacement", "old"):
        method = arguments.get(name)
        if method is not None and (method not in state.methods or state.methods[method].removed):
            raise Refused("not_found")


def decide_outcome(
    state: AccountState, outcome: str, arguments: Mapping[str, Any], *, now: datetime
) -> Decision:
    """Decide what a payment's outcome changes on the document it was for."""
    draft = Draft(state, now=now)
    OUTCOMES[outcome](draft, **arguments)
    return settle(draft, outcome, by_person=False)
