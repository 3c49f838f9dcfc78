"""Telling the workers which accounts are due. Any worker may do it, one at a time, whenever the queue has run dry."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.subscriptions.run import tidy_up
from seatkeeper.interfaces.jobs.tasks import QUEUE, do_due

LOG = logging.getLogger("seatkeeper.run")
MOST_AT_ONCE = 100_000
LOCK = 7_328_811
"""The advisory lock of whoever is spreading."""
APPLICATION = "seatkeeper worker"


def spread(now: datetime) -> int:
    """Put a message for every batch of due accounts into the queue, unless some are waiting there. Returns how many.

    Accounts that a living worker is at are left out. Charges whose outcome is not known are settled first.
    """
    with transaction.atomic():
        if not _mine() or _waiting():
            return 0
        busy, size = _busy(), settings.WORKER_BATCH
        ids = [id_ for id_ in accounts.due_ids(now, seller=None, most=MOST_AT_ONCE, inclusive=True) if id_ not in busy]
        batches: list[dict[str, Any]] = [
            {"account_ids": ids[start : start + size]} for start in range(0, len(ids), size)
        ]
        if batches:
            do_due.batch_defer(*batches)
    if not batches and not busy:
        tidy_up(now)
    return len(batches)


def _alive_seconds() -> float:
    """A worker that gave no sign of life for so long has lost its messages; its accounts are told again."""
    return settings.WORKER_PATIENCE_SECONDS / 2


def _mine() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE queue_name = %s AND status = 'todo')", [QUEUE]
        )
        return bool(cursor.fetchone()[0])


def _busy() -> set[int]:
    """The accounts that living workers are at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.args -> 'account_ids' FROM procrastinate_jobs j"
            " JOIN procrastinate_workers w ON w.id = j.worker_id WHERE j.queue_name = %s AND j.status = 'doing'"
            " AND w.last_heartbeat > now() - make_interval(secs => %s)",
            [QUEUE, _alive_seconds()],
        )
        return {id_ for (ids,) in cursor.fetchall() for id_ in _ids(ids)}


def _ids(found: object) -> list[int]:
    ids = json.loads(found) if isinstance(found, str) else found
    assert isinstance(ids, list)
    return ids


def free_hanging() -> int:
    """End the sessions of frozen or cut-off workers, so that what they hold locked is free. Returns how many.

    Their transactions are rolled back by the server: what they were at is due still.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = %s"
            " AND pid <> pg_backend_pid() AND wait_event = 'ClientRead'"
            " AND xact_start < now() - make_interval(secs => %s)",
            [APPLICATION, settings.WORKER_PATIENCE_SECONDS],
        )
        count = int(cursor.fetchone()[0])
    if count:
        LOG.warning("%d sessions of workers that gave no sign of life were ended", count)
    return count


def forget_lost() -> None:
    """Take messages that died with their worker out of the queue; their accounts are told anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE j.queue_name = %s AND j.status = 'doing' AND NOT EXISTS ("
            "SELECT 1 FROM procrastinate_workers w WHERE w.id = j.worker_id"
            " AND w.last_heartbeat > now() - make_interval(secs => %s))",
            [QUEUE, _alive_seconds()],
        )
