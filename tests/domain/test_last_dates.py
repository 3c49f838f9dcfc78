"""The last moments that a subscription's page names are those of the commands: a second before they do it, then not.

Pure: random stories of one organisation under every mix of policies, in zones with and without summer time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatkeeper.core.calendar import first_instant
from seatkeeper.core.decide import decide
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import AccountState, Subscription
from seatkeeper.core.subscriptions.run import decide_due
from seatkeeper.core.tables import ACTIVE, RECURRING, Policy
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.subscriptions.life import limits
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.rows import Limits
from tests.cast import after, catalog, moment, per_seat, plan, pure_state

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ZONES = ("Europe/Amsterdam", "America/Los_Angeles", "Asia/Tokyo")
MIXES = [(fewer, cancel) for fewer in ("any_time", "window") for cancel in ("any_time", "window")]
TOO_LATE = {
    "set_seats": ("reduction_not_allowed_until", "not_active"), "cancel": ("cancel_not_allowed_until", "not_active"),
}  # fmt: skip
STEP = st.tuples(
    st.one_of(st.integers(0, 60), st.sampled_from((167, 168, 24 * 25, 24 * 70))),
    st.sampled_from(("add", "add", "reduce", "recurring", "align", "plan", "wait")),
    st.integers(1, 9),
)


class Tale:
    """One organisation on the pure core: what falls due is done before anything is asked."""

    def __init__(self, mix: tuple[str, str], zone: str, term: str, minimum: int, at: datetime) -> None:
        policy = Policy("mixed", *mix, "renewal", "owed")
        sold = catalog(
            plan("mixed-a", term, "P1M", policy, per_seat("6"), min_seats=minimum),
            plan("mixed-b", term, "P1M", policy, per_seat("7")),
            plan("mixed-c", term, "P1M", Policy("free", "any_time", "any_time", "renewal", "owed"), per_seat("9")),
        )
        self.state, self.now = pure_state(sold=sold, timezone=zone), at
        self.take("buy", plan="mixed-a", seats=minimum + 4)

    def due(self, state: AccountState, at: datetime) -> AccountState:
        while (decision := decide_due(state, now=at)) is not None:
            state = after(state, decision)
        return state

    def wait(self, hours: int) -> None:
        self.now += hours * HOUR
        self.state = self.due(self.state, self.now)

    def take(self, command: str, **arguments: object) -> None:
        self.state = after(self.state, decide(self.state, command, arguments, now=self.now))

    def refused(self, command: str, at: datetime, **arguments: object) -> str | None:
        """What a command at an instant is answered, the run having come first; nothing is kept."""
        try:
            decide(self.due(self.state, at), command, arguments, now=at)
        except Refused as refusal:
            return refusal.code
        return None

    def active(self) -> list[Subscription]:
        return [one for one in self.state.subscriptions.values() if one.status == ACTIVE]

    def shown(self, one: Subscription) -> Limits:
        today = self.state.today(self.now)
        row = AccountRow(1, "Linde", "EUR", self.state.timezone, today, self.now, frozenset())
        return limits(Shelf(row, self.state), one)

    def step(self, action: str, number: int) -> None:
        known = self.active()
        if not known:
            return
        one = known[number % len(known)]
        try:
            if action in ("add", "reduce"):
                seats = one.seats + (number if action == "add" else -number)
                self.take("set_seats", subscription=one.id, seats=max(seats, 1), when="now")
            elif action == "recurring":
                self.take("set_recurring", subscription=one.id, to=RECURRING[number % 3])
            elif action == "plan":
                chosen = ("mixed-a", "mixed-b", "mixed-c")[number % 3]
                self.take("change_plan", subscription=one.id, plan=chosen, when="renewal")
            elif action == "align" and len(known) < 3:
                self.take("buy", plan="mixed-b", seats=number, align_with=one.id)
        except Refused:
            return  # the next step finds everything as it was


def holds(tale: Tale, one: Subscription) -> None:
    shown, plan_now = tale.shown(one), tale.state.catalog.plans[one.plan]
    fewer, lowest = {"subscription": one.id, "when": "now"}, shown.reduce_to
    if shown.fewer == "any_time":
        assert shown.reduce_until is None
        if one.seats > plan_now.min_seats:
            assert tale.refused("set_seats", tale.now, **fewer, seats=one.seats - 1) is None
    elif shown.reduce_until is not None:
        assert lowest is not None and plan_now.min_seats <= lowest < one.seats
        until_then(tale, "set_seats", shown.reduce_until, **fewer, seats=lowest)
        if lowest > plan_now.min_seats:
            assert tale.refused("set_seats", tale.now, **fewer, seats=lowest - 1) == "reduction_not_allowed_until"
    elif one.seats > plan_now.min_seats:
        from_then(tale, one, "set_seats", shown.from_on, **fewer, seats=one.seats - 1)
    if shown.cancel == "any_time":
        assert shown.cancel_until is None
        assert tale.refused("cancel", tale.now, **fewer) is None
    elif shown.cancel_until is not None:
        until_then(tale, "cancel", shown.cancel_until, **fewer)
    else:
        from_then(tale, one, "cancel", shown.from_on, **fewer)


def until_then(tale: Tale, command: str, until: datetime, **arguments: object) -> None:
    """Done now and a second before, refused at the instant and a second after: unless another policy holds by then."""
    assert tale.now < until
    assert tale.refused(command, tale.now, **arguments) is None
    assert tale.refused(command, until - SECOND, **arguments) is None
    by_then = tale.due(tale.state, until).subscriptions[int(str(arguments["subscription"]))]
    if by_then.plan != "mixed-c":
        assert tale.refused(command, until, **arguments) in TOO_LATE[command]
        assert tale.refused(command, until + SECOND, **arguments) in TOO_LATE[command]


def from_then(tale: Tale, one: Subscription, command: str, on: date | None, **arguments: object) -> None:
    """Refused now and a second before that day begins, done from then on; with no such day it ends before."""
    assert tale.refused(command, tale.now, **arguments) in TOO_LATE[command]
    if on is None:
        assert one.recurring == "off" and one.term_end is not None
        ends = first_instant(one.term_end, tale.state.timezone)
        assert tale.refused(command, ends - SECOND, **arguments) in TOO_LATE[command]
        assert tale.refused(command, ends, **arguments) == "not_active"
        return
    begins = first_instant(on, tale.state.timezone)
    assert tale.refused(command, begins - SECOND, **arguments) in TOO_LATE[command]
    assert tale.refused(command, begins, **arguments) is None


@pytest.mark.parametrize("mix", MIXES)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    zone=st.sampled_from(ZONES), term=st.sampled_from(("P1M", "P1Y")), minimum=st.sampled_from((1, 1, 5)),
    start=st.sampled_from(("2026-03-24T23:30", "2026-10-20T12:00", "2024-01-31T09:00")),
    steps=st.lists(STEP, max_size=7), wait=st.integers(0, 24 * 40),
)  # fmt: skip
def test_the_dates_shown_are_those_of_the_commands(
    mix: tuple[str, str], zone: str, term: str, minimum: int, start: str, steps: list[tuple[int, str, int]], wait: int
) -> None:
    tale = Tale(mix, zone, term, minimum, moment(start))
    for hours, action, number in steps:
        for one in tale.active():
            holds(tale, one)
        tale.wait(hours)
        tale.step(action, number)
    tale.wait(wait)
    for one in tale.active():
        holds(tale, one)


def test_a_window_that_reaches_over_the_renewal_lasts_as_long_as_the_renewal_s() -> None:
    """Aligned with a term that ends within the week: what may go now may go until a week after it renews."""
    tale = Tale(("window", "window"), "Europe/Amsterdam", "P1M", 1, moment("2026-02-01T09:00"))
    tale.wait(24 * 21)
    tale.take("buy", plan="mixed-b", seats=3, align_with=101)
    (new,) = [one for one in tale.active() if one.plan == "mixed-b"]
    assert tale.shown(new).cancel_until == moment("2026-03-08T00:00")
    ends = tale.shown(replace(new, recurring="off"))
    assert ends.cancel_until == ends.reduce_until == moment("2026-03-01T00:00")
