"""Sending what is in the outbox: claim, word, hand over, settle. Any number of workers, killed anywhere.

A worker claims rows in one transaction, and hands each over outside any. Just before the mail itself is given to the
server the row becomes `handing`, by the worker that has the claim and nobody else. Killed before that, the claim lapses
and the mail goes later: nothing is lost. Killed after it, nobody can know whether the server took the mail: it becomes
`unsure`, and a person decides. So no mail goes twice by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.accounts.operations import wake
from seatkeeper.domain.mail import wiring
from seatkeeper.domain.mail.ports import Carrier, Compose, Parcel, Problem, Told, Unsure
from seatkeeper.domain.mail.recipients import recipients, wanted_files
from seatkeeper.domain.subscriptions.mailing import CLAIMED, DROPPED, FAILED, HANDING, SENT, UNSURE, WAITING
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.kit.tokens import random_token

LOG = logging.getLogger("seatkeeper.mail")
BATCH = 20
CLAIM_LASTS = timedelta(minutes=15)
"""Longer than a batch can take when every conversation runs into its time-out."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
"""Between the tries; after the last one a mail has failed, and a person may let it be tried again."""


@dataclass(slots=True)
class Sent:
    """What became of the mails that were due."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    unsure: int = 0
    dropped: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many were due."""
        return self.sent + self.later + self.failed + self.unsure + self.dropped

    @property
    def any(self) -> bool:
        """Whether anything was due."""
        return bool(self.count)


def message_id(mail: MailRow) -> str:
    """The same at every try of a mail, and of no other."""
    tail = sha256(f"{settings.SECRET_KEY}/{mail.id}".encode()).hexdigest()[:16]
    return f"<{mail.id}.{tail}@seatkeeper.mail>"


def send_due(
    clock: Callable[[], datetime], compose: Compose, *, carrier: Carrier | None = None, most: int | None = None
) -> Sent:
    """Send what is due, batch by batch, until nothing is. compose: words a mail; clock: the present instant."""
    report = Sent()
    chosen = carrier or wiring.carrier()
    lapse(clock(), report)
    left = most
    while left is None or left > 0:
        rows = _claim(clock(), BATCH if left is None else min(BATCH, left))
        if not rows:
            return report
        for index, mail in enumerate(rows):
            if not _send(mail, clock, compose, chosen, report):
                _put_back([one.id for one in rows[index + 1:]], rows[0].claim)
                return report
        left = None if left is None else left - len(rows)
    return report


@transaction.atomic
def lapse(now: datetime, report: Sent) -> None:
    """Free the claims of workers that were killed: what was not handed over waits again, the rest is unsure."""
    old = MailRow.objects.filter(claimed_at__lte=now - CLAIM_LASTS)
    old.filter(state=CLAIMED).update(state=WAITING, claim="", due_at=now)
    for id_, account in old.filter(state=HANDING).values_list("id", "account_id"):
        gone = MailRow.objects.filter(id=id_, state=HANDING).update(
            state=UNSURE, claim="", settled_at=now, problem="cut off while it was handed over"
        )
        if gone:
            report.unsure += 1
            wake(account, now)


def _claim(now: datetime, limit: int) -> list[MailRow]:
    """Take some that are due. On PostgreSQL workers pass over each other's; on SQLite one writes at a time."""
    claim = random_token()[:32]
    with transaction.atomic():
        due = MailRow.objects.filter(state=WAITING, due_at__lte=now).order_by("due_at", "id")
        if connection.vendor == "postgresql":
            due = due.select_for_update(skip_locked=True)
        ids = [one.id for one in due[:limit]]
        MailRow.objects.filter(id__in=ids, state=WAITING).update(state=CLAIMED, claim=claim, claimed_at=now)
    return list(MailRow.objects.filter(id__in=ids, claim=claim).order_by("id"))


def _put_back(ids: list[int], claim: str) -> None:
    """Let go of mails that were not tried, as no mail can go now."""
    MailRow.objects.filter(id__in=ids, state=CLAIMED, claim=claim).update(state=WAITING, claim="")


def _send(mail: MailRow, clock: Callable[[], datetime], compose: Compose, carrier: Carrier, report: Sent) -> bool:
    """Send one; False where no other would go either."""
    try:
        parcel = _parcel(mail, compose)
        if isinstance(parcel, str):
            _settle(mail, clock(), DROPPED, parcel)
            report.dropped += 1
            return True
        mail.subject = parcel.letter.subject[:300]
        carrier.deliver(parcel, lambda: _handing(mail))
    except Unsure:
        _settle(mail, clock(), UNSURE, "the connection was lost while it was handed over")
        report.unsure += 1
    except Problem as problem:
        _again(mail, clock(), problem.reason, report, for_good=problem.for_good)
        return not problem.every
    except Exception as error:  # one mail that cannot be worded holds up no other
        LOG.exception("mail %d could not be made", mail.id)
        _again(mail, clock(), f"it could not be made: {type(error).__name__}", report)
    else:
        if _settle(mail, clock(), SENT, ""):
            report.sent += 1
    return True


def _parcel(mail: MailRow, compose: Compose) -> Parcel | str:
    """What is handed over, or why there is nothing to hand over."""
    letter = compose(Told(mail.account_id, mail.kind, mail.facts, going=True))
    if letter is None:
        return "no longer true"
    to = recipients(mail.account_id, mail.kind, mail.facts)
    if not to:
        return "nobody to send it to"
    sender = Account.objects.values_list("seller__name", flat=True).get(id=mail.account_id)
    kinds = wanted_files(mail.account_id, mail.kind) if letter.documents else ()
    return Parcel(message_id(mail), sender, to, letter, wiring.files(mail.account_id, letter.documents, kinds))


def _handing(mail: MailRow) -> bool:
    """Whether the mail is still this worker's; from here on only a person lets it go again."""
    mine = MailRow.objects.filter(id=mail.id, state=CLAIMED, claim=mail.claim)
    return mine.update(state=HANDING, subject=mail.subject) == 1


@transaction.atomic
def _settle(mail: MailRow, now: datetime, state: str, problem: str) -> bool:
    mine = MailRow.objects.filter(Q(state=CLAIMED) | Q(state=HANDING), id=mail.id, claim=mail.claim)
    done = mine.update(
        state=state, claim="", tries=mail.tries + 1, settled_at=now, problem=problem[:300], subject=mail.subject
    )
    if done:
        wake(mail.account_id, now)
    return done == 1


def _again(mail: MailRow, now: datetime, reason: str, report: Sent, *, for_good: bool = False) -> None:
    """Put it off, each time for longer; after the last time, or where it is refused for good, it has failed."""
    LOG.warning("mail %d did not go: %s", mail.id, reason)
    report.problems.append(reason)
    if for_good or mail.tries >= len(WAITS):
        _settle(mail, now, FAILED, reason)
        report.failed += 1
        return
    mine = MailRow.objects.filter(Q(state=CLAIMED) | Q(state=HANDING), id=mail.id, claim=mail.claim)
    mine.update(
        state=WAITING, claim="", tries=mail.tries + 1, due_at=now + WAITS[mail.tries], problem=reason[:300],
        subject=mail.subject,
    )
    report.later += 1
