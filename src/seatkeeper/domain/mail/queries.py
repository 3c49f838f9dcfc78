"""The outbox as people see it, and what they may do about a mail that did not go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from seatkeeper.domain.subscriptions.mailing import FAILED, SENT, UNSURE, WAITING
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.domain.subscriptions.progress import Backlog


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail on the list. due_at: of the next try, where it waits for one."""

    id: int
    account: int
    kind: str
    facts: Mapping[str, Any]
    at: datetime
    state: str
    due_at: datetime
    tries: int
    settled_at: datetime | None
    problem: str
    subject: str


COLUMNS = (
    "id", "account_id", "kind", "facts", "at", "state", "due_at", "tries", "settled_at", "problem", "subject",
)


def mails(
    *, account: int | None = None, states: Iterable[str] = (), before: int | None = None, most: int = 100
) -> tuple[MailLine, ...]:
    """The newest mails first. before: only those older than this id."""
    found = MailRow.objects.all()
    if account is not None:
        found = found.filter(account_id=account)
    if wanted := tuple(states):
        found = found.filter(state__in=wanted)
    if before is not None:
        found = found.filter(id__lt=before)
    return tuple(MailLine(*row) for row in found.order_by("-id").values_list(*COLUMNS)[:most])


def counts() -> dict[str, int]:
    """How many mails are in each state."""
    return dict(MailRow.objects.values_list("state").annotate(Count("id")))


def backlog(now: datetime) -> Backlog:
    """The mails that are due and have not gone, from the index of those that wait."""
    found = MailRow.objects.extra(where=["state = 'waiting'"]).filter(due_at__lte=now)  # as the index has it
    first = found.order_by("due_at").values_list("due_at", flat=True).first()
    return Backlog.since(found.count(), first, now)


def retry(ids: Iterable[int], *, now: datetime) -> int:
    """Let mails that failed, are unsure or wait for a later try be tried at once. Returns how many."""
    wanted = MailRow.objects.filter(id__in=list(ids), state__in=(FAILED, UNSURE, WAITING))
    return wanted.update(state=WAITING, due_at=now, tries=0, settled_at=None, problem="")


def settle_unsure(id_: int, *, now: datetime) -> bool:
    """Note that an unsure mail did arrive. False where it is not unsure."""
    return MailRow.objects.filter(id=id_, state=UNSURE).update(state=SENT, settled_at=now, problem="") == 1
