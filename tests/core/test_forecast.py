"""The forecast is what the run does, to the cent; advice never costs more than doing nothing. At random."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatkeeper.core.advice import Double, Use, advice
from seatkeeper.core.calendar import first_instant
from seatkeeper.core.decide import decide
from seatkeeper.core.forecast import all_charges, charges, documents
from seatkeeper.core.periods import boundary
from seatkeeper.core.refusals import Refused
from seatkeeper.core.settle import subscription_due_on
from seatkeeper.core.state import AccountState
from seatkeeper.core.subscriptions.run import decide_due
from tests.cast import AMSTERDAM, CATALOG, after, moment, pure_state

STARTS = ("2026-03-01T09:00", "2024-01-31T23:30", "2025-10-25T00:00")
PLANS = tuple(CATALOG.plans)
STEP = st.tuples(
    st.integers(0, 40),
    st.sampled_from(("buy", "buy", "trial", "seats", "book", "plan", "frequency", "recurring", "cancel", "later")),
    st.integers(0, 60),
    st.integers(1, 30),
)
HISTORY = st.tuples(st.sampled_from(STARTS), st.lists(STEP, min_size=1, max_size=9))


def due_on(state: AccountState) -> date | None:
    """The next billing date of a state without open documents."""
    dates = [subscription_due_on(state, one) for one in state.subscriptions.values()]
    dates += [pool.remove_on for pool in state.pools.values()]
    return min((on for on in dates if on is not None), default=None)


def run_until(state: AccountState, end: date) -> tuple[AccountState, list[tuple[Any, ...]]]:
    """Let the run do every billing date before `end`; the state then, and (date, method, net, vat, count) billed."""
    billed: list[tuple[Any, ...]] = []
    while (on := due_on(state)) is not None and on < end:
        decision = decide_due(state, now=first_instant(on, AMSTERDAM))
        assert decision is not None
        for one in decision.documents:
            billed.append((on, one.method, one.net_minor, one.vat_minor, len(one.lines)))
        state = after(state, decision)
    return state, billed


def told(history: tuple[str, list[tuple[int, str, int, int]]]) -> tuple[AccountState, datetime]:
    """A history on De Linde's account; what is refused is left out. Assignments and trials included."""
    start, steps = history
    now, state = moment(start), pure_state()
    for days, action, which, number in steps:
        now += timedelta(days=days)
        state, _ = run_until(state, state.today(now) + timedelta(days=1))
        known = sorted(state.subscriptions)
        target = known[which % len(known)] if known else 0
        plan = PLANS[which % len(PLANS)]
        command, arguments = {
            "buy": ("buy", {"plan": plan, "seats": number}),
            "later": ("buy", {"plan": plan, "seats": number, "start": state.today(now) + timedelta(days=number)}),
            "trial": ("start_trial", {"plan": plan, "seats": number}),
            "seats": ("set_seats", {"subscription": target, "seats": number, "when": "now"}),
            "book": ("set_seats", {"subscription": target, "seats": number, "when": "renewal"}),
            "plan": ("change_plan", {"subscription": target, "plan": plan, "when": "renewal"}),
            "frequency": ("change_frequency", {"subscription": target, "plan": plan}),
            "recurring": ("set_recurring", {"subscription": target, "to": ("on", "once", "off")[number % 3]}),
            "cancel": ("cancel", {"subscription": target, "when": "now"}),
        }[action]
        try:
            state = after(state, decide(state, command, arguments, now=now))
        except Refused:
            continue
    return state, now


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(HISTORY)
def test_the_forecast_is_what_the_run_bills(history: Any) -> None:
    state, now = told(history)
    end = boundary(state.today(now), 14)
    foreseen = [
        (one.on, one.method, one.net_minor, one.vat_minor, len([line for line in one.charges if line.net_minor]))
        for one in documents(state, all_charges(state, until=end))
        if one.net_minor
    ]
    _, billed = run_until(state, end)
    assert sorted(foreseen) == sorted(billed)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(HISTORY, st.integers(0, 20))
