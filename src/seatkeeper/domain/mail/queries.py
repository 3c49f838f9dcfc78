"""The outbox as people see it, and what they may do about a mail that did not go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.accounts.recording import record_for_many
from seatkeeper.domain.subscriptions.mailing import FAILED, SENT, UNSURE, WAITING
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.domain.subscriptions.progress import Backlog
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.commands import Actor


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


MOST_NAMED = 100
"""So many mails an event names."""
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


def facts_of(account: int, kind: str, *, most: int = 5) -> tuple[dict[str, Any], ...]:
    """What the account's newest mails of a kind tell of."""
    found = MailRow.objects.filter(account_id=account, kind=kind).order_by("-id")
    return tuple(found.values_list("facts", flat=True)[:most])


def newest_to(account: int, kind: str, user: int) -> MailLine | None:
    """The newest mail of a kind to one person."""
    found = MailRow.objects.filter(account_id=account, kind=kind, facts__user=user).order_by("-id")
    row = found.values_list(*COLUMNS).first()
    return MailLine(*row) if row is not None else None


def counts() -> dict[str, int]:
    """How many mails are in each state."""
    return dict(MailRow.objects.values_list("state").annotate(Count("id")))


def backlog(now: datetime) -> Backlog:
    """The mails that are due and have not gone, from the index of those that wait."""
    found = MailRow.objects.extra(where=["state = 'waiting'"]).filter(due_at__lte=now)  # as the index has it
    first = found.order_by("due_at").values_list("due_at", flat=True).first()
    return Backlog.since(found.count(), first, now)


@transaction.atomic
def retry(ids: Iterable[int], *, now: datetime, actor: Actor) -> int:
    """Let mails that failed, are unsure or wait for a later try be tried at once. Returns how many.

    The journal of each account says who did it, with the numbers of the mails.
    """
    wanted = MailRow.objects.filter(id__in=list(ids), state__in=(FAILED, UNSURE, WAITING)).order_by("id")
    mine = list(wanted.values_list("id", "account_id"))
    found = MailRow.objects.filter(id__in=[id_ for id_, _ in mine], state__in=(FAILED, UNSURE, WAITING))
    again = found.update(state=WAITING, due_at=now, tries=0, settled_at=None, problem="")
    _record(actor, "retry_mail", mine)
    return again


@transaction.atomic
def settle_unsure(id_: int, *, now: datetime, actor: Actor) -> bool:
    """Note that an unsure mail did arrive. False where it is not unsure. The journal says who did it."""
    unsure = MailRow.objects.filter(id=id_, state=UNSURE)
    mine = list(unsure.values_list("id", "account_id"))
    if unsure.update(state=SENT, settled_at=now, problem="") != 1:
        return False
    _record(actor, "mail_arrived", mine)
    return True


def _record(actor: Actor, kind: str, mails_of: Iterable[tuple[int, int]]) -> None:
    """One event for each account, at its own instant, with the numbers of its mails."""
    ids: dict[int, list[int]] = defaultdict(list)
    for id_, account in mails_of:
        ids[account].append(id_)
    clocks = Account.objects.filter(id__in=ids).values_list("id", "seller__clock_at")
    told = {
        account: (clock or system_now(), {"count": len(ids[account]), "mails": ids[account][:MOST_NAMED]})
        for account, clock in clocks
    }
    record_for_many(actor, kind, told)
