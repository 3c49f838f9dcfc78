"""Machines are told whether a server lives, whether it may be sent requests, and how the installation does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from seatkeeper.config import process
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.accounts.operations import park
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.ports import Happening
from seatkeeper.domain.payments.told import keep
from seatkeeper.domain.subscriptions import progress
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.domain.subscriptions.progress import run_status
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.interfaces.web import probes
from seatkeeper.kit.clock import system_now
from tests.cast import Story

TOKEN = "a-token-of-the-operator"
REAL_RUN = timedelta(days=45)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No answer of another test is given."""
    probes.READY.forget()
    probes.METRICS.forget()
    yield
    probes.READY.forget()
    probes.METRICS.forget()


def scraped(client: Client) -> dict[str, float]:
    """What Prometheus reads, by name and label."""
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {
        "/".join([one.name, *one.labels.values()]): one.value for family in families for one in family.samples
    }


@pytest.fixture
def story(db: None, settings: Any) -> Story:
    """Two organisations of a real seller, which bought some time ago."""
    settings.METRICS_TOKEN = TOKEN
    told = Story("linde", "molenaar", at=f"{system_now() - REAL_RUN:%Y-%m-%dT%H:%M}")
    for who in ("linde", "molenaar"):
        told.who = who
        told.buy("basic-monthly", 10)
    Seller.objects.filter(id=told.seller).update(clock_at=None, is_test=False)
    return told


@pytest.mark.django_db
def test_alive_asks_the_database_nothing_and_any_host_is_answered() -> None:
    client = Client(headers={"host": "10.1.2.3"})
    client.cookies["session"] = "of-nobody"
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "pass"})
    assert len(asked) == 0 and not answer.cookies and answer["Cache-Control"] == "no-store"
    assert client.post("/health/live").status_code == 405


@pytest.mark.django_db
def test_ready_is_asked_by_many_and_asks_once() -> None:
    client = Client(headers={"host": "10.1.2.3"})
    client.cookies["session"] = "of-nobody"
    with CaptureQueriesContext(connection) as asked:
        answers = [client.get("/health/ready") for _ in range(20)]
    assert all(one.status_code == 200 for one in answers) and len(asked) == 1
    assert answers[0].json() == {"status": "pass", "checks": {"database": "pass", "migrations": "pass"}}


@pytest.mark.django_db
def test_not_ready_before_the_tables_are(monkeypatch: pytest.MonkeyPatch) -> None:
    known = process.known_migrations() | {("accounts", "9999_of_tomorrow")}
    monkeypatch.setattr(process, "known_migrations", lambda: known)
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "fail", "checks": {"database": "pass", "migrations": "fail"}}


@pytest.mark.django_db
def test_ready_while_a_newer_program_has_changed_the_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('accounts', '9999', '2030-01-01')")
    assert Client().get("/health/ready").status_code == 200


@pytest.mark.django_db
def test_not_ready_without_the_database_and_it_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("could not connect to db.internal as seatkeeper")

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    answer = Client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "fail", "checks": {"database": "fail"}}


