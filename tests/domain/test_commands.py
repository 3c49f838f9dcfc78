"""A command end to end: the stranger, the repeat, the refusal, the decline, the rollback (ARCHITECTURE.md, Style 9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.ledger import operations as ledger
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor, Context, call
from seatkeeper.kit.tokens import sign
from tests.cast import Story, full_name, state_hash

pytestmark = pytest.mark.django_db


def refusal(story: Story, command: str, **arguments: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        story.give(command, **arguments)
    return caught.value


# ---- strangers --------------------------------------------------------------------------------------

ON_A_SUBSCRIPTION: list[tuple[str, dict[str, Any]]] = [
    ("set_seats", {"seats": 12}),
    ("set_recurring", {"to": "off"}),
    ("change_plan", {"plan": "premium-monthly"}),
    ("change_frequency", {"plan": "basic-yearly"}),
    ("cancel", {}),
    ("undo", {}),
    ("reactivate", {}),
    ("buy_trial_now", {}),
    ("extend_trial", {}),
    ("set_payment_method", {"method": 1}),
]


@pytest.mark.parametrize(("command", "arguments"), ON_A_SUBSCRIPTION, ids=[one for one, _ in ON_A_SUBSCRIPTION])
def test_a_strangers_subscription_answers_as_if_it_did_not_exist(command: str, arguments: dict[str, Any]) -> None:
    story = Story("linde", "molenaar")
    theirs = 0
    while theirs < 40:  # the ids of two accounts may be alike, so take one that only De Linde has
        theirs = story.buy()
    before = state_hash(story.account)
    story.who = "molenaar"
    assert theirs not in story.state().subscriptions
    for unknown in (theirs, 987654):
        assert refusal(story, command, subscription=unknown, **arguments).code == "unknown_subscription"
        assert not refusal(story, command, subscription=unknown, **arguments).facts
    story.who = "linde"
    assert state_hash(story.account) == before


def test_a_strangers_user_cannot_be_given_a_licence() -> None:
    story = Story("linde", "molenaar")
    theirs = story.users(1, 2)
    story.who = "molenaar"
    story.buy()
    for command in ("assign", "unassign"):
        assert refusal(story, command, product="basic", users=theirs).code == "not_found"
    assert refusal(story, "buy", plan="basic-monthly", seats=2, assign_to=theirs).code == "not_found"


def test_a_strangers_document_cannot_be_paid() -> None:
    story = Story("molenaar", "linde")
    story.buy()
    document = Document.objects.get(account_id=story.account).id
    story.who = "linde"
    method = story.members["linde"].method
    assert refusal(story, "pay", document=document + 100, method=method).code in ("nothing_changes", "not_found")


def test_a_strangers_payment_method_is_not_found() -> None:
    story = Story("linde")
    bought = story.buy()
    assert refusal(story, "set_payment_method", subscription=bought, method=999).code == "not_found"
    assert refusal(story, "buy", plan="basic-monthly", seats=1, method=999).code == "not_found"


def test_an_unknown_plan_or_product_is_not_found() -> None:
    story = Story("linde")
    bought = story.buy()
    assert refusal(story, "buy", plan="gold", seats=1).code == "not_found"
    assert refusal(story, "start_trial", plan="gold", seats=1).code == "not_found"
    assert refusal(story, "change_plan", subscription=bought, plan="gold").code == "not_found"
    assert refusal(story, "change_frequency", subscription=bought, plan="gold").code == "not_found"
    assert refusal(story, "assign", product="gold", users=story.users(1)).code == "not_found"


def test_an_account_that_does_not_exist_is_not_found() -> None:
    story = Story("linde")
    with pytest.raises(Refused) as caught:
        call("subscription.buy", Context(Actor("owner"), 987654, story.now), plan="basic-monthly", seats=1)
    assert caught.value.code == "not_found"


@pytest.mark.parametrize("seats", [-1, -300, 10**9, 10**12, 10**30])
def test_numbers_of_seats_that_make_no_sense_are_refused(seats: int) -> None:
    story = Story("linde")
    bought = story.buy("premium-monthly")
    before = state_hash(story.account)
    assert story.refused("set_seats", subscription=bought, seats=seats) is not None
    assert story.refused("buy", plan="premium-monthly", seats=seats) is not None
    assert state_hash(story.account) == before


ROLES = [
    ("owner", "assign", None),
    ("billing_administrator", "set_seats", None),
    ("license_administrator", "set_seats", "not_permitted"),
    ("user_administrator", "set_seats", "not_permitted"),
    ("reader", "set_seats", "not_permitted"),
    ("user", "set_seats", "not_permitted"),
    ("billing_administrator", "assign", "not_permitted"),
    ("license_administrator", "assign", None),
    ("user_administrator", "assign", None),
    ("reader", "assign", "not_permitted"),
    ("owner", "receive_payment", "not_permitted"),
    ("nobody", "assign", "not_permitted"),
]


@pytest.mark.parametrize(("role", "command", "expected"), ROLES)
def test_a_role_may_do_what_its_row_says(role: str, command: str, expected: str | None) -> None:
    story = Story("linde")
    bought = story.buy()
    arguments = {
        "set_seats": {"subscription": bought, "seats": 12},
        "assign": {"product": "basic", "users": story.users(1)},
        "receive_payment": {},
    }[command]
    before = state_hash(story.account)
    assert story.refused(command, role=role, **arguments) == expected
    assert (state_hash(story.account) == before) is (expected is not None)


# ---- preview tokens ---------------------------------------------------------------------------------


def test_a_repeat_of_a_token_gives_the_first_outcome_and_charges_once() -> None:
    story = Story("linde")
    bought = story.buy()
    arguments = {"subscription": bought, "seats": 12}
    token = story.look("set_seats", **arguments).token
    first = story.give("set_seats", **arguments, preview=token)
    kept = state_hash(story.account)
    again = story.give("set_seats", **arguments, preview=token)
    assert again.repeated and not first.repeated
    assert (again.reference, again.documents, again.subscription, again.paid_now_minor) == (
        first.reference, first.documents, first.subscription, first.paid_now_minor,
    )  # fmt: skip
    assert state_hash(story.account) == kept
    assert story.subscription(bought).seats == 12


def test_a_repeat_is_the_first_outcome_even_when_the_token_is_old_by_then() -> None:
    story = Story("linde")
    token = story.look("buy", plan="basic-monthly", seats=3).token
    first = story.give("buy", plan="basic-monthly", seats=3, preview=token)
    story.at("2026-03-05T09:00")
    again = story.give("buy", plan="basic-monthly", seats=3, preview=token)
    assert again.repeated and again.subscription == first.subscription
    assert len(story.state().subscriptions) == 1


def test_a_preview_writes_nothing() -> None:
    story = Story("linde")
    bought = story.buy()
    before = state_hash(story.account)
    story.look("set_seats", subscription=bought, seats=12)
    assert state_hash(story.account) == before


def test_a_forged_token_is_refused() -> None:
    story = Story("linde")
    bought = story.buy()
    arguments = {"subscription": bought, "seats": 12}
    token = story.look("set_seats", **arguments).token
    before = state_hash(story.account)
    cut, changed = token[:-1], ("A" if token[0] != "A" else "B") + token[1:]
    for bad in ("", "nonsense", cut, changed, token + "x", sign({"i": "x"}, purpose="another")):
        assert refusal(story, "set_seats", **arguments, preview=bad).code == "preview_invalid"
    assert state_hash(story.account) == before


def test_a_token_is_bound_to_account_actor_command_and_arguments() -> None:
    story = Story("linde", "ravel")
    token = story.look("buy", plan="basic-monthly", seats=3).token
    before = state_hash(story.account)
    assert refusal(story, "buy", plan="basic-monthly", seats=4, preview=token).code == "preview_invalid"
    assert refusal(story, "buy", plan="premium-monthly", seats=3, preview=token).code == "preview_invalid"
    assert refusal(story, "start_trial", plan="basic-monthly", seats=3, preview=token).code == "preview_invalid"
    other = Context(Actor("owner", user=story.user(2), via="test"), story.account, story.now)
    with pytest.raises(Refused) as caught:
        call(full_name("buy"), other, plan="basic-monthly", seats=3, preview=token)
    assert caught.value.code == "preview_invalid"
    assert state_hash(story.account) == before
    story.who = "ravel"
    assert refusal(story, "buy", plan="basic-monthly", seats=3, preview=token).code == "preview_invalid"
    assert not story.state().subscriptions


@pytest.mark.parametrize(
    ("late", "code"), [(timedelta(minutes=30), None), (timedelta(minutes=30, seconds=1), "preview_stale")]
)
def test_a_token_lasts_thirty_minutes(late: timedelta, code: str | None) -> None:
    story = Story("linde")
    token = story.look("buy", plan="basic-monthly", seats=3).token
    story.now += late
    assert story.refused("buy", plan="basic-monthly", seats=3, preview=token) == code


def test_a_preview_that_no_longer_holds_is_refused_with_the_differences() -> None:
    story = Story("linde")
    bought = story.buy()
    token = story.look("set_seats", subscription=bought, seats=12).token
    story.give("set_seats", subscription=bought, seats=11)
    before = state_hash(story.account)
    found = refusal(story, "set_seats", subscription=bought, seats=12, preview=token)
    assert found.code == "preview_stale"
    differences: Any = found.facts["differences"]
    assert ("documents.0.lines.0.3", "2", "1") in differences
    assert state_hash(story.account) == before


def test_a_change_elsewhere_leaves_a_preview_good() -> None:
    story = Story("linde")
    bought = story.buy()
    token = story.look("set_seats", subscription=bought, seats=12).token
    story.buy("premium-monthly", 1)
    assert story.refused("set_seats", subscription=bought, seats=12, preview=token) is None


# ---- refusals and declines ---------------------------------------------------------------------------

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("set_seats", {"seats": 10}, "nothing_changes"),
    ("set_seats", {"seats": 0}, "use_cancel"),
    ("set_seats", {"seats": 301}, "seats_above_maximum"),
    ("set_seats", {"seats": 2}, "seats_assigned"),
    ("change_plan", {"plan": "basic-yearly"}, "term_differs"),
    ("change_frequency", {"plan": "premium-yearly"}, "other_product"),
    ("undo", {}, "nothing_to_undo"),
    ("reactivate", {}, "nothing_changes"),
    ("buy_trial_now", {}, "not_active"),
]


@pytest.mark.parametrize(("command", "arguments", "code"), REFUSED, ids=[f"{c}-{code}" for c, _, code in REFUSED])
def test_refusal_leaves_no_trace(command: str, arguments: dict[str, Any], code: str) -> None:
    story = Story("linde")
    bought = story.buy()
    story.give("assign", product="basic", users=story.users(1, 2, 3))
    before = state_hash(story.account)
    assert story.refused(command, subscription=bought, **arguments) == code
    assert state_hash(story.account) == before


@pytest.mark.parametrize("card", ["declined", "lost"])
def test_a_declined_payment_leaves_only_the_attempt(card: str) -> None:
    story = Story("linde")
    bought = story.buy()
    story.card(card)
    before, attempts = state_hash(story.account), Attempt.objects.filter(account_id=story.account).count()
    for command, arguments in (
        ("set_seats", {"subscription": bought, "seats": 12}),
        ("buy", {"plan": "premium-monthly", "seats": 1}),
        ("change_plan", {"subscription": bought, "plan": "premium-monthly"}),
    ):
        token = story.look(command, **arguments).token
        assert story.refused(command, **arguments, preview=token) == "payment_declined"
        assert state_hash(story.account) == before
        attempts += 1
        assert Attempt.objects.filter(account_id=story.account).count() == attempts
    assert set(
        Attempt.objects.filter(account_id=story.account, status="declined").values_list("reason", flat=True)
    ) == {card}
    assert verify(seller=story.seller).ok


def test_a_declined_token_can_be_used_again_once_the_card_works() -> None:
    story = Story("linde")
    bought = story.buy()
    story.card("declined")
    arguments = {"subscription": bought, "seats": 12}
    token = story.look("set_seats", **arguments).token
    assert story.refused("set_seats", **arguments, preview=token) == "payment_declined"
    assert not Receipt.objects.filter(account_id=story.account, status="pending").exists()
    story.card("ok")
    token = story.look("set_seats", **arguments).token
    assert story.refused("set_seats", **arguments, preview=token) is None


def test_a_card_can_be_replaced_only_so_often_a_day() -> None:
    story = Story("linde")
    for _ in range(9):  # the first card was added on this day too
        story.card("declined")
    assert story.refused("replace_card", old=None, token="sandbox_ok") == "card_replacements_limit"


# ---- rollback and money without its document -----------------------------------------------------------


def _failing(rows: list[Any]) -> None:
    raise IntegrityError("the ledger is full")


def test_an_error_while_applying_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story("molenaar")
    bought = story.buy()
    before = state_hash(story.account)

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "write", _failing)
        with pytest.raises(IntegrityError):
            story.give("set_seats", subscription=bought, seats=12)
    assert state_hash(story.account) == before
    assert story.refused("set_seats", subscription=bought, seats=12) is None
    assert verify(seller=story.seller).ok


def test_money_taken_for_a_command_that_could_not_be_applied_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story("linde")
    bought = story.buy()
    before = state_hash(story.account)

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "write", _failing)
        with pytest.raises(IntegrityError):
            story.give("set_seats", subscription=bought, seats=12)
    story.at("2026-03-01T09:30")
    tick(story.now, seller=story.seller)
    attempt = Attempt.objects.filter(account_id=story.account).latest("id")
    assert attempt.status == "reversed"
    charge = SandboxCharge.objects.get(key=f"{story.account}-{attempt.id}")
    assert charge.outcome == "ok" and charge.reversed, "it had been charged"
    assert state_hash(story.account) == before
    assert verify(seller=story.seller).ok


def test_the_real_clocks_run_leaves_a_test_sellers_payments_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story("linde")
    bought = story.buy()
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "write", _failing)
        with pytest.raises(IntegrityError):
            story.give("set_seats", subscription=bought, seats=12)
    tick(story.now + timedelta(days=300))
    assert Attempt.objects.filter(account_id=story.account).latest("id").status == "pending"
    tick(story.now + timedelta(minutes=9), seller=story.seller)
    assert Attempt.objects.filter(account_id=story.account).latest("id").status == "pending"
    tick(story.now + timedelta(minutes=10), seller=story.seller)
    assert Attempt.objects.filter(account_id=story.account).latest("id").status == "reversed"
