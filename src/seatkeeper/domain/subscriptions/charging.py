"""Between transactions: pending attempts go to the gateway, and what it says is applied (DOMAIN.md 9.3).

An attempt whose outcome is not known is asked after before it is charged; its id is the idempotency key.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from seatkeeper.core.decide import decide_outcome
from seatkeeper.core.payments.declines import is_hard
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.payments import operations as payments
from seatkeeper.domain.payments.asking import PERSON_MAY_TAKE, Pending, ask
from seatkeeper.domain.payments.ports import AUTHENTICATION, Answer
from seatkeeper.domain.subscriptions.applying import Settled, Write, apply
from seatkeeper.domain.subscriptions.loading import Loaded, deciding, load
from seatkeeper.domain.subscriptions.previews import release_abandoned

LOG = logging.getLogger("seatkeeper.run")
GATEWAY = "gateway:-:job"
LIMIT = 500
PENDING_COLUMNS = (
    "account_id", "id", "purpose", "document_id", "method_id", "amount_minor", "currency", "refunds",
    "reason", "at", "turn",
)
COMMAND_MAY_TAKE = timedelta(minutes=10)
"""A command whose charge is older than this was killed before it could be applied: its charge is reversed."""


def settle_attempts(
    now: datetime, *, seller: int | None = None, account_ids: Sequence[int] | None = None, present: bool = False
) -> int:
    """Bring every pending attempt to its end, page by page. Returns how many were. present: see `ask`.

    A declined one may leave another, of the backup method: then the pages are gone through once more.
    A gateway that fails leaves its attempts pending; an account whose outcome cannot be decided is parked.
    """
    count, after, more = 0, (0, 0), False
    while (rows := _pending(now, seller, account_ids, after)) or more:
        if not rows:
            after, more = (0, 0), False
            continue
        orphans = [(row.account, row.id) for row in rows if row.purpose == payments.COMMAND]
        if orphans:
            _claim(orphans)
            continue
        after = (rows[-1].account, rows[-1].id)
        found = ask(rows, now, present=present)
        answers = {own: answer for own, answer in found.items() if not answer.waits}
        persons = {own for own, answer in found.items() if answer.waits == AUTHENTICATION}
        payments.wait_for_person([(row.account, row.id) for row in rows if row.key in persons and not row.reason])
        answered = [row for row in rows if row.key in answers]
        if answered:
            more = _apply_or_park(answered, answers, now) or more
        count += len(answered)
    return count


def _claim(orphans: list[tuple[int, int]]) -> None:
    """Take the charges of killed commands from them before any money goes back."""
    with transaction.atomic():
        accounts.lock(sorted({account for account, _ in orphans}))
        payments.claim_for_reversal(orphans)


def _apply_or_park(rows: list[Pending], answers: dict[str, Answer], now: datetime) -> bool:
    """Apply outcomes; a batch that fails is halved until the account that cannot be decided is found and parked.

    Returns whether there is more to charge.
    """
    try:
        return _apply(rows, answers, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        LOG.warning("the outcomes of %d attempts were rolled back: %s", len(rows), error)
        accounts_of = sorted({row.account for row in rows})
        if len(accounts_of) == 1:
            accounts.park(accounts_of[0], f"{type(error).__name__}: {error}")
            return False
        middle = accounts_of[len(accounts_of) // 2]
        first = [row for row in rows if row.account < middle]
        second = [row for row in rows if row.account >= middle]
        more = _apply_or_park(first, answers, now)
        return _apply_or_park(second, answers, now) or more


def _pending(
    now: datetime, seller: int | None, account_ids: Sequence[int] | None, after: tuple[int, int]
) -> list[Pending]:
    rows = payments.pending(
        PENDING_COLUMNS,
        seller=seller,
        account_ids=account_ids,
        limit=LIMIT,
        commands_until=now - COMMAND_MAY_TAKE,
        persons_until=now - PERSON_MAY_TAKE,
        after=after,
    )
    return [Pending(*row) for row in rows]


def _apply(rows: list[Pending], answers: dict[str, Answer], now: datetime) -> bool:
    """Apply outcomes, one attempt an account at a time, so that each sees what the one before changed.

    Returns whether they left attempts of their own.
    """
    left, more = rows, False
    while left:
        seen: set[int] = set()
        batch: list[Pending] = []
        later: list[Pending] = []
        for row in left:
            (later if row.account in seen else batch).append(row)
            seen.add(row.account)
        with transaction.atomic():
            loaded = load([row.account for row in batch])
            still = _still_pending(batch)
            writes = [
                write
                for row in batch
                if (row.account, row.id) in still
                and (write := _write(loaded[row.account], row, answers, now)) is not None
            ]
            apply(writes)
        more = more or any(write.attempts for write in writes)
        left = later
    return more


def _still_pending(batch: list[Pending]) -> set[tuple[int, int]]:
    """Those that nobody settled meanwhile; read under the accounts' locks."""
    rows = payments.pending(("account_id", "id"), account_ids=[row.account for row in batch])
    return {(row[0], row[1]) for row in rows}


def _write(loaded: Loaded, row: Pending, answers: dict[str, Answer], now: datetime) -> Write | None:
    answer = answers[row.key]
    if row.purpose == payments.REVERSAL:
        payments.settle_attempts([(row.account, row.id, None, payments.REVERSED, "not_applied", False, now)])
        release_abandoned(row.account, now - COMMAND_MAY_TAKE)
        return None
    outcome, arguments = _outcome(row, answer)
    decision = deciding(loaded, lambda state: decide_outcome(state, outcome, arguments, now=now))
    status = payments.SUCCEEDED if answer.succeeded else payments.DECLINED
    hard = answer.hard or (not answer.succeeded and is_hard(answer.reason))
    settled = Settled(row.id, row.document, status, answer.reason, hard, row.amount_minor, row.method, row.turn)
    return Write(loaded, decision, GATEWAY, settled=settled)


def _outcome(row: Pending, answer: Answer) -> tuple[str, dict[str, Any]]:
    """The core's name for what happened, and what it needs to know."""
    if row.purpose == "refund":
        return "refund_settled", {"amount_minor": row.amount_minor, "succeeded": answer.succeeded}
    if answer.succeeded:
        return "payment_succeeded", {"document": row.document, "amount_minor": row.amount_minor}
    return "payment_declined", {
        "document": row.document,
        "method": row.method,
        "amount_minor": row.amount_minor,
        "reason": answer.reason,
        "hard": answer.hard or is_hard(answer.reason),
        "turn": row.turn,
    }
