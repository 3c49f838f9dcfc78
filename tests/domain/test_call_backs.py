"""Stripe calls by itself: checked, kept once, applied by what Stripe says when asked; twice, late, in any order."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from seatkeeper.domain.payments import operations as payments
from seatkeeper.domain.payments.models import Dispute, Told
from seatkeeper.domain.subscriptions import happenings
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.journal.models import Activity
from tests.adapters.stripes import SECRET
from tests.cast import moment, state_hash
from tests.domain.paid_by_stripe import HOOK, StripeStory, call, signed, told
from tests.support.stripe_server import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[StripeStory]:
    with told(monkeypatch, settings) as found:
        yield found
        assert verify(seller=found.seller).ok


def renewed(story: StripeStory, behaviour: str) -> None:
    """De Linde bought, pays by a method that behaves so, and was billed for the next month."""
    story.buy()
    story.pays_with(behaviour)
    story.at("2026-04-01")


def paid(story: StripeStory) -> bool:
    return not story.state().documents


# ---- what is applied ------------------------------------------------------------------------------------------------


def test_a_late_debit_is_paid_when_stripe_calls(story: StripeStory) -> None:
    renewed(story, "slow")
    assert not paid(story) and story.last_attempt().status == "pending"
    story.server.days_later(3)
    assert call(story.last_event("payment_intent.succeeded")) == (200, "done")
    assert paid(story) and story.last_attempt().status == "succeeded"


def test_a_late_debit_that_fails_starts_dunning(story: StripeStory) -> None:
    renewed(story, "slow-fails")
    story.at("2026-04-03")
    (document,) = story.state().documents
    assert document.overdue_from is None and document.pending_minor == document.due_minor
    story.server.days_later(4)
    assert call(story.last_event("payment_intent.payment_failed")) == (200, "done")
    (document,) = story.state().documents
    assert document.overdue_from is not None and document.pending_minor == 0
    assert story.last_attempt().reason == "insufficient_funds" and not document.blocked


def test_told_twice_it_is_applied_once(story: StripeStory) -> None:
    renewed(story, "slow")
    story.server.days_later(3)
    event = story.last_event("payment_intent.succeeded")
    assert call(event) == (200, "done")
    after = state_hash(story.account)
    assert call(event) == (200, "known") and state_hash(story.account) == after
    again = {**event, "id": "evt_told_anew"}
    assert call(again) == (200, "done") and state_hash(story.account) == after
    assert len([path for _, path, _ in story.server.asked if path.endswith("/confirm")]) == 1


def test_what_is_told_late_changes_nothing(story: StripeStory) -> None:
    """That it was on its way is told after that it succeeded; and that it failed, which is not so."""
    renewed(story, "slow")
    waits = story.last_event("payment_intent.processing")
    story.server.days_later(3)
    succeeded = story.last_event("payment_intent.succeeded")
    failed = json.loads(json.dumps(succeeded))
    failed.update(id="evt_failed", type="payment_intent.payment_failed")
    failed["data"]["object"].update(status="requires_payment_method", last_payment_error={"code": "expired_card"})
    assert call(failed) == (200, "done"), "what it says is not believed: Stripe is asked, and it succeeded"
    assert paid(story)
    after = state_hash(story.account)
    assert call(succeeded) == (200, "done") and call(waits) == (200, "done")
    assert state_hash(story.account) == after


def test_without_any_call_the_run_asks(story: StripeStory) -> None:
    renewed(story, "slow")
    story.server.days_later(3)
    story.at("2026-04-04")
    assert paid(story)


def test_stripe_does_not_answer_when_it_is_asked(story: StripeStory) -> None:
    renewed(story, "slow")
    story.server.days_later(3)
    story.server.trouble = lambda number, when, path: "drop"
    assert call(story.last_event("payment_intent.succeeded")) == (200, "done")
    assert story.last_attempt().status == "pending" and not paid(story)
    story.server.trouble = lambda number, when, path: ""
    tick(story.now + timedelta(hours=1), seller=story.seller)
    assert paid(story)


def test_what_could_not_be_applied_is_told_again(story: StripeStory, monkeypatch: pytest.MonkeyPatch) -> None:
    renewed(story, "slow")
    story.server.days_later(3)
    event = story.last_event("payment_intent.succeeded")
    with monkeypatch.context() as broken:
        broken.setattr(happenings, "settle_attempts", _fails)
        assert call(event) == (503, "not now")
    assert Told.objects.get().state == "new" and not paid(story)
    assert call(event) == (200, "done") and paid(story)


def _fails(*given: object, **named: object) -> None:
    raise RuntimeError("the database is away")


# ---- disputes, refunds and what disagrees ---------------------------------------------------------------------------


def sentences(story: StripeStory) -> list[str]:
    found = Activity.objects.filter(account_id=story.account, kind__startswith="dispute").order_by("sequence")
    return list(found.values_list("kind", flat=True))


def test_a_dispute_is_noted_once_and_closed(story: StripeStory) -> None:
    renewed(story, "ok")
    dispute = story.server.dispute(story.intent()["id"])
    opened = story.last_event("charge.dispute.created")
    assert call(opened) == (200, "done") and call({**opened, "id": "evt_again"}) == (200, "done")
    (found,) = Dispute.objects.filter(account_id=story.account)
    assert (found.status, found.attempt, found.reason) == ("opened", story.last_attempt().id, "fraudulent")
    assert call(story.server.close_dispute(dispute["id"], "lost")) == (200, "done")
    assert sentences(story) == ["dispute_opened", "dispute_closed"]
    assert Dispute.objects.get().status == "lost" and Dispute.objects.get().closed_at is not None


def test_a_dispute_that_is_told_backwards_stays_closed(story: StripeStory) -> None:
    renewed(story, "ok")
    dispute = story.server.dispute(story.intent()["id"])
    opened = json.loads(json.dumps(story.last_event("charge.dispute.created")))
    assert call(story.server.close_dispute(dispute["id"], "won")) == (200, "done")
    assert call(opened) == (200, "done")
    assert Dispute.objects.get().status == "won" and sentences(story) == ["dispute_closed"]


def test_a_refund_that_was_made_at_stripe_waits_for_a_person(story: StripeStory) -> None:
    renewed(story, "ok")
    intent = story.intent()
    story.server._refund({"payment_intent": intent["id"], "amount": "100"})
    assert call(story.last_event("refund.created")) == (200, "open")
    assert Told.objects.get().state == "open" and Told.objects.get().amount_minor == 100


def test_a_payment_that_stripe_took_back_waits_for_a_person(story: StripeStory) -> None:
    renewed(story, "ok")
    intent = story.intent()
    intent.update(status="requires_payment_method", last_payment_error={"code": "account_closed"})
    assert call(story.server.tell("payment_intent.payment_failed", intent)) == (200, "open")
    assert story.last_attempt().status == "succeeded"


def test_our_own_reversal_is_nothing_new(story: StripeStory) -> None:
    renewed(story, "ok")
    mark = {"seatkeeper": story.refund_mark(story.last_attempt())["seatkeeper"] + "-reversal"}
    story.server._refund({"payment_intent": story.intent()["id"], "metadata": mark})
    assert call(story.last_event("refund.created")) == (200, "ignored")


# ---- what is refused ------------------------------------------------------------------------------------------------


def test_a_payment_of_nobody_is_unknown(story: StripeStory) -> None:
    renewed(story, "ok")
    intent = dict(story.intent())
    for number, mark in enumerate(("", "elsewhere-1-2", f"{story.refund_mark(story.last_attempt())['seatkeeper']}9")):
        intent["metadata"] = {"seatkeeper": mark}
        event = {**story.server.tell("payment_intent.succeeded", intent), "id": f"evt_x{number}"}
        assert call(event) == (200, "unknown")
    dispute = story.server.dispute(story.server.new("pi", "payment_intent", amount=1, currency="eur")["id"])
    assert dispute and call(story.last_event("charge.dispute.created")) == (200, "unknown")
    assert set(Told.objects.values_list("state", flat=True)) == {"unknown"} and not Dispute.objects.exists()


def test_a_charge_of_another_gateway_is_unknown(story: StripeStory) -> None:
    story.buy()
    attempt = story.last_attempt()
    intent = story.server.new("pi", "payment_intent", status="succeeded", amount=1, currency="eur",
                              metadata=story.refund_mark(attempt))  # fmt: skip
    assert call(story.server.tell("payment_intent.succeeded", intent)) == (200, "unknown")


@pytest.mark.parametrize("signature", ["", "nonsense", "t=1,v1=00", "t=x,v1=", "v1=00"])
def test_without_stripes_signature_nothing_is_kept(story: StripeStory, signature: str) -> None:
    renewed(story, "slow")
    status, result = call(story.last_event("payment_intent.processing"), signature=signature)
    assert status == 400 and "signature" in result and not Told.objects.exists()


def test_a_signature_of_another_body_secret_or_hour_is_refused(story: StripeStory) -> None:
    renewed(story, "slow")
    event = story.last_event("payment_intent.processing")
    body = json.dumps(event)
    for signature in (
        signed(body + " "), signed(body, "whsec_other"), signed(body, SECRET, int(time.time()) - 301),
    ):  # fmt: skip
        assert call(body, signature=signature)[0] == 400
    assert call(body, signature=signed(body, SECRET, int(time.time()) - 290)) == (200, "done")


def test_while_the_secret_is_being_changed_both_are_taken(story: StripeStory, monkeypatch: pytest.MonkeyPatch) -> None:
    renewed(story, "slow")
    body = json.dumps(story.last_event("payment_intent.processing"))
    monkeypatch.setenv("SEATKEEPER_STRIPE_WEBHOOK_SECRET", f"whsec_new, {SECRET}")
    assert call(body) == (200, "done") and call(body, signature=signed(body, "whsec_new")) == (200, "known")
    monkeypatch.delenv("SEATKEEPER_STRIPE_WEBHOOK_SECRET")
    assert call(body) == (400, "SEATKEEPER_STRIPE_WEBHOOK_SECRET is not set in the environment")


@pytest.mark.parametrize(
    "body",
    ["", "[]", "7", "null", "{", '{"type": "payment_intent.succeeded"}',
     '{"type": "payment_intent.succeeded", "data": {"object": []}}',
     '{"id": "evt_1", "type": "refund.created", "data": {"object": {"object": "cat"}}}'],
)  # fmt: skip
def test_signed_nonsense_is_refused(story: StripeStory, body: str) -> None:
    assert call(body)[0] == 400 and not Told.objects.exists()


def test_bytes_that_are_no_text_are_refused(story: StripeStory) -> None:
    answer = Client().post(HOOK, b"\xff\xfe", content_type="application/json", headers={"Stripe-Signature": "t=1,v1=0"})
    assert answer.status_code == 400


def test_an_event_that_is_not_listened_to_is_ignored(story: StripeStory) -> None:
    event = story.server.tell("customer.created", story.server.objects[story.customer])
    assert call(event) == (200, "ignored") and not Told.objects.exists()


def test_other_ways_to_call_are_refused(story: StripeStory) -> None:
    client = Client()
    assert client.get(HOOK).status_code == 405 and client.put(HOOK).status_code == 405
    for name in ("sandbox", "nobody"):
        assert client.post(f"/hooks/{name}").status_code == 404
    huge = client.post(HOOK, b" " * 300_000, content_type="application/json")
    assert huge.status_code == 413


# ---- polling --------------------------------------------------------------------------------------------------------


def test_a_poll_makes_good_what_calls_missed(story: StripeStory) -> None:
    renewed(story, "ok")
    story.server.dispute(story.intent()["id"])
    now = moment("2026-03-15")
    counts = happenings.poll(now)["stripe"]
    assert counts["done"] >= 2 and Dispute.objects.get().status == "opened"
    assert happenings.poll(now)["stripe"] == {}, "nothing is new"


def test_what_a_killed_process_left_is_applied_by_the_next_poll(
    story: StripeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed(story, "slow")
    story.server.days_later(3)
    with monkeypatch.context() as broken:
        broken.setattr(happenings, "settle_attempts", _fails)
        assert call(story.last_event("payment_intent.succeeded"))[0] == 503
    story.server.events.clear()
    assert happenings.poll(moment("2026-04-05"))["stripe"] == {"done": 1}
    assert paid(story)


def test_no_secret_is_anywhere_in_the_database(story: StripeStory) -> None:
    renewed(story, "slow")
    call(story.last_event("payment_intent.processing"))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            text = str(cursor.fetchall())
            assert SECRET not in text and KEY not in text, table


# ---- buying by a debit that takes days ------------------------------------------------------------------------------


def test_a_purchase_by_a_slow_debit_is_done_and_collected_later(story: StripeStory) -> None:
    story.pays_with("slow")
    bought = story.buy()
    (document,) = story.state().documents
    assert story.subscription(bought).status == "active" and document.pending_minor == document.due_minor > 0
    one = story.last_attempt()
    assert (one.purpose, one.status, one.document_id) == ("document", "pending", document.id)
    tick(story.now + timedelta(minutes=40), seller=story.seller)
    assert story.server.taken_minor() == 0 and story.last_attempt().status == "pending"
    story.server.days_later(3)
    assert call(story.last_event("payment_intent.succeeded")) == (200, "done")
    assert paid(story) and story.server.taken_minor() == one.amount_minor


def test_a_purchase_by_a_debit_that_fails_days_later_is_owed(story: StripeStory) -> None:
    story.pays_with("slow-fails")
    bought = story.buy()
    story.server.days_later(4)
    assert call(story.last_event("payment_intent.payment_failed")) == (200, "done")
    (document,) = story.state().documents
    assert document.overdue_from is not None and story.subscription(bought).status == "active"
    assert story.refused("buy", plan="premium-monthly", seats=1) == "balance_due"


def test_a_slow_debit_whose_account_changed_meanwhile_is_given_back(
    story: StripeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.pays_with("slow")
    bought = story.buy()
    story.server.days_later(3)
    story.at("2026-03-05")
    before = story.server.taken_minor()
    with monkeypatch.context() as other:
        other.setattr(payments, "command_is_pending", lambda account, attempt: False)
        assert story.refused("set_seats", subscription=bought, seats=14) == "preview_stale"
    assert story.last_attempt().purpose == "reversal" and story.subscription(bought).seats == 10
    tick(story.now + timedelta(minutes=20), seller=story.seller)
    assert story.last_attempt().status == "pending", "it cannot be given back before it has arrived"
    story.server.days_later(3)
    story.at("2026-03-09")
    assert story.last_attempt().status == "reversed" and story.server.taken_minor() == before
