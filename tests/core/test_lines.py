"""Lines stand for differences of rounded exact charges; a change of plan is two (DOMAIN.md 3.5, SCENARIO.md 3)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatkeeper.core.decide import decide
from seatkeeper.core.decision import Decision, Line
from seatkeeper.core.invoicing.check import CheckedLine, period_faults
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState
from tests.cast import after, moment, pure_state


def bought(
    plan: str = "basic-monthly", seats: int = 10, at: str = "2026-03-01T09:00"
) -> tuple[AccountState, list[Line]]:
    """De Linde, having bought, and the lines so far."""
    state = pure_state()
    decision = decide(state, "buy", {"plan": plan, "seats": seats}, now=moment(at))
    return after(state, decision), lines_of(decision)


def lines_of(decision: Decision) -> list[Line]:
    return [line for document in decision.documents for line in document.lines]


def told(line: Line) -> tuple[str, int, str, str, int]:
    return line.plan, line.seats, line.start.isoformat(), line.end.isoformat(), line.amount_minor


def test_an_addition_is_charged_from_today() -> None:
    state, _ = bought()
    found = decide(
        state, "set_seats", {"subscription": 101, "seats": 12, "when": "now"}, now=moment("2026-03-10T12:00")
    )
    assert [told(line) for line in lines_of(found)] == [
        ("basic-monthly", 2, "2026-03-10", "2026-04-01", 852)
    ]  # 12 x 22/31


def test_a_change_of_plan_is_two_lines_the_old_one_rounded_alone() -> None:
    """10 seats, 6.00 to 18.70, on the 10th: 22 of 31 days. -42.58 (60 x 22/31), and 132.71 (187 x 22/31), sum 90.13."""
    state, _ = bought()
    found = decide(
        state,
        "change_plan",
        {"subscription": 101, "plan": "premium-monthly", "when": "now"},
        now=moment("2026-03-10T12:00"),
    )
    assert [told(line) for line in lines_of(found)] == [
        ("basic-monthly", -10, "2026-03-10", "2026-04-01", -4258),
        ("premium-monthly", 10, "2026-03-10", "2026-04-01", 13271),
    ]


def test_a_cheaper_plan_counts_from_tomorrow() -> None:
    """Premium to Basic on the 10th: 21 days. -126.68 (187 x 21/31), and 40.65 (60 x 21/31 = 40.645): sum -86.03."""
    state, _ = bought("premium-monthly")
    found = decide(
        state,
        "change_plan",
        {"subscription": 101, "plan": "basic-monthly", "when": "now"},
        now=moment("2026-03-10T12:00"),
    )
    lines = lines_of(found)
    assert [line.start.isoformat() for line in lines] == ["2026-03-11", "2026-03-11"]
    assert [line.amount_minor for line in lines] == [-12668, 4065]


def test_up_and_down_on_one_day_charges_that_day_alone() -> None:
    state, _ = bought()
    amounts = []
    for seats in (12, 10):
        found = decide(
            state, "set_seats", {"subscription": 101, "seats": seats, "when": "now"}, now=moment("2026-03-10T12:00")
        )
        amounts += [line.amount_minor for line in lines_of(found)]
        state = after(state, found)
    assert amounts == [852, -813]  # one day of two seats: 39 cents


def test_a_credit_takes_back_the_newest_charge_first() -> None:
    state, _ = bought()
    up = decide(state, "set_seats", {"subscription": 101, "seats": 12, "when": "now"}, now=moment("2026-03-10T12:00"))
    state = after(state, up)
    down = decide(state, "set_seats", {"subscription": 101, "seats": 5, "when": "now"}, now=moment("2026-03-10T13:00"))
    (line,) = lines_of(down)
    newest, oldest = state.charges[101]  # type: ignore[index]
    assert line.takes == ((newest.id, 852), (oldest.id, -line.amount_minor - 852))


def test_a_decision_of_nothing_but_zero_lines_issues_no_document() -> None:
    """A reduction on the period's last day changes no day that is still to come."""
    state, _ = bought()
    last_day = moment("2026-03-31T12:00")
    found = decide(state, "set_seats", {"subscription": 101, "seats": 5, "when": "now"}, now=last_day)
    assert found.documents == ()


PLANS = ["basic-monthly", "premium-monthly", "phone-monthly", "storage-monthly", "site-monthly"]
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 30 * 24),
        st.sampled_from(["set_seats", "change_plan"]),
        st.integers(1, 25),
        st.sampled_from(PLANS),
    ),
    max_size=10,
)


def checked(line: Line, id_: int, document: int) -> CheckedLine:
    return CheckedLine(
        id_,
        document,
        line.sequence,
        line.kind,
        line.amount_minor,
        max(line.amount_minor, 0),
        line.end,
        line.days_in_period,
        line.exact_before,
        line.exact_after,
        line.denominator,
        line.charged_before_minor,
        line.counted,
    )


@given(CHANGES, st.sampled_from(PLANS), st.integers(1, 25))
def test_lines_add_up_to_the_rounded_exact_charge_in_whatever_order(
    changes: list[tuple[int, str, int, str]], plan: str, seats: int
) -> None:
    state, lines = bought(plan, seats, "2026-03-01T00:00")
    found = [checked(line, index, 0) for index, line in enumerate(lines)]
    for number, (hours, command, count, other) in enumerate(sorted(changes), start=1):
        now = datetime(2026, 3, 1, tzinfo=UTC).replace(day=1 + hours // 24, hour=hours % 24)
        arguments = {"seats": count} if command == "set_seats" else {"plan": other}
        try:
            decision = decide(state, command, {"subscription": 101, "when": "now", **arguments}, now=now)
        except Refused:
            continue
        state = after(state, decision)
        found += [checked(line, 1000 * number + index, number) for index, line in enumerate(lines_of(decision))]
        left = sum(one.left_minor for one in state.charges[101])  # type: ignore[index]
        total = sum(line.amount_minor for line in found)
        assert left == total == state.subscriptions[101].charged_minor
        assert total >= 0, "net credits never exceed net charges"
    period = state.subscriptions[101].period_start
    assert period is not None
    faults = period_faults(found, start=period, currency="EUR")
    assert [fault for fault in faults if not fault.what.startswith("left")] == []


@pytest.mark.parametrize("seats", [0, -1, -300])
def test_no_seats_are_no_seats(seats: int) -> None:
    state, _ = bought()
    with pytest.raises(Refused) as refusal:
        decide(state, "set_seats", {"subscription": 101, "seats": seats, "when": "now"}, now=moment("2026-03-10T12:00"))
    assert refusal.value.code == ("use_cancel" if seats == 0 else "seats_below_minimum")
