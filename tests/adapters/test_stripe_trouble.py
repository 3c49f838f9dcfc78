"""Stripe says nonsense, or nothing, or that our key is wrong: nothing is known then, and nothing is lost or told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from seatkeeper.adapters.gateways.stripe import books, reading
from seatkeeper.adapters.gateways.stripe.gateway import StripeGateway
from seatkeeper.adapters.gateways.stripe.models import StripeCharge
from seatkeeper.adapters.gateways.stripe.pages import StripePages
from seatkeeper.core.payments.declines import DECLINES
from seatkeeper.domain.payments.ports import Charge, GatewayAway, Refund
from seatkeeper.interfaces.web.refusal_words import DECLINES as WORDS
from tests.adapters.gateways import BEGAN
from tests.adapters.stripes import StandInRail, point_at
from tests.support.stripe_server import KEY, StripeServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def rail(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[StandInRail]:
    with StripeServer() as server:
        point_at(server.address, monkeypatch, settings)
        yield StandInRail(server)


def charge(rail: StandInRail, number: int = 1, amount: int = 12_50) -> Charge:
    return Charge(f"7-{number}", rail.token("ok"), amount, "EUR", BEGAN)


@pytest.mark.parametrize("how", ["drop", "nonsense", "list", "empty", "error"])
@pytest.mark.parametrize("step", ["POST /v1/payment_intents", "/confirm"])
def test_nonsense_and_silence_are_no_answer(rail: StandInRail, how: str, step: str) -> None:
    one = charge(rail)
    rail.server.trouble = lambda number, when, path: how if when == "after" and path.endswith(step) else ""
    try:
        assert all(answer.waits for answer in rail.gateway.charge([one]))
    except GatewayAway as away:
        assert KEY not in str(away)
    rail.server.trouble = lambda number, when, path: ""
    assert rail.gateway.charge([one])[0].succeeded
    assert rail.taken_minor() == 12_50


@pytest.mark.parametrize("how", ["drop", "nonsense", "list", "empty", "error"])
def test_an_outcome_that_cannot_be_read_is_not_charged_again(rail: StandInRail, how: str) -> None:
    one = charge(rail)
    rail.gateway.charge([one])
    rail.server.trouble = lambda number, when, path: how if when == "after" and path.startswith("GET") else ""
    assert rail.gateway.outcome([one])[one.key].waits
    asked = len([path for method, path, _ in rail.server.asked if path.endswith("/confirm")])
    assert asked == 1 and rail.taken_minor() == 12_50


@pytest.mark.parametrize("how", ["drop", "nonsense", "list", "empty", "error"])
def test_a_refund_that_cannot_be_read_is_made_once(rail: StandInRail, how: str) -> None:
    one = charge(rail)
    rail.gateway.charge([one])
    refund = Refund("7-2", one.key, 2_00, "EUR", BEGAN)
    rail.server.trouble = lambda number, when, path: how if when == "after" and path == "POST /v1/refunds" else ""
    try:
        assert all(answer.waits for answer in rail.gateway.refund([refund]))
    except GatewayAway as away:
        assert KEY not in str(away)
    rail.server.trouble = lambda number, when, path: ""
    rail.server.keys.clear()
    assert rail.gateway.refund([refund])[0].succeeded and rail.taken_minor() == 10_50


def test_one_charge_without_an_answer_does_not_hold_up_the_others(rail: StandInRail) -> None:
    charges = [charge(rail, number) for number in (1, 2, 3)]
    lost = iter(["drop"])
    rail.server.trouble = lambda number, when, path: next(lost, "") if path.endswith("/confirm") else ""
    answers = {answer.key: answer for answer in rail.gateway.charge(charges)}
    assert sorted(answer.waits for answer in answers.values()) == ["", "", "unknown"]


def test_the_intent_that_was_kept_first_is_the_one_that_is_confirmed(rail: StandInRail) -> None:
    """Somebody else keeps another intent while ours is being made: what he kept counts, ours is never confirmed."""
    one = charge(rail)
    first = rail.server._intent({
        "amount": "1250", "currency": "eur", "customer": rail.customer, "payment_method_types": ["card"],
        "payment_method": rail.token("ok").split(".")[1],
    })  # fmt: skip
    known, kept, looked = books.intents, books.keep, list[object]()
    with pytest.MonkeyPatch.context() as patch:
        StripeCharge.objects.create(key=one.key, intent=first["id"])
        patch.setattr(books, "intents", lambda keys: {} if not looked else known(keys))
        patch.setattr(books, "keep", lambda made: looked.append(made) or kept(made))
        assert rail.gateway.charge([one])[0].succeeded
    statuses = {id_: it["status"] for id_, it in rail.server.objects.items() if it["object"] == "payment_intent"}
    assert statuses.pop(first["id"]) == "succeeded" and set(statuses.values()) == {"requires_confirmation"}
    assert rail.taken_minor() == 12_50


def test_without_a_key_or_with_a_wrong_one_nothing_is_known(
    rail: StandInRail, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = charge(rail)
    monkeypatch.setenv("SEATKEEPER_STRIPE_KEY", "sk_test_wrong_and_secret")
    with caplog.at_level(logging.DEBUG), pytest.raises(GatewayAway) as away:
        rail.gateway.charge([one])
    monkeypatch.delenv("SEATKEEPER_STRIPE_KEY")
    with pytest.raises(GatewayAway, match="SEATKEEPER_STRIPE_KEY is not set"):
        StripeGateway()
    assert "sk_test_wrong_and_secret" not in caplog.text + str(away.value)


def test_no_secret_and_no_card_is_logged(rail: StandInRail, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        rail.gateway.charge([charge(rail)])
        StripePages().begin("7", "/bills/methods/added/{setup}?back=%2Fbills", ("card",))
    assert KEY not in caplog.text and "whsec_" not in caplog.text


def test_amounts_that_stripe_cannot_take_are_declined(rail: StandInRail) -> None:
    answers = rail.gateway.charge([charge(rail, 1, 49), charge(rail, 2, 50)])
    assert {answer.key: answer.reason for answer in answers} == {"7-1": "amount_not_possible", "7-2": ""}


def test_a_token_of_nobody_is_declined_for_good(rail: StandInRail) -> None:
    for number, token in enumerate(("stripe_cus_x.pm_y", "stripe_nonsense", f"stripe_{rail.customer}.pm_y"), 1):
        (answer,) = rail.gateway.charge([Charge(f"7-{number}", token, 100, "EUR", BEGAN)])
        assert (answer.succeeded, answer.reason, answer.hard) == (False, "closed", True)


def test_amounts_are_said_as_stripe_wants_them() -> None:
    said = {("EUR", 1250): 1250, ("JPY", 900): 900, ("ISK", 900): 90000, ("UGX", 5): 500, ("KWD", 1230): 1230}
    for (currency, minor), amount in said.items():
        assert reading.to_stripe(minor, currency) == amount and reading.from_stripe(amount, currency) == minor
    assert reading.to_stripe(1234, "KWD") is None, "thousandths cannot be said"


def test_every_reason_is_in_the_table_and_has_words() -> None:
    ours = set(reading.REASONS.values()) | {"declined"}
    assert ours - {"nothing_taken"} <= set(DECLINES) and ours <= set(WORDS)
    assert set(DECLINES) <= set(WORDS)


def test_a_status_that_is_not_known_is_no_answer() -> None:
    answer = reading.of_intent("7-1", {"status": "levitating"})
    assert answer is not None and answer.waits and not answer.succeeded
    assert reading.of_refund("7-1", {"status": "levitating"}).waits and reading.of_refund("7-1", {}).waits


def test_a_reversal_of_what_is_on_its_way_waits_for_it(rail: StandInRail) -> None:
    one = Charge("7-1", rail.token("slow"), 12_50, "EUR", BEGAN)
    assert rail.gateway.charge([one])[0].waits
    with pytest.raises(GatewayAway, match="still on its way"):
        rail.gateway.reverse([one.key])
    rail.days_later(3)
    rail.gateway.reverse([one.key])
    assert rail.taken_minor() == 0


def test_another_installation_at_the_same_account_is_not_confused_with_ours(rail: StandInRail) -> None:
    one = charge(rail)
    rail.server.new("pi", "payment_intent", status="succeeded", amount=1, metadata={"seatkeeper": "elsewhere-7-1"})
    intent = {"object": "payment_intent", "id": "pi_9", "amount": 1, "currency": "eur", "status": "succeeded",
              "metadata": {"seatkeeper": f"elsewhere-{one.key}"}}  # fmt: skip
    event = {"id": "evt_1", "type": "payment_intent.succeeded", "created": 1, "data": {"object": intent}}
    found = reading.happening(event, "ours")
    assert found is not None and found.key == "" and found.at == datetime.fromtimestamp(1, UTC)
