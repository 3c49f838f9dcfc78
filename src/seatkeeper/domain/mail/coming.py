"""Notices before something happens by itself, found by their instant: subscriptions by `notice_at`, cards by expiry.

Each notice is one mail, told once: its `once` says what it tells of, and the database keeps it from standing twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from seatkeeper.core.calendar import first_instant
from seatkeeper.core.notices import CARD_DAYS, RENEWAL, coming
from seatkeeper.core.periods import ONE_DAY
from seatkeeper.core.tables import ACTIVE, OFF, TRIAL
from seatkeeper.domain.accounts.details import DEFAULT_NOTICES
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.mailing import WAITING
from seatkeeper.domain.subscriptions.models import MailRow, SubscriptionRow
from seatkeeper.kit.bulk import Table

SUBSCRIPTIONS = Table(SubscriptionRow)
BATCH = 200
LATE_DAYS = 3
"""A notice that is later than this (after a standstill) gives way to the next one."""


def tell_coming(now: datetime) -> int:
    """Put every notice that has come into the outbox. Returns how many."""
    told = 0
    while rows := list(
        SubscriptionRow.objects.filter(notice_at__lte=now)
        .order_by("notice_at")
        .values_list("account_id", "id", "notice_at")[:BATCH]
    ):
        told += _subscriptions(rows, now)
    return told + _cards(now)


@transaction.atomic
def _subscriptions(rows: list[tuple[int, int, datetime | None]], now: datetime) -> int:
    loaded = load(sorted({row[0] for row in rows}))
    wanted = {id_: own.get("renewal_days", DEFAULT_NOTICES["renewal_days"]) for id_, own in Account.objects.filter(
        id__in=loaded).values_list("id", "notices")}
    mails, nexts = [], []
    for account, id_, at in rows:
        one = loaded[account]
        state = one.state
        found = state.subscriptions[id_]
        plan = state.catalog.plans[found.plan]
        today = state.today(now)
        assert at is not None
        told_on = state.today(at)
        notice = coming(found, plan, told_on)
        unwanted = notice is not None and notice.kind == RENEWAL and notice.days not in wanted[account]
        timely = notice is not None and notice.sent_on <= today <= notice.sent_on + timedelta(days=LATE_DAYS)
        if notice is not None and timely and not unwanted:
            facts = {"subscription": id_, "on": str(notice.on), "days": notice.days}
            once = f"{notice.kind}:{id_}:{notice.on}:{notice.days}"
            mails.append(_mail(account, notice.kind, facts, once, now))
        after = coming(found, plan, today + ONE_DAY)
        next_at = first_instant(after.sent_on, state.timezone) if after else None
        nexts.append((account, id_, next_at))
    SUBSCRIPTIONS.update(("account_id", "id"), ("notice_at",), nexts)
    MailRow.objects.bulk_create(mails, ignore_conflicts=True)
    return len(mails)


def _mail(account: int, kind: str, facts: dict[str, Any], once: str, now: datetime) -> MailRow:
    return MailRow(
        account_id=account, kind=kind, facts=facts, once=once, at=now, due_at=now, state=WAITING
    )


def _cards(now: datetime) -> int:
    """Cards that expire soon and pay for something after that; told at most once for each of CARD_DAYS."""
    real = Account.objects.filter(seller__clock_at__isnull=True).values("id")
    paid = SubscriptionRow.objects.filter(
        account_id=OuterRef("account_id"), method_id=OuterRef("id"), status__in=(ACTIVE, TRIAL)
    ).exclude(recurring=OFF)
    told = 0
    for index, days in enumerate(CARD_DAYS):
        last = (now + timedelta(days=days)).date()
        first = (now + timedelta(days=CARD_DAYS[index + 1])).date() if index + 1 < len(CARD_DAYS) else now.date()
        soon = Method.objects.filter(
            Exists(paid), account_id__in=real, expires_on__gt=first, expires_on__lte=last, replaced_by__isnull=True
        )
        rows = list(soon.values_list("account_id", "id", "expires_on"))
        known = set(
            MailRow.objects.filter(
                account_id__in={row[0] for row in rows}, once__in=[f"card:{id_}:{on}:{days}" for _, id_, on in rows]
            ).values_list("account_id", "once")
        )
        fresh = [row for row in rows if (row[0], f"card:{row[1]}:{row[2]}:{days}") not in known]
        mails = [
            _mail(account, "card_expiring", {"method": id_, "expires_on": str(on)}, f"card:{id_}:{on}:{days}", now)
            for account, id_, on in fresh
        ]
        MailRow.objects.bulk_create(mails, ignore_conflicts=True)
        told += len(mails)
    return told