def test_a_database_that_hangs_takes_one_thread_with_it(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    begun, ended = threading.Event(), threading.Event()

    def hangs() -> dict[str, str]:
        begun.set()
        ended.wait(60)
        return {"database": "pass"}

    monkeypatch.setattr(probes, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(probes, "READY", probes.Kept(hangs))
    monkeypatch.setattr(probes, "METRICS", probes.Kept(lambda: hangs() and b""))
    request = RequestFactory().get("/health/ready", headers={"authorization": f"Bearer {TOKEN}"})
    for ask in (probes.ready, probes.metrics):
        begun.clear(), ended.clear()
        first: list[int] = []
        asking = threading.Thread(target=lambda ask=ask, first=first: first.append(ask(request).status_code))
        asking.start()
        assert begun.wait(60) and ask(request).status_code == 503 and probes.live(request).status_code == 200
        ended.set()
        asking.join(60)
        assert first == [200]


@pytest.mark.django_db
def test_no_figures_without_the_database(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN

    def away() -> None:
        raise OperationalError("could not connect to db.internal as seatkeeper")

    monkeypatch.setattr(connection, "cursor", away)
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 503 and answer.json() == {"error": "unavailable"}


@pytest.mark.django_db
def test_figures_are_for_those_who_have_the_token(settings: Any) -> None:
    client = Client()
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 401
    wrong = client.get("/metrics", headers={"authorization": "Bearer of-somebody"})
    assert wrong.status_code == 401 and wrong["WWW-Authenticate"] == "Bearer" and TOKEN not in wrong.content.decode()


def test_figures_tell_what_is_due_what_was_billed_and_what_failed(story: Story) -> None:
    before = scraped(Client())
    assert before["seatkeeper_due_accounts"] == 2 and before["seatkeeper_due_backlog_age_seconds"] > 86_400
    assert before["seatkeeper_documents_issued_total/INV"] == 2 and before["seatkeeper_parked_accounts"] == 0
    park(story.members["molenaar"].id, "no price")
    MailRow.objects.update(state="waiting", due_at=system_now() - timedelta(minutes=5))
    mails = MailRow.objects.count()
    at = system_now() - timedelta(minutes=1)
    keep("sandbox", Happening("told", "charge", "1-1", "succeeded", at), at)
    tick(system_now())
    probes.METRICS.forget()
    after = scraped(Client())
    assert after["seatkeeper_due_accounts"] == 0 and after["seatkeeper_due_backlog_age_seconds"] == 0
    assert after["seatkeeper_parked_accounts"] == 1 and after["seatkeeper_documents_issued_total/INV"] == 3
    assert after["seatkeeper_payment_outcomes/succeeded"] == 1
    assert mails and after["seatkeeper_backlog/mail"] >= mails and after["seatkeeper_backlog_age_seconds/mail"] >= 300
    assert after["seatkeeper_backlog/charges"] == 0
    assert after["seatkeeper_backlog/webhooks"] == 1 and after["seatkeeper_backlog_age_seconds/webhooks"] >= 60


def test_figures_cost_the_same_at_any_size_and_are_worked_out_once_a_second(story: Story) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        for _ in range(10):
            scraped(client)
    assert len(asked) <= 10
    names = set(scraped(client))
    assert not {one for one in names if "linde" in one or "molenaar" in one}


def test_figures_come_from_the_indexes_made_for_them(story: Story) -> None:
    """Not by reading the tables whole, where that is dear."""
    Attempt.objects.update(settled_at=system_now())
    at = progress.ATTEMPTS.parameter("settled_at", system_now())
    asked = {
        progress.DUE: ([at], "account_due"), progress.SINCE: ([], "account_due"),
        progress.PARKED: ([], "account_parked"), progress.PENDING: ([], "attempt_pending"),
        progress.OUTCOMES: ([at, at], "attempt_outcome"),
    }  # fmt: skip
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        for statement, (parameters, index) in asked.items():
            cursor.execute(f"{explain} {statement}", parameters)
            plan = " ".join(str(cell) for row in cursor.fetchall() for cell in row)
            if connection.vendor == "sqlite":
                assert index in plan, (statement, plan)
            else:  # of a few rows PostgreSQL takes whichever index it likes
                assert "Index" in plan and "Seq Scan on accounts_account" not in plan, (statement, plan)
                assert "Seq Scan on payments_attempt" not in plan, (statement, plan)


def test_status_counts_only_those_on_the_systems_clock(story: Story) -> None:
    assert run_status(system_now()).due == 2
    Seller.objects.filter(id=story.seller).update(clock_at=system_now())
    found = run_status(system_now())
    assert (found.due, found.due_since, found.issued) == (0, None, {}) and Account.objects.exists()
