"""Mail through a real SMTP server, from real processes that are killed: never lost, and never twice by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from seatkeeper.domain.mail.outbox import CLAIM_LASTS
from seatkeeper.domain.mail.queries import mails, retry
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.commands import Actor
from tests.domain.mailbox import Mailbox, serving
from tests.domain.processes import inside, run, start


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with serving() as (found, url):
        monkeypatch.setenv("SEATKEEPER_EMAIL_URL", url)
        yield found


def lapse() -> None:
    """As if the claims of killed workers were old."""
    MailRow.objects.filter(state__in=("claimed", "handing")).update(claimed_at=system_now() - CLAIM_LASTS)


def states() -> dict[int, str]:
    return {one.id: one.state for one in mails()}


def killed_when_silent(url: str, box: Mailbox) -> None:
    process = start(url, "send_mails")
    assert box.reached.wait(60), process.communicate(timeout=5)[1]
    process.kill()
    process.communicate()
    box.hold = ""


def test_two_processes_with_two_workers_send_each_mail_once(installed_database_url: str, box: Mailbox) -> None:
    run(installed_database_url, "prepare_mails", count=60)
    one, two = (start(installed_database_url, "send_mails", workers=2) for _ in range(2))
    for process in (one, two):
        said, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors[-2000:]
        assert "Error" not in said, said
    assert len(box.ids) == len(set(box.ids)) == 60


def test_killed_before_it_was_handed_over_it_goes_later(
    installed_database_url: str, box: Mailbox, django_db_blocker: Any
) -> None:
    run(installed_database_url, "prepare_mails", count=3)
    box.hold = "RCPT"
    killed_when_silent(installed_database_url, box)
    with inside(installed_database_url, django_db_blocker):
        assert set(states().values()) == {"claimed"}
        lapse()
    run(installed_database_url, "send_mails")
    assert len(box.ids) == len(set(box.ids)) == 3
    with inside(installed_database_url, django_db_blocker):
        assert set(states().values()) == {"sent"}


@pytest.mark.parametrize(
    "accepted", [pytest.param(False, marks=pytest.mark.soak), True], ids=["before the answer", "after the answer"]
)
def test_killed_while_it_was_handed_over_it_is_unsure(
    installed_database_url: str, box: Mailbox, django_db_blocker: Any, accepted: bool
) -> None:
    """Between the server's taking it and our noting that, nobody can know: a person decides, no program sends again."""
    run(installed_database_url, "prepare_mails", count=3)
    if accepted:
        process = start(installed_database_url, "send_mails", silent_after_accept=True)
        assert process.stdout is not None and "accepted" in process.stdout.readline()
        process.kill()
        process.communicate()
    else:
        box.hold = "DATA"
        killed_when_silent(installed_database_url, box)
    assert len(box.ids) == 1
    with inside(installed_database_url, django_db_blocker):
        lapse()
    run(installed_database_url, "send_mails")
    assert len(box.ids) == len(set(box.ids)) == 3, "the one that may have gone is not sent again"
    with inside(installed_database_url, django_db_blocker):
        unsure = [id_ for id_, state in states().items() if state == "unsure"]
        assert len(unsure) == 1
        retry(unsure, now=system_now(), actor=Actor("seller", via="cli"))
    run(installed_database_url, "send_mails")
    assert len(box.ids) == 4 and len(set(box.ids)) == 3, "sent again by hand it has the same Message-ID"
