"""An order is its purchases, at once and together: the same lines, one document, all or nothing (DOMAIN.md 7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seatkeeper.core.decide import decide
from seatkeeper.core.decision import Decision, Line
from seatkeeper.core.money import round_half_away
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState, Assignment, Pool
from tests.cast import CATALOG, after, moment, pure_state

BEGAN, NOW = moment("2026-01-10T09:00"), moment("2026-01-23T12:00")
ALIGNED = {("P1M", "P1M"): 101, ("P1Y", "P1Y"): 103}
"""What the plans of a term and billing interval can be aligned with in `running`."""
ALIGNABLE = ("premium-monthly", "basic-yearly", "phone-monthly")


def running(**facts: Any) -> AccountState:
    """De Linde with a monthly and a yearly subscription, bought two weeks ago."""
    state = pure_state(**facts)
    for plan in ("basic-monthly", "premium-yearly"):
        state = after(state, decide(state, "buy", {"plan": plan, "seats": 3}, now=BEGAN))
    return state


def ordered(state: AccountState, *items: dict[str, Any], **more: Any) -> Decision:
    return decide(state, "order", {"items": items, **more}, now=NOW)


def code(state: AccountState, *items: dict[str, Any], **more: Any) -> tuple[str, object] | None:
    try:
        ordered(state, *items, **more)
    except Refused as refused:
        return refused.code, refused.facts.get("item")
    return None


def printed(line: Line) -> tuple[Any, ...]:
    return (line.plan, line.kind, line.seats, line.start, line.end, line.amount_minor, line.category, line.rate)


@st.composite
def items(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    """What an order may hold: bought today, aligned, later or on trial."""
    found = []
    for plan in draw(st.lists(st.sampled_from(sorted(CATALOG.plans)), min_size=1, max_size=6)):
        one: dict[str, Any] = {"plan": plan, "seats": draw(st.integers(1, 40))}
        how = draw(st.sampled_from(("today", "today", "aligned", "later", "trial")))
        sold = CATALOG.plans[plan]
        if how == "aligned" and (sold.term, sold.billing) in ALIGNED:
            one["align_with"] = ALIGNED[sold.term, sold.billing]
        if how == "later":
            one["start"] = date(2026, 2, draw(st.integers(1, 28)))
        if how == "trial":
            one["trial"] = True
        found.append(one)
    return tuple(found)


def singly(state: AccountState, wanted: tuple[dict[str, Any], ...]) -> list[Decision]:
    """The same purchases as single commands at the same instant. Raises Refused."""
    done = []
    for one in wanted:
        rest = {name: value for name, value in one.items() if name != "trial"}
        done.append(decide(state, "start_trial" if one.get("trial") else "buy", rest, now=NOW))
        state = after(state, done[-1])
    return done


@settings(max_examples=120, deadline=None)
@given(items())
def test_an_order_is_the_sum_of_its_purchases(wanted: tuple[dict[str, Any], ...]) -> None:
    state = running()
    try:
        single = singly(state, wanted)
    except Refused as refused:
        with pytest.raises(Refused) as together:
            ordered(state, *wanted)
        assert together.value.code == refused.code
        return
    decision = ordered(state, *wanted)
    lines = [line for one in single for document in one.documents for line in document.lines]
    assert len(decision.documents) == (1 if lines else 0)
    assert [new.status for _, new in decision.subscriptions] == [one.subscriptions[0][1].status for one in single]
    assume(lines)
    document = decision.documents[0]
    assert [printed(line) for line in document.lines] == [printed(line) for line in lines]
    assert document.net_minor == sum(one.documents[0].net_minor for one in single if one.documents)
    assert document.vat_minor == round_half_away(document.net_minor * 21, 100)
    assert document.charge_minor == decision.charge_minor == document.gross_minor


@settings(max_examples=60, deadline=None)
@given(items(), st.integers(0, 6))
def test_one_item_that_is_refused_refuses_all_of_them(wanted: tuple[dict[str, Any], ...], place: int) -> None:
    state = running()
    assume(code(state, *wanted) is None)
    place = min(place, len(wanted))
    nobody = {"plan": "nothing", "seats": 1}
    assert code(state, *wanted[:place], nobody, *wanted[place:]) == ("not_found", place)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(ALIGNABLE), min_size=1, max_size=6), st.integers(1, 9))
def test_aligned_items_renew_on_the_day_of_the_other(plans: list[str], seats: int) -> None:
    state = running()
    kinds = [(CATALOG.plans[plan].term, CATALOG.plans[plan].billing) for plan in plans]
    wanted = [
        {"plan": plan, "seats": seats, "align_with": ALIGNED[kind]} for plan, kind in zip(plans, kinds, strict=True)
    ]
    for kind, (_, new) in zip(kinds, ordered(state, *wanted).subscriptions, strict=True):
        other = state.subscriptions[ALIGNED[kind]]
        assert (new.term_end, new.period_end, new.anchor) == (other.term_end, other.period_end, other.anchor)


def test_the_pool_s_maximum_counts_the_items_before() -> None:
    state = running()
    half = {"plan": "basic-monthly", "seats": 150}
    assert code(state, half) is None
    assert code(state, half, {**half, "plan": "basic-yearly"}) == ("seats_above_maximum", 1)


def test_a_product_is_tried_once_in_an_order_too() -> None:
    tried = {"plan": "basic-monthly", "seats": 5, "trial": True}
    assert code(running(), tried, tried) == ("trial_already_used", 1)
    assert code(running(), tried, {"plan": "desk-quarterly", "seats": 5, "trial": True}) == ("trial_not_offered", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"plan": "basic-monthly"}, {"plan": "basic-monthly", "seats": "3"},
        {"plan": "basic-monthly", "seats": True},
        {"plan": "basic-monthly", "seats": 3, "price": 1}, {"plan": 4, "seats": 3},
        {"plan": "basic-monthly", "seats": 3, "trial": True, "start": date(2026, 3, 1)},
        {"plan": "basic-monthly", "seats": 3, "start": "2026-03-01"},
        {"plan": "basic-monthly", "seats": 3, "start": date(2026, 3, 1), "align_with": 101},
        {"plan": "basic-monthly", "seats": 3, "start": date(2026, 3, 1), "assign_all": True},
    ],
)  # fmt: skip
def test_an_item_that_says_nonsense_is_bad_input(wrong: dict[str, Any]) -> None:
    assert code(running(everybody=()), {"plan": "site-monthly", "seats": 1}, wrong) == ("bad_input", 1)


def test_an_order_has_items_and_a_short_number() -> None:
    one = {"plan": "site-monthly", "seats": 1}
    assert code(running()) == code(running(), *[one] * 51) == ("bad_input", None)
    assert code(running(), one, purchase_order="x" * 65) == ("bad_input", None)
    assert code(running(), one, purchase_order="x" * 64) is None


def test_everybody_without_a_licence_gets_one() -> None:
    holding = (Assignment(1, 11, "basic"), Assignment(2, 12, "basic", date(2026, 1, 20)))
    state = running(
        everybody=(11, 12, 13, 14), assignments={"basic": holding}, pools={"basic": Pool("basic", 3, 1, 1)},
    )  # fmt: skip
    basic = {"plan": "basic-monthly", "seats": 2, "assign_all": True}
    phone = {"plan": "phone-monthly", "seats": 4, "assign_all": True}
    decision = ordered(state, phone, basic)
    given = [(one.user, one.product) for one in decision.assignments if one.action == "assigned"]
    assert given == [(13, "basic"), (14, "basic"), (11, "phone"), (13, "phone"), (14, "phone")]
    assert [(one.user, one.action) for one in decision.assignments if one.id == 2] == [(12, "restored")]
    assert [(one.kind, dict(one.facts)["count"]) for one in decision.warnings] == [("left_out", 1)]


def test_too_few_licences_for_everybody_names_the_item() -> None:
    state = running(everybody=tuple(range(20, 30)))
    few = {"plan": "basic-monthly", "seats": 6, "assign_all": True}
    assert code(state, {"plan": "site-monthly", "seats": 1}, few) == ("no_seats_available", 1)
    assert code(state, few | {"seats": 7}) is None


def test_the_order_s_number_stands_on_every_subscription() -> None:
    one = {"plan": "basic-monthly", "seats": 1}
    decision = ordered(running(), one, one | {"trial": True}, purchase_order="PO-7781")
    assert [new.purchase_order for _, new in decision.subscriptions] == ["PO-7781", "PO-7781"]


def test_each_subscription_has_its_own_name_until_it_has_an_id() -> None:
    one = {"plan": "basic-monthly", "seats": 1}
    decision = ordered(running(), one, one, one)
    assert [new.id for _, new in decision.subscriptions] == [0, -1, -2]
    assert [line.subscription for line in decision.documents[0].lines] == [0, -1, -2]
    assert [one.subscription for one in decision.then] == [0, -1, -2]
    assert decision.due_at is not None and decision.due_at < NOW + timedelta(days=32)
