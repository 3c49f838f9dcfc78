"""The contract that every payment gateway keeps: one class of tests, inherited by each gateway's own test module.

A rail is a gateway with its world: tokens that behave in a wished way, a clock, and trouble on the line.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol

import pytest

from seatkeeper.core.payments.declines import DECLINES, HARD
from seatkeeper.domain.payments.ports import (
    AUTHENTICATION,
    CHARGE,
    DISPUTE,
    OPENED,
    PROCESSING,
    REFUND,
    Answer,
    Charge,
    Gateway,
    GatewayAway,
    Refund,
)

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_numbers = count(1)


class Rail(Protocol):
    """A gateway and what a test does around it. lost_answer: after doing it, or before anything was done."""

    gateway: Gateway

    def token(self, behaviour: str) -> str: ...
    def days_later(self, days: int) -> None: ...
    def confirm(self, charge: Charge, yes: bool) -> None: ...
    def lose_next_answer(self, *, after: bool) -> None: ...
    def taken_minor(self) -> int: ...


class Basics:
    """What every gateway must do, as far as localstripe, which knows less than Stripe, can show it."""

    @pytest.fixture(autouse=True)
    def _begin(self, rail: Rail, request: pytest.FixtureRequest) -> None:
        self.rail = rail
        self.now = BEGAN

    def charge(self, behaviour: str = "ok", amount: int = 12_50, *, present: bool = False, token: str = "") -> Charge:
        back = "https://seatkeeper.example/back" if present else ""
        return Charge(f"7-{next(_numbers)}", token or self.rail.token(behaviour), amount, "EUR", self.now, back)

    def give(self, charge: Charge) -> Answer:
        (answer,) = self.rail.gateway.charge([charge])
        assert answer.key == charge.key
        return answer

    def refund(self, charge: Charge, amount: int, key: str = "") -> Answer:
        one = Refund(key or f"7-{next(_numbers)}", charge.key, amount, charge.currency, self.now)
        (answer,) = self.rail.gateway.refund([one])
        assert answer.key == one.key
        return answer

    def later(self, charge: Charge, days: int) -> Charge:
        """The charge as it is asked after so many days later."""
        self.rail.days_later(days)
        self.now += timedelta(days=days)
        return Charge(charge.key, charge.token, charge.amount_minor, charge.currency, self.now, charge.return_to)

    def test_money_is_taken(self) -> None:
        before = self.rail.taken_minor()
        assert self.give(self.charge()).succeeded
        assert self.rail.taken_minor() - before == 12_50

    def test_a_decline_is_final(self) -> None:
        before = self.rail.taken_minor()
        answer = self.give(self.charge("declined"))
        assert (answer.succeeded, answer.waits, answer.hard) == (False, "", False) and answer.reason in DECLINES
        assert self.rail.taken_minor() == before

    def test_the_same_key_twice_is_one_charge(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge()
        assert self.give(charge).succeeded and self.give(charge).succeeded
        assert self.rail.taken_minor() - before == 12_50

    def test_the_same_key_twice_is_declined_once(self) -> None:
        charge = self.charge("declined")
        assert self.give(charge) == self.give(charge)

    def test_the_answer_is_lost_after_the_money_was_taken(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge()
        self.rail.lose_next_answer(after=True)
        self.nothing_is_said(charge)
        assert self.rail.gateway.outcome([charge])[charge.key].succeeded
        assert self.give(charge).succeeded
        assert self.rail.taken_minor() - before == 12_50

    def test_the_question_never_arrived(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge()
        self.rail.lose_next_answer(after=False)
        self.nothing_is_said(charge)
        assert charge.key not in self.rail.gateway.outcome([charge])
        assert self.rail.taken_minor() == before
        assert self.give(charge).succeeded
        assert self.rail.taken_minor() - before == 12_50

    def nothing_is_said(self, charge: Charge) -> None:
        with suppress(GatewayAway):
            assert all(answer.waits for answer in self.rail.gateway.charge([charge]))

    def test_a_key_that_was_never_used_is_left_out(self) -> None:
        assert self.rail.gateway.outcome([self.charge()]) == {}

    def test_a_charge_is_given_back_whole_and_once(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge()
        self.give(charge)
        self.rail.gateway.reverse([charge.key])
        self.rail.gateway.reverse([charge.key])
        assert self.rail.taken_minor() == before

    def test_a_charge_that_was_given_back_before_it_came_never_takes_money(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge()
        self.rail.gateway.reverse([charge.key])
        answer = self.give(charge)
        assert (answer.succeeded, answer.waits, answer.reason) == (False, "", "reversed")
        assert self.rail.taken_minor() == before

    def test_what_waits_for_the_person_is_called_off(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge("confirm", present=True)
        self.give(charge)
        self.rail.gateway.reverse([charge.key])
        self.rail.confirm(charge, True)
        assert self.rail.taken_minor() == before

    def test_a_refund_in_part(self) -> None:
        charge = self.charge(amount=10_00)
        self.give(charge)
        before = self.rail.taken_minor()
        assert self.refund(charge, 3_00).succeeded
        assert before - self.rail.taken_minor() == 3_00

    def test_the_same_refund_twice_is_one(self) -> None:
        charge = self.charge(amount=10_00)
        self.give(charge)
        before = self.rail.taken_minor()
        key = f"7-{next(_numbers)}"
        assert self.refund(charge, 4_00, key).succeeded and self.refund(charge, 4_00, key).succeeded
        assert before - self.rail.taken_minor() == 4_00

    def test_a_refund_whose_answer_is_lost_is_made_once(self) -> None:
        charge = self.charge(amount=10_00)
        self.give(charge)
        before = self.rail.taken_minor()
        one = Refund(f"7-{next(_numbers)}", charge.key, 4_00, "EUR", self.now)
        self.rail.lose_next_answer(after=True)
        with suppress(GatewayAway):
            assert all(answer.waits for answer in self.rail.gateway.refund([one]))
        (answer,) = self.rail.gateway.refund([one])
        assert answer.succeeded and before - self.rail.taken_minor() == 4_00

    def test_a_refund_of_nothing_is_declined(self) -> None:
        declined = self.charge("declined")
        self.give(declined)
        for charge in (declined, self.charge()):
            answer = self.refund(charge, 1_00)
            assert (answer.succeeded, answer.waits, answer.reason) == (False, "", "nothing_taken")

    def test_what_happened_is_told_by_key(self) -> None:
        taken, declined = self.charge(), self.charge("declined")
        self.give(taken)
        self.give(declined)
        told = self.rail.gateway.happened(BEGAN - timedelta(days=1), BEGAN + timedelta(days=9000))
        charges = {one.key: one for one in told if one.kind == CHARGE}
        assert (charges[taken.key].said, charges[declined.key].said) == ("succeeded", "declined")
        assert charges[taken.key].amount_minor == 12_50 and charges[taken.key].currency == "EUR"
        assert len({one.id for one in told}) == len(told)
        assert [one.at for one in told] == sorted(one.at for one in told)


class Contract(Basics):
    """What every gateway must do, whole."""

    def test_many_are_answered_each_by_its_key(self) -> None:
        charges = [self.charge("ok" if number % 3 else "declined", 100 + number) for number in range(9)]
        answers = {one.key: one for one in self.rail.gateway.charge(charges)}
        assert [answers[one.key].succeeded for one in charges] == [bool(number % 3) for number in range(9)]

    @pytest.mark.parametrize("behaviour", ["declined", "funds", "expired", "lost", "stolen"])
    def test_a_decline_says_why_in_our_codes(self, behaviour: str) -> None:
        before = self.rail.taken_minor()
        answer = self.give(self.charge(behaviour))
        reasons = {"funds": "insufficient_funds", "expired": "expired_card"}
        assert (answer.succeeded, answer.waits) == (False, "")
        assert answer.reason == reasons.get(behaviour, behaviour) or (behaviour, answer.reason) == (
            "declined", "card_declined")  # fmt: skip
        assert answer.hard == (DECLINES[answer.reason] == HARD)
        assert self.rail.taken_minor() == before

    def test_nobody_is_there_to_confirm(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge("confirm")
        answer = self.give(charge)
        assert (answer.succeeded, answer.reason, answer.hard) == (False, "authentication_required", False)
        assert self.rail.gateway.outcome([charge])[charge.key] == answer
        assert self.rail.taken_minor() == before

    def test_a_person_confirms_at_the_bank(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge("confirm", present=True)
        answer = self.give(charge)
        assert (answer.succeeded, answer.waits) == (False, AUTHENTICATION) and answer.address
        assert self.rail.taken_minor() == before
        self.rail.confirm(charge, True)
        assert self.rail.gateway.outcome([charge])[charge.key].succeeded
        assert self.rail.taken_minor() - before == 12_50

    def test_what_nobody_confirmed_in_time_is_called_off(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge("confirm", present=True)
        assert self.give(charge).waits == AUTHENTICATION
        gone = replace(charge, return_to="")
        found = self.rail.gateway.outcome([gone])[charge.key]
        assert (found.succeeded, found.waits, found.reason) == (False, "", "authentication_required")
        self.rail.confirm(charge, True)
        assert self.rail.taken_minor() == before

    def test_a_person_refuses_at_the_bank(self) -> None:
        charge = self.charge("confirm", present=True)
        assert self.give(charge).waits == AUTHENTICATION
        self.rail.confirm(charge, False)
        found = self.rail.gateway.outcome([charge])[charge.key]
        assert (found.succeeded, found.waits, found.reason) == (False, "", "authentication_required")

    def test_a_slow_debit_succeeds_days_later(self) -> None:
        charge = self.charge("slow")
        assert self.give(charge).waits == PROCESSING
        assert self.rail.gateway.outcome([charge])[charge.key].waits == PROCESSING
        assert self.rail.gateway.outcome([self.later(charge, 3)])[charge.key].succeeded

    def test_a_slow_debit_fails_days_later(self) -> None:
        charge = self.charge("slow-fails")
        assert self.give(charge).waits == PROCESSING
        found = self.rail.gateway.outcome([self.later(charge, 4)])[charge.key]
        assert (found.succeeded, found.waits, found.reason) == (False, "", "insufficient_funds")

    def test_refunds_in_parts_and_never_more_than_was_taken(self) -> None:
        before = self.rail.taken_minor()
        charge = self.charge(amount=10_00)
        self.give(charge)
        assert self.refund(charge, 3_00).succeeded and self.refund(charge, 7_00).succeeded
        answer = self.refund(charge, 1)
        assert (answer.succeeded, answer.waits) == (False, "") and answer.reason in ("too_much", "nothing_taken")
        assert self.rail.taken_minor() == before

    def test_a_refund_of_more_than_was_taken_gives_nothing(self) -> None:
        charge = self.charge(amount=10_00)
        self.give(charge)
        before = self.rail.taken_minor()
        assert not self.refund(charge, 10_01).succeeded
        assert self.rail.taken_minor() == before

    def test_a_refund_that_the_bank_refuses(self) -> None:
        charge = self.charge("refund-fails")
        assert self.give(charge).succeeded
        answer = self.refund(charge, 12_50)
        assert (answer.succeeded, answer.waits) == (False, "") and answer.reason

    def test_a_refund_is_told_by_its_own_key(self) -> None:
        charge = self.charge()
        self.give(charge)
        key = f"7-{next(_numbers)}"
        self.refund(charge, 2_00, key)
        told = self.rail.gateway.happened(BEGAN - timedelta(days=1), BEGAN + timedelta(days=9000))
        assert any(one.kind == REFUND and one.key == key and one.amount_minor == 2_00 for one in told)

    def test_a_dispute_is_told_with_its_charge(self) -> None:
        charge = self.charge("disputed")
        assert self.give(charge).succeeded
        self.later(charge, 6)
        told = self.rail.gateway.happened(BEGAN - timedelta(days=1), BEGAN + timedelta(days=9000))
        (found,) = [one for one in told if one.kind == DISPUTE and one.key == charge.key]
        assert (found.said, found.amount_minor) == (OPENED, 12_50) and found.reference
