"""Windows to the instant, what a policy allows, and the stricter of two (DOMAIN.md 6, SCENARIO.md 2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from seatkeeper.core.decide import decide
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState
from seatkeeper.core.tables import COMMITTED, FLEXIBLE, Policy
from tests.cast import after, moment, pure_state

BOUGHT_AT = moment("2026-03-01T09:00")
WINDOW = timedelta(hours=168)
INSTANT = timedelta(microseconds=1)


def committed(seats: int = 10) -> AccountState:
    state = pure_state()
    return after(state, decide(state, "buy", {"plan": "basic-yearly", "seats": seats}, now=BOUGHT_AT))


def code(state: AccountState, command: str, now: datetime, **arguments: object) -> str | None:
    try:
        decide(state, command, {"subscription": 101, "when": "now", **arguments}, now=now)
    except Refused as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(("late", "refused"), [(WINDOW - INSTANT, False), (WINDOW, True), (WINDOW + INSTANT, True)])
def test_the_window_closes_at_the_very_instant(late: timedelta, refused: bool) -> None:
    state, now = committed(), BOUGHT_AT + late
    assert code(state, "set_seats", now, seats=9) == ("reduction_not_allowed_until" if refused else None)
    assert code(state, "cancel", now) == ("cancel_not_allowed_until" if refused else None)


def test_added_seats_may_go_within_a_window_of_their_own() -> None:
    state = committed()
    added_at = BOUGHT_AT + timedelta(days=30)
    state = after(state, decide(state, "set_seats", {"subscription": 101, "seats": 15, "when": "now"}, now=added_at))
    within, closed = added_at + WINDOW - INSTANT, added_at + WINDOW
    assert code(state, "set_seats", within, seats=10) is None
    assert code(state, "set_seats", within, seats=9) == "reduction_not_allowed_until"
    assert code(state, "set_seats", closed, seats=14) == "reduction_not_allowed_until"
    assert code(state, "cancel", within) == "cancel_not_allowed_until"


def test_reductions_use_up_the_window_that_closes_soonest() -> None:
    state = committed()
    for days, seats in ((30, 12), (33, 15)):
        now = BOUGHT_AT + timedelta(days=days)
        state = after(state, decide(state, "set_seats", {"subscription": 101, "seats": seats, "when": "now"}, now=now))
    now = BOUGHT_AT + timedelta(days=34)
    state = after(state, decide(state, "set_seats", {"subscription": 101, "seats": 14, "when": "now"}, now=now))
    closes = [(closes_at, seats) for closes_at, seats in state.subscriptions[101].added_windows]
    assert closes == [(BOUGHT_AT + timedelta(days=37), 1), (BOUGHT_AT + timedelta(days=40), 3)]


def test_flexible_reduces_and_cancels_at_any_time() -> None:
    state = pure_state()
    state = after(state, decide(state, "buy", {"plan": "basic-monthly", "seats": 10}, now=BOUGHT_AT))
    later = BOUGHT_AT + timedelta(days=20)
    assert code(state, "set_seats", later, seats=1) is None
    assert code(state, "cancel", later) is None


def test_a_cheaper_plan_now_needs_the_own_window_not_an_additions() -> None:
    state = pure_state()
    state = after(state, decide(state, "buy", {"plan": "premium-yearly", "seats": 10}, now=BOUGHT_AT))
    assert code(state, "change_plan", BOUGHT_AT + WINDOW - INSTANT, plan="basic-yearly") is None
    later = BOUGHT_AT + timedelta(days=30)
    state = after(state, decide(state, "set_seats", {"subscription": 101, "seats": 15, "when": "now"}, now=later))
    assert code(state, "change_plan", later + timedelta(hours=1), plan="basic-yearly") == "reduction_not_allowed_until"


MIXED = Policy("mixed", "any_time", "window", "billing_date", "owed")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (FLEXIBLE, FLEXIBLE, FLEXIBLE),
        (FLEXIBLE, COMMITTED, COMMITTED),
        (COMMITTED, FLEXIBLE, COMMITTED),
        (COMMITTED, MIXED, COMMITTED),
        (FLEXIBLE, MIXED, MIXED),
        (
            Policy("a", "window", "any_time", "billing_date", "owed"),
            MIXED,
            Policy("a+mixed", "window", "window", "billing_date", "owed"),
        ),
    ],
)
def test_the_stricter_of_two_policies_holds_column_by_column(one: Policy, other: Policy, expected: Policy) -> None:
    assert one.stricter(other) == expected
