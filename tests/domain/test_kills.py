"""Killed at any moment, by a real SIGKILL: the state is as before or after, never between, and no money is lost."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from typing import Any

import pytest

from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from tests.cast import state_hash
from tests.domain.processes import inside, run, start

FEW, MANY = 3, 30
"""Kills of commands, and as many of the billing run."""


def kill(url: str, work: str, chance: random.Random, **arguments: Any) -> None:
    """Start the work, let it come to some command, and kill it a moment later."""
    process = start(url, work, **arguments)
    assert process.stdout is not None
    for _ in range(chance.randint(1, 6)):
        if not process.stdout.readline():
            break
    time.sleep(chance.random() * 0.08)
    assert process.poll() is None, process.communicate()[1][-4000:]
    process.kill()
    process.communicate()


def books_hold() -> None:
    findings = verify()
    assert findings.ok, str(findings)


def no_money_is_lost() -> None:
    """Every charge that stands at the gateway is of an applied document, or of an attempt that is still pending."""
    attempts = {f"{one.account_id}-{one.id}": one for one in Attempt.objects.all()}
    for charge in SandboxCharge.objects.all():
        one = attempts[charge.key]
        taken = charge.outcome == "ok" and not charge.reversed
        if one.status == "succeeded":
            assert taken and one.document_id is not None and one.amount_minor == charge.amount_minor
        elif taken:
            assert one.status == "pending", (charge.key, one.status)
    known = set(SandboxCharge.objects.values_list("key", flat=True))
    for key, one in attempts.items():
        if one.status == "succeeded" and one.purpose in ("command", "document"):
            assert key in known, f"{key} was paid without the gateway"


def all_is_settled(seller: int) -> None:
    """Another run brings what was left to its end; one more writes nothing."""
    clock_at = Seller.objects.get(id=seller).clock_at
    assert clock_at is not None
    now = clock_at + timedelta(hours=1)
    tick(now, seller=seller)
    assert not Attempt.objects.filter(status="pending").exists()
    assert not Receipt.objects.filter(status="pending").exists()
    assert not Account.objects.exclude(parked_reason="").exists()
    kept = [state_hash(id_) for id_ in Account.objects.values_list("id", flat=True)]
    report = tick(now, seller=seller)
    assert (report.accounts, report.documents, report.charges) == (0, 0, 0)
    assert [state_hash(id_) for id_ in Account.objects.values_list("id", flat=True)] == kept
    no_money_is_lost()
    books_hold()


def kill_commands(url: str, blocker: Any, kills: int, seed: int) -> None:
    made = run(url, "prepare", cast=["linde", "molenaar"], seats=40)
    print(f"seed {seed}")  # shown when the test fails
    chance = random.Random(seed)
    for number in range(kills):
        kill(url, "keep_changing", chance, account=made["accounts"][number % 2], start=number * 1000)
        with inside(url, blocker):
            books_hold()
            no_money_is_lost()
    with inside(url, blocker):
        all_is_settled(made["seller"])


def kill_runs(url: str, blocker: Any, kills: int, seed: int) -> None:
    made = run(url, "prepare", cast=["linde", "molenaar", "ravel"], crowd=25)
    print(f"seed {seed}")  # shown when the test fails
    chance = random.Random(seed)
    for _ in range(kills):
        kill(url, "keep_ticking", chance, seller=made["seller"], days=31)
        with inside(url, blocker):
            books_hold()
            no_money_is_lost()
    with inside(url, blocker):
        all_is_settled(made["seller"])


def test_a_killed_command_was_done_or_was_not(installed_database_url: str, django_db_blocker: Any) -> None:
    kill_commands(installed_database_url, django_db_blocker, FEW, seed=1)


def test_a_killed_run_goes_on_where_it_was(installed_database_url: str, django_db_blocker: Any) -> None:
    kill_runs(installed_database_url, django_db_blocker, FEW, seed=2)


@pytest.mark.soak
def test_commands_killed_at_many_moments(installed_database_url: str, django_db_blocker: Any) -> None:
    kill_commands(installed_database_url, django_db_blocker, MANY, seed=random.randrange(2**32))


@pytest.mark.soak
def test_runs_killed_at_many_moments(installed_database_url: str, django_db_blocker: Any) -> None:
    kill_runs(installed_database_url, django_db_blocker, MANY, seed=random.randrange(2**32))
