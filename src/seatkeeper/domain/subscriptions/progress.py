"""How far the billing run is: what is due, since when, what waits for an answer, who is at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.payments.models import Attempt


@dataclass(frozen=True, slots=True)
class RunStatus:
    """at: the instant it is about. due_since: the longest due instant. workers: names of those that are alive."""

    at: datetime
    due: int
    due_since: datetime | None
    parked: int
    pending_charges: int
    workers: tuple[str, ...]

    @property
    def backlog_seconds(self) -> int:
        """For how long the account that has waited longest has been due."""
        return 0 if self.due_since is None else max(int((self.at - self.due_since).total_seconds()), 0)


def run_status(now: datetime) -> RunStatus:
    """The state of the run over all sellers that have the system's clock. Four queries, whatever there is."""
    own = Account.objects.filter(seller__clock_at=None)
    due = Q(due_at__lte=now, parked_reason="")
    found = own.aggregate(
        due=Count("id", filter=due), since=Min("due_at", filter=due), parked=Count("id", filter=~Q(parked_reason=""))
    )
    pending = Attempt.objects.filter(status="pending").count()
    return RunStatus(now, found["due"], found["since"], found["parked"], pending, _workers())


def _workers() -> tuple[str, ...]:
    if not settings.HAS_QUEUE:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s) ORDER BY id",
            [settings.WORKER_PATIENCE_SECONDS / 2],
        )
        return tuple(f"worker {id_}" for (id_,) in cursor.fetchall())
