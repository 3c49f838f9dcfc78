"""Killed by a real SIGKILL before and after every request to Stripe: nothing is charged twice and no money is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from seatkeeper.adapters.gateways.stripe.models import StripeCharge
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.payments.models import Attempt, Method
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from tests.adapters.stripes import point_at
from tests.domain.processes import inside, run, start
from tests.support.stripe_server import StripeServer

MOST_STEPS = 20
MONTH, ORPHANED = 31 * 24 * 60, 11
"""Minutes: to the next billing date; until a killed command's charge is given back."""


class Installation:
    """De Linde, who has bought and pays by a card at Stripe, on a database of its own."""

    def __init__(self, url: str, blocker: Any, server: StripeServer) -> None:
        self.url, self.blocker, self.server = url, blocker, server
        made = run(url, "prepare", cast=["linde"], seats=10)
        self.seller, self.account = made["seller"], made["accounts"][0]
        customer = server.new("cus", "customer")["id"]
        token = f"stripe_{customer}.{server.card('ok', customer)}"
        with inside(url, blocker):
            Method.objects.filter(account_id=self.account).update(token=token, gateway="stripe")

    def killed_at(self, step: int, work: str, **arguments: Any) -> bool:
        """Let a process work, killed before or after its n-th request; False where it came to its end before."""
        process = start(self.url, work, **arguments)
        seen: list[str] = []

        def kill(number: int, when: str, path: str) -> str:
            seen.append(f"{when} {path}")
            if len(seen) < step:
                return ""
            process.kill()
            return "drop"

        self.server.trouble = kill
        errors = process.communicate(timeout=120)[1]
        self.server.trouble = lambda number, when, path: ""
        assert process.returncode == (-9 if len(seen) >= step else 0), errors[-3000:]
        return len(seen) >= step

    def look(self) -> None:
        """Whatever stands at Stripe is of an applied document, or of an attempt that is still pending."""
        with inside(self.url, self.blocker):
            assert verify().ok
            attempts = {f"{one.account_id}-{one.id}": one for one in Attempt.objects.all()}
            kept = dict(StripeCharge.objects.exclude(intent="").values_list("intent", "key"))
        refunded = {one["payment_intent"] for one in self.server.objects.values() if one["object"] == "refund"}
        for one in list(self.server.objects.values()):
            if one["object"] == "payment_intent" and one["status"] == "succeeded" and one["id"] not in refunded:
                assert attempts[kept[one["id"]]].status in ("succeeded", "pending"), one

    def recover(self, minutes: int = ORPHANED) -> None:
        """Another run brings what was left to its end; then the books and Stripe agree to the cent."""
        with inside(self.url, self.blocker):
            clock_at = Seller.objects.get(id=self.seller).clock_at
            assert clock_at is not None
            now = clock_at + timedelta(minutes=minutes)
            tick(now, seller=self.seller)
            Seller.objects.filter(id=self.seller).update(clock_at=now)
            assert not Attempt.objects.filter(status="pending").exists()
            assert not Receipt.objects.filter(status="pending").exists()
            assert not Account.objects.exclude(parked_reason="").exists()
            at_stripe = [f"{self.account}-{one.id}" for one in Attempt.objects.filter(status="succeeded")]
            known = set(StripeCharge.objects.exclude(intent="").values_list("key", flat=True))
            paid = Attempt.objects.filter(status="succeeded")
            taken = sum(one.amount_minor for one in paid if f"{self.account}-{one.id}" in known)
            assert at_stripe and verify().ok
        assert self.server.taken_minor() == taken
        self.look()


@pytest.fixture
def installation(
    installed_database_url: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[Installation]:
    with StripeServer() as server:
        point_at(server.address, monkeypatch, settings)
        monkeypatch.setenv("SEATKEEPER_STRIPE_API", server.address)
        yield Installation(installed_database_url, django_db_blocker, server)


def test_a_command_killed_at_every_step_was_done_or_was_not(installation: Installation) -> None:
    killed = 0
    for step in range(1, MOST_STEPS):
        if not installation.killed_at(step, "change_once", account=installation.account, seats=10 + step):
            break
        killed += 1
        installation.look()
        installation.recover()
    assert killed == 4, "before and after making the intent, before and after confirming it"


@pytest.mark.soak
def test_a_run_killed_at_every_step_charges_each_month_once(installation: Installation) -> None:
    killed = 0
    for step in range(1, MOST_STEPS):
        if not installation.killed_at(step, "tick_once", seller=installation.seller, minutes=MONTH):
            break
        killed += 1
        installation.look()
        installation.recover(MONTH)
    assert killed == 4


@pytest.mark.soak
def test_giving_money_back_killed_at_every_step_gives_it_back_once(installation: Installation) -> None:
    killed, taken_and_not_applied = 0, 4
    for step in range(1, MOST_STEPS):
        before = installation.server.taken_minor()
        assert installation.killed_at(
            taken_and_not_applied, "change_once", account=installation.account, seats=20 + step
        )
        assert installation.server.taken_minor() > before
        went_on = installation.killed_at(step, "tick_once", seller=installation.seller, minutes=ORPHANED)
        installation.look()
        installation.recover()
        assert installation.server.taken_minor() == before
        if not went_on:
            break
        killed += 1
    assert killed == 6, "asking the intent, looking for refunds, making one: before and after each"
