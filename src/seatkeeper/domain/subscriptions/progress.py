"""How far the billing run is: what is due, since when, what waits for an answer, who is at work.

Every query here is answered from an index made for it, so that it may be asked every few seconds at any size. Their
conditions are written out as those of the partial indexes are: a parameter would hide from SQLite that they fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from seatkeeper.domain.payments.operations import ATTEMPTS
from seatkeeper.kit.bulk import instant

OUTCOMES_WITHIN = timedelta(hours=1)
REAL = "(SELECT id FROM accounts_seller WHERE clock_at IS NULL)"
"""The sellers that have the system's clock: the others are tests and demonstrations."""
DUE = f"SELECT count(*) FROM accounts_account WHERE seller_id IN {REAL} AND due_at <= %s AND parked_reason = ''"
SINCE = (
    "SELECT min(first) FROM (SELECT (SELECT due_at FROM accounts_account a WHERE a.seller_id = s.id "
    "AND a.due_at IS NOT NULL AND a.parked_reason = '' ORDER BY a.due_at LIMIT 1) AS first "
    "FROM accounts_seller s WHERE s.clock_at IS NULL) f"
)
PARKED = f"SELECT count(*) FROM accounts_account WHERE seller_id IN {REAL} AND NOT (parked_reason = '')"
PENDING = "SELECT count(*), min(at) FROM payments_attempt WHERE status = 'pending'"
OUTCOMES = "SELECT status, count(*) FROM payments_attempt WHERE settled_at > %s AND settled_at <= %s GROUP BY status"
ISSUED = f"SELECT series, sum(last_number) FROM invoicing_series WHERE seller_id IN {REAL} GROUP BY series"
WORKERS = "SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s) ORDER BY id"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: how many, and for how long the first of it."""

    count: int
    age_seconds: int

    @classmethod
    def since(cls, count: int, first: datetime | None, now: datetime) -> Backlog:
        """A backlog whose first has waited since an instant; None: nothing waits."""
        return cls(count, 0 if first is None else max(int((now - first).total_seconds()), 0))


@dataclass(frozen=True, slots=True)
class RunStatus:
    """at: the instant it is about. due_since: the longest due instant. charges: those without an answer.

    issued: documents ever numbered, by series; looked at twice it gives the run's rate. outcomes: payments of the last
    hour, by status. workers: names of those that are alive.
    """

    at: datetime
    due: int
    due_since: datetime | None
    parked: int
    charges: Backlog
    outcomes: Mapping[str, int]
    issued: Mapping[str, int]
    workers: tuple[str, ...]

    @property
    def backlog_seconds(self) -> int:
        """For how long the account that has waited longest has been due."""
        return Backlog.since(self.due, self.due_since, self.at).age_seconds

    @property
    def documents(self) -> int:
        """How many documents were ever numbered."""
        return sum(self.issued.values())

    @property
    def declined(self) -> int:
        """Payments that were refused within the last hour."""
        return self.outcomes.get("declined", 0)


class Course:
    """A run while it is watched: each look adds to it. Whoever shows progress, on a page or a line, keeps one."""

    def __init__(self, begun: RunStatus) -> None:
        self._begun = self._before = self._last = begun
        self.total = begun.due

    def look(self, found: RunStatus) -> None:
        """Take in the state of a moment later. More may have fallen due meanwhile: then the total grows."""
        self._before, self._last = self._last, found
        self.total = max(self.total, found.due)

    @property
    def left(self) -> int:
        """Accounts that are due still."""
        return self._last.due

    @property
    def done(self) -> int:
        """Accounts that are no longer due."""
        return self.total - self._last.due

    @property
    def documents_a_second(self) -> float:
        """How many documents were numbered between the last two looks, for each second between them."""
        seconds = (self._last.at - self._before.at).total_seconds()
        return (self._last.documents - self._before.documents) / seconds if seconds > 0 else 0.0

    @property
    def refused(self) -> int:
        """Payments that were refused since it is watched."""
        return max(self._last.declined - self._begun.declined, 0)

    @property
    def parked(self) -> int:
        """Accounts that were parked since it is watched."""
        return max(self._last.parked - self._begun.parked, 0)


def run_status(now: datetime) -> RunStatus:
    """The state of the run over all sellers that have the system's clock. Seven queries, whatever there is."""
    at, before = (ATTEMPTS.parameter("settled_at", one) for one in (now, now - OUTCOMES_WITHIN))
    [[due]] = _rows(DUE, [at])
    [[first]] = _rows(SINCE)
    [[parked]] = _rows(PARKED)
    [[pending, pending_since]] = _rows(PENDING)
    since = instant(first) if due else None
    charges = Backlog.since(pending, instant(pending_since), now)
    outcomes, issued = dict(_rows(OUTCOMES, [before, at])), {name: int(count) for name, count in _rows(ISSUED)}
    return RunStatus(now, due, since, parked, charges, outcomes, issued, _workers())


def _workers() -> tuple[str, ...]:
    if not settings.HAS_QUEUE:
        return ()
    return tuple(f"worker {id_}" for (id_,) in _rows(WORKERS, [settings.WORKER_PATIENCE_SECONDS / 2]))


def _rows(statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
