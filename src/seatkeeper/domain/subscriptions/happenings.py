"""What gateways tell by themselves, applied (DOMAIN.md 9.3).

A call-back or poll says *that* something changed, perhaps twice, late or out of order. What is applied is what the
gateway answers when it is then asked, by the same way as everything that was pending: under the account's lock, once.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.accounts.recording import record
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments import told as kept
from seatkeeper.domain.payments.operations import COMMAND, PENDING, REVERSED, SUCCEEDED
from seatkeeper.domain.payments.ports import DISPUTE, REFUND, Charge, Happening, Refund
from seatkeeper.domain.payments.told import Asked
from seatkeeper.domain.payments.wiring import SANDBOX, gateway, in_use
from seatkeeper.domain.subscriptions.charging import settle_attempts
from seatkeeper.domain.subscriptions.confirming import finish
from seatkeeper.kit.commands import Actor, Context

LOG = logging.getLogger("seatkeeper.payments")
KNOWN = "known"
KEY = re.compile(r"(\d{1,18})-(\d{1,18})")
FIRST_POLL, OVERLAP = timedelta(days=30), timedelta(days=1)
"""How far back the first poll of a gateway looks, and how far every other one overlaps what is known."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)
GATEWAY = Actor("gateway", via="job")


def take_in(name: str, told: Happening, received_at: datetime) -> str:
    """Keep and apply what a gateway told: done, open (a person must look), unknown (no payment of ours), known.

    Killed in between, or where the gateway does not answer, it stays kept and is applied when told or polled again.
    """
    if kept.keep(name, told, received_at) != kept.NEW:
        return KNOWN
    state = _apply(name, told)
    kept.mark(name, told, state)
    return state


def poll(now: datetime) -> dict[str, dict[str, int]]:
    """Ask every gateway that is in use what happened, and take in what is new: by gateway how many of each result."""
    found: dict[str, dict[str, int]] = {}
    for name in settings.GATEWAYS:
        last = kept.newest(name)
        if last is None and name not in in_use():
            continue
        since = now - FIRST_POLL if last is None else last - OVERLAP
        # The sandbox lives by the clocks of many test sellers: what is new for one is long past for another.
        told = gateway(name).happened(EVER if name == SANDBOX else since, now)
        old = kept.known(name, (one.id for one in told))
        fresh = {one.id: one for one in (*kept.not_applied(name), *told) if one.id not in old}
        counts = found.setdefault(name, {})
        for one in fresh.values():
            result = take_in(name, one, now)
            counts[result] = counts.get(result, 0) + 1
    return found


def _apply(name: str, told: Happening) -> str:
    """What follows from it."""
    match = KEY.fullmatch(told.key)
    account, attempt = (int(match[1]), int(match[2])) if match else (0, 0)
    found = accounts.look([account]) if match else []
    now = accounts.now_for(found[0].seller_id) if found else None
    one = kept.asked(account, attempt, now) if now is not None else None
    if now is None or one is None or one.gateway != name:
        return kept.UNKNOWN
    if told.kind == DISPUTE:
        return _disputed(name, told, account, attempt, one, now)
    if told.kind == REFUND and one.purpose != "refund":
        LOG.warning("a refund of charge %s was made at %s, not here: %s", told.key, name, told.reference)
        return kept.OPEN
    if one.purpose == COMMAND:
        finish(account, attempt, now)
    else:
        settle_attempts(now, account_ids=[account])
    return _agreed(name, told, account, attempt, now)


def _agreed(name: str, told: Happening, account: int, attempt: int, now: datetime) -> str:
    """Whether what was booked is what the gateway says; else a person must look."""
    one = kept.asked(account, attempt, now)
    assert one is not None, "attempts are never deleted"
    booked = "succeeded" if one.status == SUCCEEDED else "declined"
    if one.status in (PENDING, REVERSED) or told.said in ("waits", booked):
        return kept.DONE
    if isinstance(one.question, Refund):
        answers = {answer.key: answer for answer in gateway(name).refund([one.question])}
    else:
        assert isinstance(one.question, Charge)
        answers = gateway(name).outcome([one.question])
    answer = answers.get(told.key)
    if answer is None or answer.waits or answer.succeeded == (one.status == SUCCEEDED):
        return kept.DONE  # it was overtaken: the present word is what was booked
    LOG.warning("%s says of %s otherwise than was booked: %s", name, told.key, told.said)
    return kept.OPEN


def _disputed(name: str, told: Happening, account: int, attempt: int, one: Asked, now: datetime) -> str:
    """A dispute is noted on the account, and told in its activity."""
    reference = f"{name}.{told.reference}"
    number = Document.objects.filter(account_id=account, id=one.document or 0).values_list("number", flat=True).first()
    facts = {"attempt": attempt, "paid": [[number or "", told.amount_minor]], "reason": told.reason, "to": told.said}
    ctx = Context(GATEWAY, account, now)
    with transaction.atomic():
        if not accounts.lock([account]):
            raise Refused("not_found")
        changed = kept.dispute(account, attempt, reference, told)
        if changed == "opened":
            record(ctx, "dispute_opened", facts)
        elif changed == "closed":
            record(ctx, "dispute_closed", facts)
    return kept.DONE
