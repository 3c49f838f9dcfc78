"""A payment that the bank wants the person to confirm: the decision waits for it, up to 30 minutes (DOMAIN.md 9.3).

What was decided is kept with the attempt. When the person has confirmed, it is decided anew and applied if it comes to
the very same; else the money goes back. What nobody confirms is called off.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from seatkeeper.core.decision import Decision
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.payments import operations as payments
from seatkeeper.domain.payments import told
from seatkeeper.domain.payments.asking import back_to
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.ports import AUTHENTICATION, Answer, Charge
from seatkeeper.domain.payments.wiring import gateway
from seatkeeper.domain.subscriptions import cart, execution, previews
from seatkeeper.domain.subscriptions.applying import Taken, Write, apply
from seatkeeper.domain.subscriptions.charging import settle_attempts
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.memos import unpacked
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.kit.commands import Actor, Context

LOG = logging.getLogger("seatkeeper.commands")
LATELY = timedelta(days=1)


def bank_address(account: int, attempt: int, now: datetime) -> str:
    """The bank's page for an attempt that waits for its person; empty where it does not (any more)."""
    answer = _asked(account, attempt, now)
    return answer.address if answer is not None and answer.waits == AUTHENTICATION else ""


def finish(account: int, attempt: int, now: datetime) -> str | None:
    """The person has been at the bank's page: apply what came of it. The reference of the receipt; empty for none.

    None where the account has no such attempt. Called as often as one likes: only what is still waiting is applied, and
    only once.
    """
    one = Attempt.objects.filter(account_id=account, id=attempt).first()
    if one is None:
        return None
    if one.status == payments.PENDING and one.reason == AUTHENTICATION:
        if one.purpose == payments.COMMAND:
            answer = _asked(account, attempt, now)
            if answer is not None and not answer.waits:
                try:
                    _settle(one, answer, now)
                except Refused as refusal:  # it is given back when its time is up
                    LOG.warning("attempt %d of account %d cannot be applied now: %s", attempt, account, refusal.code)
        else:
            settle_attempts(now, account_ids=[account])
    return _reference(one)


def _asked(account: int, attempt: int, now: datetime) -> Answer | None:
    """What the gateway says of an attempt that waits for its person."""
    waiting = Attempt.objects.filter(account_id=account, id=attempt, status=payments.PENDING, reason=AUTHENTICATION)
    one = told.asked(account, attempt, now) if waiting.exists() else None
    if one is None or not isinstance(one.question, Charge):
        return None
    charge = one.question
    asked = Charge(charge.key, charge.token, charge.amount_minor, charge.currency, now, back_to(attempt))
    return gateway(one.gateway).outcome([asked]).get(charge.key)


def _settle(one: Attempt, answer: Answer, now: datetime) -> None:
    """A command's charge has its answer: apply the command, or let it be."""
    account, kept = one.account_id, one.frozen or {}
    ctx = Context(Actor(kept["role"], kept["user"], kept["via"]), account, now, origin=kept["origin"])
    if not answer.succeeded:
        with transaction.atomic():
            execution.find(load([account]), ctx)
            if payments.command_is_pending(account, one.id):
                row = (account, one.id, None, payments.DECLINED, answer.reason, answer.hard, now)
                payments.settle_attempts([row])
                _give_up(kept)
        return
    execution.bring_up_to_date(ctx)
    arguments = unpacked(kept["arguments"])
    with transaction.atomic():
        loaded = execution.find(load([account]), ctx)
        if not payments.command_is_pending(account, one.id):
            return
        decision = _again(lambda: execution.decided(loaded, ctx, kept["command"], arguments))
        if decision is not None and previews.comparable(decision) == kept["shown"]:
            taken = Taken(one.id, one.amount_minor)
            write = Write(loaded, decision, str(ctx.actor), taken=taken, origin=ctx.origin)
            apply([write])
            ticket = previews.Ticket(kept["token"], kept["shown"]) if kept["token"] else None
            previews.keep(ctx, ticket, kept["command"], arguments, write)
            if kept["command"] == "order":
                cart.take_out_ordered(ctx, arguments["items"])
            return
        payments.claim_for_reversal([(account, one.id)])
        _give_up(kept)
    settle_attempts(now, account_ids=[account])


def _again(decide: Callable[[], Decision]) -> Decision | None:
    try:
        found = decide()
    except Refused as refusal:
        LOG.info("a confirmed payment's command is refused by now: %s", refusal.code)
        return None
    return found


def _give_up(kept: Mapping[str, Any]) -> None:
    """The receipt says that nothing was changed and no money was kept."""
    waiting = Receipt.objects.filter(token_id=kept["token"], status=previews.PENDING)
    waiting.update(status=previews.GIVEN_BACK)


def _reference(one: Attempt) -> str:
    """The receipt of the command that an attempt was made for."""
    rows = Receipt.objects.filter(account_id=one.account_id)
    if one.purpose in (payments.COMMAND, payments.REVERSAL):
        own = rows.filter(token_id=(one.frozen or {}).get("token") or "")
        return own.values_list("reference", flat=True).first() or ""
    for reference, outcome in rows.filter(at__gte=one.at - LATELY).order_by("-at").values_list("reference", "outcome"):
        if one.id in outcome.get("attempts", ()):
            return str(reference)
    return ""
