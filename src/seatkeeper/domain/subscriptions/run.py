"""The billing run: `tick(now)` does all that is due, in batches, again and again until nothing is (DOMAIN.md 8).

Each round decides one step of up to a batch of accounts and writes them in one transaction; charges go to the
gateway between transactions, and their outcomes are applied in the next. Killed anywhere, the rows say what is left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from seatkeeper.core.decision import Decision
from seatkeeper.core.draft import Draft
from seatkeeper.core.settle import due_at
from seatkeeper.core.state import AccountState
from seatkeeper.core.subscriptions.run import decide_due
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.subscriptions.applying import Write, apply
from seatkeeper.domain.subscriptions.charging import settle_attempts
from seatkeeper.domain.subscriptions.loading import Loaded, deciding, load
from seatkeeper.domain.subscriptions.partitioning import keep_ahead
from seatkeeper.domain.subscriptions.zones import take_over
from seatkeeper.kit.bulk import batch_memory
from seatkeeper.kit.journal.activity import forget_origins
from seatkeeper.kit.trace import tracing

LOG = logging.getLogger("seatkeeper.run")
BATCH = {"postgresql": 500, "sqlite": 200}
"""Accounts in one transaction: on SQLite few enough that people never wait long for the only write lock."""

RUN = "run:-:job"


@dataclass(slots=True)
class Report:
    """What a tick did."""

    accounts: int = 0
    documents: int = 0
    charges: int = 0
    parked: list[tuple[int, str]] = field(default_factory=list)


Progress = Callable[[Report], None]
Stopping = Callable[[], bool]


def never() -> bool:
    """Nobody says that it must stop."""
    return False


def tick(
    now: datetime, *, seller: int | None = None, account_ids: Sequence[int] | None = None,
    progress: Progress | None = None, stopping: Stopping = never,
) -> Report:
    """Do everything that is due at `now`. Run again it does nothing; missed dates are made good, each on its own.

    seller: only that seller's accounts (a test clock). account_ids: only these (before a person's command).
    stopping: asked after every batch; where it says so the rest is left for the next tick.
    """
    report = Report()
    report.charges += settle_attempts(now, seller=seller, account_ids=account_ids)
    size = BATCH.get(connection.vendor, 200)
    while True:
        if account_ids is not None:
            ids = accounts.still_due(account_ids, now)
        else:
            ids = accounts.due(now, limit=size, seller=seller)
        if not ids:
            break
        with batch_memory():
            done, charged = _round(ids, now, report)
            if charged:
                report.charges += settle_attempts(now, seller=seller, account_ids=ids)
        if progress is not None:
            progress(report)
        if stopping():
            return report
        if account_ids is not None and not done:
            break
    take_over(now, seller=seller, account_ids=account_ids)
    if account_ids is None and seller is None:
        forget_origins()
    return report


def tidy_up(now: datetime) -> None:
    """What `tick` does besides the accounts that are due: for workers that are told of due accounts only."""
    settle_attempts(now)
    take_over(now)
    forget_origins()
    keep_ahead(now)


def do_accounts(now: datetime, account_ids: Sequence[int], *, stopping: Stopping = never) -> Report:
    """What `tick` does, for these accounts only: a batch that a worker was told of, perhaps twice or too late.

    Accounts of sellers with a clock of their own are left alone, as theirs is another time.
    """
    ids = accounts.still_due(accounts.of_real_sellers(account_ids), now)
    return tick(now, account_ids=ids, stopping=stopping) if ids and not stopping() else Report()


def _round(ids: list[int], now: datetime, report: Report) -> tuple[int, bool]:
    """One step of each account; a batch that fails is halved until the culprit is found and parked."""
    try:
        return _batch(ids, now, report)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        LOG.warning("a batch of %d accounts was rolled back: %s", len(ids), error)
        if len(ids) == 1:
            with tracing(account=ids[0]):
                LOG.error("parked, as it cannot be decided: %s", type(error).__name__)
            accounts.park(ids[0], f"{type(error).__name__}: {error}")
            report.parked.append((ids[0], str(error)))
            return 0, False
        middle = len(ids) // 2
        first = _round(ids[:middle], now, report)
        second = _round(ids[middle:], now, report)
        return first[0] + second[0], first[1] or second[1]


def _batch(ids: list[int], now: datetime, report: Report) -> tuple[int, bool]:
    with transaction.atomic():
        writes = []
        idle = []
        for loaded in load(ids).values():
            decision = _due(loaded, now)
            if decision is not None:
                writes.append(Write(loaded, decision, RUN))
            elif loaded.account.due_at is not None and loaded.account.due_at <= now:
                idle.append(loaded)
        apply(writes)
        _correct_due(idle)
    report.accounts += len(writes)
    report.documents += sum(len(write.documents) for write in writes)
    return len(writes), any(write.attempts for write in writes)


def _due(loaded: Loaded, now: datetime) -> Decision | None:
    def due(state: AccountState) -> Decision | None:
        return decide_due(state, now=now)

    return deciding(loaded, due)


def _correct_due(idle: list[Loaded]) -> None:
    """Accounts that were called but have nothing due get their due instant anew, so that none is called for ever."""
    for loaded in idle:
        account = loaded.account
        found = due_at(Draft(loaded.state, now=account.due_at))  # type: ignore[arg-type]
        accounts.write(
            [
                (account.id, account.version, account.last_id, account.balance_minor, found,
                 account.default_method, account.backup_method, account.journal_sequence, account.journal_head)
            ]
        )
