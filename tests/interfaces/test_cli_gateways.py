"""`seatkeeper gateway` and `seatkeeper seller gateways`: what is set up, what was told, disputes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from seatkeeper.domain.payments.models import Attempt, Told
from seatkeeper.domain.payments.ports import Happening
from seatkeeper.domain.payments.wiring import gateway
from seatkeeper.domain.subscriptions.happenings import take_in
from seatkeeper.interfaces.cli import common, gateways, giving, sellers
from seatkeeper.interfaces.cli.main import app
from tests.cast import Story, moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database, which the program need not open itself."""
    for module in (common, giving, gateways, sellers):
        monkeypatch.setattr(module, "begin", common.speak_english)


def run(*words: str, exits: int = 0) -> str:
    done = CliRunner().invoke(app, [*words], env={"COLUMNS": "200"})
    assert done.exit_code == exits, (done.output, done.exception)
    return done.output


def test_gateways_are_listed_with_what_they_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEATKEEPER_STRIPE_KEY", raising=False)
    gateway.cache_clear()
    rows = {one["name"]: one for one in json.loads(run("gateway", "list", "--json"))}
    assert rows["sandbox"] == {"name": "sandbox", "kinds": ["card", "direct_debit"], "problem": ""}
    assert "SEATKEEPER_STRIPE_KEY is not set" in rows["stripe"]["problem"]
    assert "direct_debit" in run("gateway", "list")


def test_a_seller_chooses_gateways_by_kind() -> None:
    Story("linde")
    assert json.loads(run("seller", "gateways", "--json")) == {"card": "sandbox", "direct_debit": "sandbox"}
    assert "stripe" in run("seller", "gateways", "card=stripe")
    assert json.loads(run("seller", "gateways", "--json")) == {"card": "stripe", "direct_debit": "sandbox"}


@pytest.mark.parametrize("choice", ["cheque=stripe", "card=nobody", "card"])
def test_a_choice_that_is_none_is_refused(choice: str) -> None:
    Story("linde")
    done = CliRunner().invoke(app, ["seller", "gateways", choice])
    assert done.exit_code != 0
    assert json.loads(run("seller", "gateways", "--json")) == {"card": "sandbox", "direct_debit": "sandbox"}


def test_a_poll_brings_a_dispute_on_the_day_of_the_test_clock() -> None:
    story = Story("linde")
    story.give("replace_card", old=1, token="sandbox_disputed", label="Visa")
    story.buy()
    assert "sandbox" in run("gateway", "poll") and json.loads(run("gateway", "disputes", "--json")) == []
    story.at("2026-03-07")
    assert "1 done" in run("gateway", "poll")
    (found,) = json.loads(run("gateway", "disputes", "--json"))
    assert (found["account"], found["status"], found["reason"]) == ("linde", "opened", "fraudulent")
    assert "linde" in run("gateway", "disputes") and "nothing new" in run("gateway", "poll")


def test_what_disagrees_stays_open_until_somebody_has_looked() -> None:
    story = Story("linde")
    story.buy()
    one = Attempt.objects.filter(account_id=story.account).latest("id")
    told = Happening("evt_1", "refund", f"{story.account}-{one.id}", "succeeded", story.now, 100, "EUR", "", "re_1")
    assert take_in("sandbox", told, story.now + timedelta(minutes=1)) == "open"
    assert "sandbox.evt_1" in run("gateway", "happenings", "--open")
    assert "Noted" in run("gateway", "looked", "sandbox.evt_1")
    assert json.loads(run("gateway", "happenings", "--open", "--json")) == []
    assert Told.objects.get().state == "looked"
    done = CliRunner().invoke(app, ["gateway", "looked", "sandbox.evt_1"])
    assert done.exit_code != 0
    assert moment("2026-03-01T09:00") == story.now