def test_advice_never_costs_more_than_doing_nothing(history: Any, most: int) -> None:
    """Each advice, given as the command that it is, and the run let through the whole span: it saves what it says."""
    state, now = told(history)
    today = state.today(now)
    use = {one.product: Use(most, most, today) for one in state.subscriptions.values()}
    for one in advice(state, use=use):
        assert one.saves_minor > 0
        base = state
        earlier = [other for other in advice(state, use=use) if other.subscription == one.subscription]
        for other in earlier:
            if one.kind == "frequency" and other.kind == "unused":
                base = after(base, decide(base, other.command, other.arguments, now=now))
        booked = after(base, decide(base, one.command, one.arguments, now=now))
        was = base.subscriptions[one.subscription]
        assert booked.subscriptions[one.subscription].charged_minor == was.charged_minor
        found = state.subscriptions[one.subscription]
        assert found.anchor is not None
        months = (one.on.year - found.anchor.year) * 12 + one.on.month - found.anchor.month
        end = boundary(found.anchor, months + one.months)
        costs = []
        for each in (base, booked):
            alone = replace(each, subscriptions={found.id: each.subscriptions[found.id]}, pools={})
            _, billed = run_until(alone, end)
            costs.append(sum(net for on, _, net, _, _ in billed if on >= one.on))
        assert (costs[0] - costs[1]) * 12 // one.months == one.saves_minor
        assert costs[1] < costs[0]


def test_a_trial_that_ends_is_not_charged_and_one_that_goes_on_is() -> None:
    now = moment("2026-03-01T09:00")
    state = after(pure_state(), decide(pure_state(), "start_trial", {"plan": "basic-monthly", "seats": 5}, now=now))
    (trial,) = state.subscriptions.values()
    first = next(charges(state, trial, until=date(2026, 6, 1)))
    assert (first.on, first.net_minor, first.renewed) == (date(2026, 3, 31), 3000, False)
    off = after(state, decide(state, "set_recurring", {"subscription": trial.id, "to": "off"}, now=now))
    assert list(charges(off, off.subscriptions[trial.id], until=date(2027, 6, 1))) == []


def test_a_price_of_a_later_date_counts_from_the_first_renewal_on() -> None:
    now = moment("2026-11-15T09:00")
    state = after(pure_state(), decide(pure_state(), "buy", {"plan": "basic-monthly", "seats": 10}, now=now))
    (found,) = state.subscriptions.values()
    assert [one.net_minor for one in charges(state, found, until=date(2027, 3, 1))] == [6000, 6600, 6600]


def test_unused_licences_a_cheaper_frequency_and_what_is_double_are_advised() -> None:
    """10 Basic at 6.00 a month, 7 ever held: 3 x 72 a year less; then 7 x (72 - 62.40) by paying for the year."""
    now = moment("2024-03-01T09:00")
    state = after(pure_state(), decide(pure_state(), "buy", {"plan": "basic-monthly", "seats": 10}, now=now))
    use = {"basic": Use(7, 7, date(2024, 3, 1))}
    found = [(one.kind, one.on, one.saves_minor, one.seats, one.left, one.plan) for one in advice(
        state, use=use
    )]
    assert found == [
        ("unused", date(2024, 4, 1), 21600, 3, 7, ""),
        ("frequency", date(2024, 4, 1), 6720, 0, 7, "basic-yearly"),
    ]


def test_what_is_in_another_product_is_advised_to_be_taken_back() -> None:
    now = moment("2024-03-01T09:00")
    state = pure_state()
    for plan, seats in (("basic-monthly", 10), ("premium-yearly", 4)):
        state = after(state, decide(state, "buy", {"plan": plan, "seats": seats}, now=now))
    double = Double("basic", "premium", (11, 12, 13))
    (one, *rest) = advice(state, use={}, doubles=(double,))
    assert (one.kind, one.saves_minor, one.left, one.arguments["release"]) == ("double", 3 * 7200, 7, (11, 12, 13))
    assert [other.kind for other in rest] == ["frequency"]
