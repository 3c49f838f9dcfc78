"""New time zones of accounts, taken over once the next billing period has begun (DOMAIN.md 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from seatkeeper.core.calendar import local_date
from seatkeeper.core.draft import Draft
from seatkeeper.core.settle import due_at
from seatkeeper.core.values import changed
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.accounts.recording import record
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.kit.commands import Actor, Context

RUN = Actor("run", via="job")


def take_over(now: datetime, *, seller: int | None = None, account_ids: Sequence[int] | None = None) -> int:
    """Let booked time zones count from now on, where nothing is due before; how many. One query when there are none.

    It waits while the two zones are on different dates: no date may come twice or be passed over.
    """
    found = Account.objects.filter(next_timezone_at__lte=now, parked_reason="")
    if account_ids is not None:
        found = found.filter(id__in=account_ids)
    elif seller is not None:
        found = found.filter(seller_id=seller)
    else:
        found = found.filter(seller__clock_at__isnull=True)
    ready = found.filter(Q(due_at__isnull=True) | Q(due_at__gt=now))
    return sum(_take_over(id_, now) for id_ in ready.order_by("id").values_list("id", flat=True))


def next_take_over(seller: int, *, after: datetime) -> datetime | None:
    """The next instant after one at which a booked time zone of the seller's accounts counts."""
    found = Account.objects.filter(seller_id=seller, next_timezone_at__gt=after, parked_reason="")
    return found.order_by("next_timezone_at").values_list("next_timezone_at", flat=True).first()


@transaction.atomic
def _take_over(id_: int, now: datetime) -> bool:
    loaded = load([id_])[id_]
    row = Account.objects.get(id=id_)
    old, new = row.timezone, row.next_timezone
    late = row.due_at is not None and row.due_at <= now
    if late or not new or local_date(now, old) != local_date(now, new):
        return False
    record(Context(RUN, id_, now), "account_timezone", {"was": {"timezone": old}, "is": {"timezone": new}})
    due = due_at(Draft(changed(loaded.state, timezone=new), now=now))
    Account.objects.filter(id=id_).update(
        timezone=new, next_timezone="", next_timezone_at=None, due_at=due, version=row.version + 1
    )
    return True
