"""What the commands on requests for licences share: the row, the event, and word to the people concerned.

Approving assigns first and closes the request after that, as an assignment may take a payment that no transaction
waits for. Where a process dies in between, the user holds the licence and the request still waits; answered again, it
is closed and assigns nothing.
"""

from __future__ import annotations

from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import POOLED
from seatkeeper.domain.accounts.operations import lock
from seatkeeper.domain.accounts.recording import record
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.licensing import requests
from seatkeeper.domain.licensing.models import LicenceRequest
from seatkeeper.domain.subscriptions import mailing
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.kit.commands import Context


def ask(ctx: Context, product: str, note: str) -> int:
    """Keep a request of the actor, who must be a user of the account."""
    account = lock([ctx.account])[0]
    user = ctx.actor.user
    held = SubscriptionRow.objects.filter(account_id=ctx.account, product=product, status__in=POOLED)
    if user is None or not held.exists():
        raise Refused("not_found")
    id_ = requests.ask(ctx.account, user, product, note, ctx.now, account.timezone)
    _tell(ctx, "licence_requested", request=id_, user=user, product=product)
    return id_


def withdraw(ctx: Context, request: int) -> None:
    """Take back a request of the actor."""
    lock([ctx.account])
    row = requests.find(ctx.account, request, user=ctx.actor.user or 0)
    requests.close(row, requests.WITHDRAWN, ctx.now)
    record(ctx, "licence_request_withdrawn", {"request": row.pk, "user": row.user_id, "product": row.product})


def to_approve(ctx: Context, request: int, note: str) -> LicenceRequest:
    """An open request of the account, before it is approved.

    Refused: not_found (also where the user was shut out meanwhile), request_closed, bad_input.
    """
    if len(note) > requests.LONGEST_NOTE:
        raise Refused("bad_input", field="note")
    row = requests.find(ctx.account, request)
    if not User.objects.filter(account_id=ctx.account, id=row.user_id, is_active=True).exists():
        raise Refused("not_found")
    return row


def approve(ctx: Context, request: int, note: str) -> None:
    """Close a request whose licence is assigned, unless somebody else closed it meanwhile: the licence is given."""
    try:
        _answer(ctx, request, requests.APPROVED, note)
    except Refused as refused:
        if refused.code != "request_closed":
            raise


def decline(ctx: Context, request: int, note: str) -> None:
    """Close a request without a licence."""
    _answer(ctx, request, requests.DECLINED, note)


def _answer(ctx: Context, request: int, status: str, note: str) -> None:
    lock([ctx.account])
    row = requests.find(ctx.account, request)
    requests.close(row, status, ctx.now, by=ctx.actor.user, answer=note)
    _tell(ctx, f"licence_request_{status}", request=row.pk, user=row.user_id, product=row.product)


def _tell(ctx: Context, kind: str, **facts: object) -> None:
    """Write the event and a mail of the outbox: ids only, in both."""
    record(ctx, kind, facts)
    mailing.tell(ctx.account, kind, facts, ctx.now)
