"""Whoever looks at a run twice knows what is done, what is left, how fast it goes, and what went wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.subscriptions.desk import parked
from seatkeeper.domain.subscriptions.progress import Backlog, Course, RunStatus, run_status
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.kit.clock import system_now
from tests.cast import Story

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


def status(seconds: int, due: int, documents: int, declined: int = 0, parked: int = 0) -> RunStatus:
    at = NOW + timedelta(seconds=seconds)
    return RunStatus(at, due, NOW, parked, Backlog(0, 0), {"declined": declined}, {"INV": documents, "CN": 5}, ())


def test_two_looks_give_the_rate() -> None:
    course = Course(status(0, 100, 1000, declined=2, parked=1))
    assert (course.done, course.left, course.documents_a_second, course.refused, course.parked) == (0, 100, 0, 0, 0)
    course.look(status(2, 60, 1040, declined=5, parked=2))
    assert (course.done, course.left, course.documents_a_second, course.refused, course.parked) == (40, 60, 20, 3, 1)
    course.look(status(4, 130, 1050, declined=5, parked=2))
    assert (course.total, course.done, course.left, course.documents_a_second) == (130, 0, 130, 5)
    course.look(status(5, 0, 1180))
    assert (course.total, course.done, course.left, course.refused, course.parked) == (130, 130, 0, 0, 0)


@pytest.mark.django_db
def test_a_run_is_seen_from_outside() -> None:
    story = Story("linde", "molenaar", "ravel", at=f"{system_now() - timedelta(days=40):%Y-%m-%dT%H:%M}")
    for who in ("linde", "molenaar", "ravel"):
        story.who = who
        story.buy("basic-monthly", 10)
    Seller.objects.filter(id=story.seller).update(clock_at=None, is_test=False)
    Account.objects.filter(id=story.members["ravel"].id).update(currency="CHF")
    begun = run_status(system_now())
    assert begun.due == 3 and begun.backlog_seconds > 0 and begun.due_since is not None
    course = Course(begun)
    tick(system_now())
    course.look(run_status(system_now()))
    assert (course.done, course.left, course.parked) == (3, 0, 1)
    assert run_status(system_now()).documents == begun.documents + 2 and course.documents_a_second > 0
    [left_out] = parked()
    assert left_out.id == story.members["ravel"].id and "no price" in left_out.parked_reason
    assert parked(seller=story.seller + 1) == ()


@pytest.mark.django_db
def test_a_run_that_is_told_to_stop_leaves_the_rest_for_the_next() -> None:
    story = Story("linde", at=f"{system_now() - timedelta(days=100):%Y-%m-%dT%H:%M}")
    story.buy("basic-monthly", 10)
    first = tick(system_now(), seller=story.seller, stopping=lambda: True)
    assert first.documents == 1
    assert tick(system_now(), seller=story.seller).documents == 2
