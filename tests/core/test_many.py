"""Changing many subscriptions at once: what the single commands would do, one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatkeeper.core.decide import decide
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState, Method, OpenDocument
from seatkeeper.core.tables import CARD, RECURRING
from tests.cast import after, moment, pure_state
from tests.core.test_forecast import HISTORY, told

NOW = moment("2026-03-01T09:00")


def by_hand(state: AccountState, command: str, now: Any, **arguments: Any) -> tuple[AccountState, list[int]]:
    """Each subscription by its own command, in order; those that were done."""
    done = []
    for id_ in sorted(state.subscriptions):
        try:
            state = after(state, decide(state, command, {"subscription": id_, **arguments}, now=now))
        except Refused:
            continue
        done.append(id_)
    return state, done


@settings(max_examples=60)
@given(HISTORY, st.sampled_from(RECURRING))
def test_many_are_what_each_alone_would_be(history: Any, to: str) -> None:
    state, now = told(history)
    single, done = by_hand(state, "set_recurring", now, to=to)
    everyone = {"subscriptions": sorted(state.subscriptions), "to": to}
    try:
        decision = decide(state, "set_many_recurring", everyone, now=now)
    except Refused as refused:
        assert refused.code == "nothing_changes" and not done
        return
    facts: dict[str, Any] = dict(decision.facts)
    assert list(facts["done"]) == done and not decision.documents
    assert {one for one, _, _ in facts["left_out"]} == set(state.subscriptions) - set(done)
    assert after(state, decision).subscriptions == single.subscriptions


def test_a_method_tries_an_invoice_of_two_subscriptions_once() -> None:
    state = pure_state()
    for plan in ("basic-monthly", "premium-monthly"):
        state = after(state, decide(state, "buy", {"plan": plan, "seats": 2}, now=NOW))
    first, second = sorted(state.subscriptions)
    covers = frozenset({(first, date(2026, 3, 1)), (second, date(2026, 3, 1))})
    declined = OpenDocument(
        900, "INV-2026-000001", date(2026, 3, 1), date(2026, 3, 1), 6000, 6000, 1, covers, overdue_from=date(2026, 3, 1)
    )
    state = replace(state, documents=(declined,), methods={**state.methods, 2: Method(2, CARD)})
    decision = decide(state, "set_many_method", {"subscriptions": (first, second), "method": 2}, now=NOW)
    assert [(one.document, one.method, one.amount_minor) for one in decision.tries] == [(900, 2, 6000)]
    assert {one.method for _, one in decision.subscriptions} == {2}


def test_a_stranger_refuses_all_and_a_word_that_is_none_too() -> None:
    state = after(pure_state(), decide(pure_state(), "buy", {"plan": "basic-monthly", "seats": 2}, now=NOW))
    (own,) = state.subscriptions
    for arguments, code in (
        ({"subscriptions": (own, 999), "to": "off"}, "unknown_subscription"),
        ({"subscriptions": (own,), "to": "never"}, "bad_input"),
        ({"subscriptions": (own,), "to": "on"}, "nothing_changes"),
        ({"subscriptions": (), "to": "on"}, "nothing_changes"),
    ):
        with pytest.raises(Refused) as refused:
            decide(state, "set_many_recurring", arguments, now=NOW)
        assert refused.value.code == code
