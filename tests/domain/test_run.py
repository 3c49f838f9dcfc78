"""The billing run: what cannot be decided is parked and told, the others go on; a second run does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.config.environment import Environment
from seatkeeper.core.decision import Decision
from seatkeeper.core.state import AccountState
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.catalog.models import PriceRow
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.ports import Answer
from seatkeeper.domain.subscriptions import charging
from seatkeeper.domain.subscriptions.installation import AccountFacts, add_account
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from tests.cast import CAST, Story, moment, state_hash

pytestmark = pytest.mark.django_db


def test_an_account_that_cannot_be_decided_is_parked_and_the_others_go_on() -> None:
    story = Story("linde", "molenaar", "ravel")
    story.buy()
    story.who = "molenaar"
    story.buy("premium-monthly")
    story.who = "ravel"
    story.buy()
    parked = story.members["molenaar"].id
    PriceRow.objects.filter(seller_id=story.seller, plan_key="premium-monthly").update(since=date(2026, 5, 1))
    Seller.objects.filter(id=story.seller).update(catalog_version=2)
    before = state_hash(parked, series=False)
    report = tick(moment("2026-04-01"), seller=story.seller)
    assert [account for account, _ in report.parked] == [parked]
    account = Account.objects.get(id=parked)
    assert "premium-monthly" in account.parked_reason and "2026-04-01" in account.parked_reason
    for key in ("linde", "ravel"):
        story.who = key
        (one,) = story.state().subscriptions.values()
        assert one.period_start == date(2026, 4, 1)
    Account.objects.filter(id=parked).update(parked_reason="")
    assert state_hash(parked, series=False) == before
    assert verify(seller=story.seller).ok


class DeadGateway:
    """A gateway that answers nothing."""

    def outcome(self, keys: Sequence[str]) -> dict[str, Answer]:
        raise TimeoutError("no answer")


def test_a_gateway_that_fails_leaves_the_charge_pending_and_it_is_made_once_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = Story("linde")
    story.buy()
    with monkeypatch.context() as dead:
        dead.setattr("seatkeeper.domain.payments.asking.gateway", lambda kind: DeadGateway())
        tick(moment("2026-04-01"), seller=story.seller)
    (pending,) = Attempt.objects.filter(account_id=story.account, status="pending")
    assert story.state().documents[0].due_minor == pending.amount_minor
    tick(moment("2026-04-01T01:00"), seller=story.seller)
    assert story.state().documents == ()
    assert SandboxCharge.objects.filter(key=f"{story.account}-{pending.id}").count() == 1
    assert verify(seller=story.seller).ok


def test_an_outcome_that_cannot_be_decided_parks_its_account_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = Story("linde", "ravel")
    story.buy()
    story.who = "ravel"
    story.buy()
    broken = story.members["linde"].id
    sound = charging.decide_outcome

    def decide(state: AccountState, outcome: str, arguments: dict[str, object], *, now: datetime) -> Decision:
        assert state.id != broken, "this account's books are broken"
        return sound(state, outcome, arguments, now=now)

    monkeypatch.setattr(charging, "decide_outcome", decide)
    tick(moment("2026-04-01"), seller=story.seller)
    assert "books are broken" in Account.objects.get(id=broken).parked_reason
    assert story.state().documents == ()


def test_a_parked_account_takes_no_commands_that_would_pass_over_what_is_due() -> None:
    story = Story("linde")
    bought = story.buy()
    Account.objects.filter(id=story.account).update(parked_reason="no price")
    story.now = moment("2026-04-02T09:00")
    assert story.refused("set_seats", subscription=bought, seats=12) == "account_parked"


def test_a_second_tick_writes_nothing() -> None:
    story = Story("linde", "molenaar")
    story.buy()
    story.buy("basic-spread")
    story.card("declined")
    now = moment("2026-06-15T12:00")
    tick(now, seller=story.seller)
    kept = [state_hash(member.id) for member in story.members.values()]
    again = tick(now, seller=story.seller)
    assert (again.accounts, again.documents, again.charges) == (0, 0, 0)
    assert [state_hash(member.id) for member in story.members.values()] == kept


def _many(count: int) -> Story:
    """A seller with so many accounts like De Linde, each with a subscription that renews on 1 April."""
    story = Story("linde")
    for number in range(count):
        facts = AccountFacts(f"linde-{number}", **CAST["linde"])
        story.members[str(number)] = add_account(story.seller, facts, at=story.now)
        story.who = str(number)
        story.buy()
        if number % 2:
            story.give("set_seats", subscription=max(story.state().subscriptions), seats=12, when="renewal")
    return story


def test_a_run_over_two_accounts_and_over_fifty_takes_as_many_queries() -> None:
    counts = []
    for count in (2, 50):
        story = _many(count)
        tick(story.now, seller=story.seller)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            report = tick(moment("2026-04-01"), seller=story.seller)
        assert report.documents == count
        counts.append(len(queries))
    few, many = counts
    assert many <= few, "no query per account"


def test_a_preview_takes_few_queries_however_many_subscriptions_there_are() -> None:
    counts = []
    for others in (1, 12):
        story = Story("linde")
        bought = story.buy()
        for _ in range(others):
            story.buy("premium-monthly", 1)
        story.look("set_seats", subscription=bought, seats=12)
        with CaptureQueriesContext(connection) as queries:
            story.look("set_seats", subscription=bought, seats=12)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_verify_takes_as_many_queries_for_one_account_as_for_fifty() -> None:
    counts = []
    for count in (1, 50):
        story = _many(count)
        with CaptureQueriesContext(connection) as queries:
            assert verify(seller=story.seller).ok
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_generated_secret_is_readable_by_its_owner_only(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SEATKEEPER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SEATKEEPER_SECRET_KEY", raising=False)
    first = Environment.read().secret()
    path = tmp_path / "home" / "secret-key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(first) >= 50 and Environment.read().secret() == first
    assert first != settings.SECRET_KEY
