"""One decide: every command of a person, by name, on one account's state. Pure; raises Refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from seatkeeper.core.decision import Decision
from seatkeeper.core.draft import Draft
from seatkeeper.core.licensing.assign import assign_users, unassign_users
from seatkeeper.core.payments.outcomes import (
    payment_declined,
    payment_succeeded,
    plan_pay,
    plan_received,
    refund_settled,
)
from seatkeeper.core.settle import settle
from seatkeeper.core.state import AccountState
from seatkeeper.core.subscriptions.bookings import drop_impossible
from seatkeeper.core.subscriptions.buy import plan_buy
from seatkeeper.core.subscriptions.methods import plan_replace_card, plan_set_method
from seatkeeper.core.subscriptions.plans import plan_change, plan_frequency
from seatkeeper.core.subscriptions.reactivate import plan_reactivate
from seatkeeper.core.subscriptions.recurring import plan_cancel, plan_recurring, plan_undo
from seatkeeper.core.subscriptions.seats import plan_seats
from seatkeeper.core.subscriptions.trials import plan_buy_trial_now, plan_extend_trial, plan_start_trial

COMMANDS: Mapping[str, Callable[..., None]] = {
    "buy": plan_buy,
    "start_trial": plan_start_trial,
    "extend_trial": plan_extend_trial,
    "buy_trial_now": plan_buy_trial_now,
    "set_seats": plan_seats,
    "set_recurring": plan_recurring,
    "change_frequency": plan_frequency,
    "change_plan": plan_change,
    "cancel": plan_cancel,
    "undo": plan_undo,
    "reactivate": plan_reactivate,
    "set_payment_method": plan_set_method,
    "replace_card": plan_replace_card,
    "assign": assign_users,
    "unassign": unassign_users,
    "receive_payment": plan_received,
    "pay": plan_pay,
}

OUTCOMES: Mapping[str, Callable[..., None]] = {
    "payment_succeeded": payment_succeeded,
    "payment_declined": payment_declined,
    "refund_settled": refund_settled,
}


def decide(state: AccountState, command: str, arguments: Mapping[str, Any], *, now: datetime) -> Decision:
    """Decide a person's command at an instant. The result is the preview and the outcome alike (DOMAIN.md 7)."""
    draft = Draft(state, now=now)
    COMMANDS[command](draft, **arguments)
    drop_impossible(draft)
    return settle(draft, command, by_person=True)


def decide_outcome(
    state: AccountState, outcome: str, arguments: Mapping[str, Any], *, now: datetime
) -> Decision:
    """Decide what a payment's outcome changes on the document it was for."""
    draft = Draft(state, now=now)
    OUTCOMES[outcome](draft, **arguments)
    return settle(draft, outcome, by_person=False)
