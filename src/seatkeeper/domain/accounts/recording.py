"""Recording what changes on an account without a decision about money: people, roles, details, requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.accounts.operations import LockedAccount
from seatkeeper.kit.commands import Actor, Context
from seatkeeper.kit.journal import activity, chain


def record(ctx: Context, kind: str, facts: Mapping[str, object]) -> LockedAccount:
    """Lock the account and append one event to its journal, in the caller's transaction; the account as locked.

    facts: ids and codes only, no names or addresses (DOMAIN.md 11). The account's version stays, as no decision that
    is under way depends on what is recorded here. Refused: not_found.
    """
    found = accounts.lock([ctx.account])
    if not found:
        raise Refused("not_found")
    _append(found, ctx.actor, kind, [(ctx.now, facts)], ctx.origin)
    return found[0]


def record_for_many(actor: Actor, kind: str, told: Mapping[int, tuple[datetime, Mapping[str, object]]]) -> None:
    """Append an event to the journals of several accounts at once, as `record`. told: (at, facts) by account."""
    found = accounts.lock(sorted(told))
    _append(found, actor, kind, [told[account.id] for account in found])


def _append(
    found: Sequence[LockedAccount], actor: Actor, kind: str,
    told: Sequence[tuple[datetime, Mapping[str, object]]], origin: str = "",
) -> None:
    """One event for each of these accounts, which are locked."""
    assert connection.in_atomic_block, "an event is written together with what it tells"
    events, rows = [], []
    for account, (at, facts) in zip(found, told, strict=True):
        row, head = chain.link(
            account.head, account=account.id, at=at, actor=str(actor), kind=kind, payload={"facts": dict(facts)}
        )
        subscription = facts.get("subscription")
        subjects = (subscription,) if isinstance(subscription, int) else ()
        events.append((row, activity.Brief(subjects, None, dict(facts), origin)))
        rows.append((
            account.id, account.version, account.last_id, account.balance_minor, account.due_at,
            account.default_method, account.backup_method, head.sequence, head.hash,
        ))
    activity.write(events)
    accounts.write(rows)
