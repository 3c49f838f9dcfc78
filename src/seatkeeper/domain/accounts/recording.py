"""Recording what changes on an account without a decision about money: people, roles, details, requests."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.accounts.operations import LockedAccount
from seatkeeper.kit.commands import Context
from seatkeeper.kit.journal import activity, chain


def record(ctx: Context, kind: str, facts: Mapping[str, object]) -> LockedAccount:
    """Lock the account and append one event to its journal, in the caller's transaction; the account as locked.

    facts: ids and codes only, no names or addresses (DOMAIN.md 11). The account's version stays, as no decision that
    is under way depends on what is recorded here. Refused: not_found.
    """
    assert connection.in_atomic_block, "an event is written together with what it tells"
    found = accounts.lock([ctx.account])
    if not found:
        raise Refused("not_found")
    account = found[0]
    row, head = chain.link(
        account.head, account=account.id, at=ctx.now, actor=str(ctx.actor), kind=kind, payload={"facts": dict(facts)}
    )
    subscription = facts.get("subscription")
    subjects = (subscription,) if isinstance(subscription, int) else ()
    activity.write([(row, activity.Brief(subjects, None, dict(facts), ctx.origin))])
    accounts.write(
        [
            (
                account.id, account.version, account.last_id, account.balance_minor, account.due_at,
                account.default_method, account.backup_method, head.sequence, head.hash,
            )
        ]
    )
    return account
