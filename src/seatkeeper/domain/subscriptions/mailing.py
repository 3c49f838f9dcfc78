"""The outbox's rows: which mails a decision causes, in the same transaction and in bulk. Sending is `domain.mail`.

A mail that tells the same as another is left out: a try's outcome says more than its announcement, and what an unpaid
invoice disables is told once for all its subscriptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from seatkeeper.core.calendar import first_instant, local_date
from seatkeeper.core.decision import CREDIT_NOTE
from seatkeeper.core.notices import coming
from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import BACKUP, CARD, DELETED, DISABLED, OFF, SCHEDULED, TRIAL
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.payments.operations import SUCCEEDED
from seatkeeper.domain.subscriptions.models import MailRow
from seatkeeper.kit.bulk import Table

if TYPE_CHECKING:
    from seatkeeper.domain.subscriptions.applying import Write

MAILS = Table(MailRow)
COLUMNS = (
    "account_id", "kind", "facts", "document_id", "at", "state", "due_at", "tries", "claim", "problem", "subject",
)
WAITING, CLAIMED, HANDING, SENT, UNSURE, FAILED, DROPPED, KEPT = (
    "waiting", "claimed", "handing", "sent", "unsure", "failed", "dropped", "kept",
)
ORDERS = frozenset({"buy", "order", "start_trial", "buy_trial_now", "reactivate"})
CANCELLING = frozenset({"cancel", "close", "set_recurring", "set_many_recurring", "set_renewal"})
"""Commands that may end subscriptions."""
AWAITED = frozenset({"payment_failed", "payment_reminder"})
"""Messages that the next step of dunning waits for."""

Told = tuple[str, dict[str, Any], int | None]
"""(kind, facts, document that dunning waits for or None)."""


def row(account: int, told: Told, at: datetime, *, state: str) -> tuple[Any, ...]:
    """A mail as COLUMNS."""
    kind, facts, awaited = told
    return account, kind, facts, awaited, at, state, at, 0, "", "", ""


def write(rows: Sequence[tuple[Any, ...]]) -> None:
    """Put mails in the outbox."""
    MAILS.insert(COLUMNS, rows)


def tell(account: int, kind: str, facts: dict[str, Any], at: datetime) -> None:
    """Put one mail about something that is no decision in the outbox, in the caller's transaction."""
    timezone, clock_at = Account.objects.values_list("timezone", "seller__clock_at").get(id=account)
    own = {**facts, "told_on": local_date(at, timezone).isoformat()}
    write([row(account, (kind, own, None), at, state=WAITING if clock_at is None else KEPT)])


def invite(account: int, user: int, by: int | None, at: datetime) -> None:
    """Put an invitation in the outbox. It goes whatever clock the seller has: somebody waits to come in.

    at: the system's instant. The link is made when the letter goes, so that its token is kept nowhere.
    """
    write([row(account, ("invitation", {"user": user, "by": by}, None), at, state=WAITING)])


def withdraw_invitations(account: int, user: int, at: datetime) -> None:
    """Drop the invitations of somebody who is shut out that have not gone yet."""
    waiting = MailRow.objects.filter(account_id=account, kind="invitation", facts__user=user, state=WAITING)
    waiting.update(state=DROPPED, settled_at=at, problem="no longer true")


def untold(account_ids: Sequence[int]) -> set[tuple[int, int]]:
    """The (account, document) pairs with a dunning message that has not gone out."""
    where = "AND state IN ('waiting', 'claimed', 'handing') AND document_id IS NOT NULL"
    return {(row[0], row[1]) for row in MAILS.select(("account_id", "document_id"), account_ids, where=where)}


def notice_at(write: Write, found: Subscription) -> datetime | None:
    """When the subscription's people are next told of what comes."""
    state = write.loaded.state
    if not state.seller.sends_mail:
        return None
    notice = coming(found, state.catalog.plans[found.plan], write.decision.on)
    return first_instant(notice.sent_on, state.timezone) if notice else None


def mails_of(write: Write) -> list[tuple[Any, ...]]:
    """The mails that a decision causes, after its ids and numbers were given."""
    state = WAITING if write.loaded.state.seller.sends_mail else KEPT
    told = [*_orders(write), *_documents(write), *_payments(write), *_notices(write)]
    for _, facts, _ in told:
        facts["told_on"] = write.decision.on.isoformat()
    return [row(write.loaded.account.id, one, write.decision.at, state=state) for one in told]


def _orders(write: Write) -> Iterator[Told]:
    decision = write.decision
    if decision.command in ORDERS:
        ids = [one.id for one in write.subscriptions if one.status in (TRIAL, SCHEDULED) or one.term_start]
        documents = [id_ for id_, _, _ in write.documents]
        yield "order", {"command": decision.command, "subscriptions": ids, "documents": documents}, None
    elif decision.command in CANCELLING:
        for before, after in decision.subscriptions:
            if before is not None and _cancelled(before, after):
                yield "cancelled", {"subscription": after.id}, None


def _cancelled(before: Subscription, after: Subscription) -> bool:
    """Whether a decision ends a subscription, now or at the end of its term."""
    if before.status != after.status:
        return after.status in (DISABLED, DELETED)
    return before.recurring != OFF and after.recurring == OFF


def _documents(write: Write) -> Iterator[Told]:
    """An invoice that waits for money, or needs none; one that was paid on the spot is told of by its receipt.

    One that goes to a card at once is told of by what becomes of that charge.
    """
    methods = write.loaded.state.methods
    for id_, _, document in write.documents:
        if document.kind == CREDIT_NOTE:
            yield "credit_note", {"document": id_}, None
        elif write.taken is not None and document.charge_minor:
            yield "receipt", {"document": id_, "sum_minor": document.charge_minor}, None
        else:
            charged = document.charge_to or document.method
            method = methods.get(charged) if charged is not None else None
            at_once = document.charge_minor and (method is None or method.kind == CARD)
            if not at_once:
                yield "invoice", {"document": id_}, None


def _payments(write: Write) -> Iterator[Told]:
    one = write.settled
    if one is not None and one.status == SUCCEEDED and one.document is not None:
        facts = dict(write.decision.facts)
        if "paid_minor" in facts:
            paid: dict[str, Any] = {"document": one.document, "sum_minor": one.amount_minor}
            if one.turn == BACKUP:
                own = {document.id: document.method for document in write.loaded.state.documents}
                paid |= {"method": one.method, "instead_of": own.get(one.document)}
            yield "receipt", paid, None
    if write.decision.command == "receive_payment":
        for change in write.decision.document_changes:
            if change.by_payment_minor:
                yield "receipt", {"document": change.id, "sum_minor": change.by_payment_minor}, None


def _notices(write: Write) -> Iterator[Told]:
    decision = write.decision
    tried = {one.document for one in decision.tries}
    for notice in decision.notices:
        facts = {key: plain(value) for key, value in notice.facts}
        document = facts.get("document")
        if notice.kind == "payment_reminder" and document in tried:
            continue
        if notice.kind == "backup_charged":
            continue
        if notice.kind == "disabled" and facts.get("reason") in ("unpaid", "cancelled"):
            continue
        yield notice.kind, facts, document if notice.kind in AWAITED else None


def plain(value: object) -> Any:
    """A fact as JSON takes it."""
    return value if isinstance(value, int | str | bool | type(None)) else str(value)
