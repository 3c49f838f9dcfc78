"""Many workers, killed and frozen at random: every period is billed once, and the books hold."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.accounts.operations import due_ids
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.run import do_accounts, tick
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.clock import system_now
from tests.domain.processes import ROOT, inside, run

MONTHS = 4
PATIENCE = 4
"""Seconds after which a frozen worker is given up."""


@pytest.fixture
def url(installed_database_url: str) -> str:
    if not installed_database_url.startswith("postgres"):
        pytest.skip("workers need PostgreSQL; on SQLite one process does what is due")
    return installed_database_url


class Workers:
    """So many `seatkeeper worker` processes on a database; one that ends is started anew."""

    def __init__(self, url: str, count: int, home: str) -> None:
        self.environment = {
            **os.environ, "DATABASE_URL": url, "SEATKEEPER_HOME": home, "SEATKEEPER_WORKER_PATIENCE": str(PATIENCE),
            "SEATKEEPER_WORKER_BATCH": "7",
        }  # fmt: skip
        self.running = [self._start() for _ in range(count)]
        self.hurt = 0

    def _start(self) -> subprocess.Popen[bytes]:
        code = "from seatkeeper.interfaces.cli.main import run; run()"
        return subprocess.Popen(
            [sys.executable, "-c", code, "worker"], env=self.environment, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def hurt_one(self, chance: random.Random) -> None:
        """Kill one for good, or freeze it for longer than the others have patience; another takes its place."""
        index = chance.randrange(len(self.running))
        one = self.running[index]
        if chance.random() < 0.7:
            one.kill()
            one.wait()
            self.running[index] = self._start()
        elif one.poll() is None:
            one.send_signal(signal.SIGSTOP)
            wait(PATIENCE * 2, lambda: False)
            one.send_signal(signal.SIGCONT)
        self.hurt += 1

    def stop(self) -> list[int]:
        """Let all of them come to their end; their exit codes."""
        for one in self.running:
            one.send_signal(signal.SIGCONT)
            one.terminate()
        return [one.wait(90) for one in self.running]


def wait(seconds: float, done: Any) -> bool:
    """Look again and again until something is done or the time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if done():
            return True
        time.sleep(0.1)
    return False


def nothing_due() -> bool:
    connection.close_if_unusable_or_obsolete()
    return not due_ids(system_now()) and not Attempt.objects.filter(status="pending").exists()


def everything_is_billed_once(accounts: list[int]) -> None:
    """One document for each period of each account, no number missing, and nothing more to do."""
    assert not Account.objects.exclude(parked_reason="").exists()
    periods = Counter(Line.objects.values_list("account_id", "subscription_id", "period_start"))
    assert set(periods.values()) == {1} and len(periods) == len(accounts) * (MONTHS + 1)
    assert Document.objects.count() == len(periods) and not Document.objects.filter(due_minor__gt=0).exists()
    numbers = sorted(Document.objects.values_list("number", flat=True))
    by_series: dict[str, list[int]] = {}
    for number in numbers:
        series, _, last = number.rpartition("-")
        by_series.setdefault(series, []).append(int(last))
    assert all(found == list(range(1, len(found) + 1)) for found in by_series.values())
    assert verify().ok
    report = tick(system_now())
    assert (report.accounts, report.documents, report.charges) == (0, 0, 0)


def bill_with_trouble(url: str, blocker: Any, home: str, *, crowd: int, kills: int, seed: int) -> None:
    made = run(url, "prepare_real", crowd=crowd, months=MONTHS)
    print(f"seed {seed}")  # shown when the test fails
    chance = random.Random(seed)
    workers = Workers(url, 3, home)
    try:
        with inside(url, blocker):
            for _ in range(kills):
                wait(chance.uniform(0.2, 2.5), nothing_due)
                workers.hurt_one(chance)
            assert wait(180, nothing_due), "the workers did not come to an end"
            everything_is_billed_once(made["accounts"])
    finally:
        codes = workers.stop()
    assert set(codes) <= {0, -signal.SIGTERM} and workers.hurt == kills


def test_workers_that_are_killed_and_frozen_bill_every_period_once(
    url: str, django_db_blocker: Any, tmp_path: Any
) -> None:
    bill_with_trouble(url, django_db_blocker, str(tmp_path), crowd=60, kills=4, seed=3)


@pytest.mark.soak
def test_workers_killed_at_many_moments(url: str, django_db_blocker: Any, tmp_path: Any) -> None:
    bill_with_trouble(
        url, django_db_blocker, str(tmp_path), crowd=600, kills=40, seed=random.randrange(2**32)
    )


def test_a_message_that_comes_twice_or_too_late_changes_nothing(url: str, django_db_blocker: Any) -> None:
    made = run(url, "prepare_real", crowd=3, months=MONTHS)
    with inside(url, django_db_blocker):
        first = do_accounts(system_now(), made["accounts"])
        assert first.documents == 3 * MONTHS
        again = do_accounts(system_now(), made["accounts"])
        assert (again.accounts, again.documents) == (0, 0)
        everything_is_billed_once(made["accounts"])
