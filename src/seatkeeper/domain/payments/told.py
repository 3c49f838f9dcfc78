"""What gateways tell by themselves: kept once, found again, and the disputes among it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.payments.models import Attempt, Dispute, Method, Told
from seatkeeper.domain.payments.ports import OPENED, Charge, Happening, Refund

NEW, DONE, UNKNOWN, OPEN, LOOKED = "new", "done", "unknown", "open", "looked"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class ToldRow:
    """Something that was told, as it is kept."""

    id: str
    at: datetime
    received_at: datetime
    kind: str
    said: str
    key: str
    amount_minor: int
    currency: str
    reason: str
    reference: str
    state: str


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute, with the account's own key and the document that the payment was for."""

    reference: str
    account: str
    document: int | None
    amount_minor: int
    currency: str
    reason: str
    status: str
    opened_at: datetime
    closed_at: datetime | None


def keep(gateway: str, told: Happening, received_at: datetime) -> str:
    """Keep what was told, once; its state."""
    own = f"{gateway}.{told.id}"
    facts = dict(
        gateway=gateway, kind=told.kind, key=told.key[:64], said=told.said, at=told.at, currency=told.currency[:3],
        amount_minor=told.amount_minor, reason=told.reason[:64], reference=told.reference[:120],
        received_at=received_at,
    )  # fmt: skip
    with transaction.atomic():
        Told.objects.bulk_create([Told(id=own, **facts)], ignore_conflicts=True)
    return Told.objects.values_list("state", flat=True).get(id=own)


def mark(gateway: str, told: Happening, state: str) -> None:
    """Note what became of it."""
    with transaction.atomic():
        Told.objects.filter(id=f"{gateway}.{told.id}", state=NEW).update(state=state)


def looked(own: str) -> bool:
    """A person has looked at what was open; False where nothing is open under that id."""
    with transaction.atomic():
        return bool(Told.objects.filter(id=own, state=OPEN).update(state=LOOKED))


def newest(gateway: str) -> datetime | None:
    """The instant of the last thing that a gateway told."""
    return Told.objects.filter(gateway=gateway).order_by("-at").values_list("at", flat=True).first()


def known(gateway: str, ids: Iterable[str]) -> set[str]:
    """Those of a gateway's own ids that were kept and came to an end."""
    wanted, found = [f"{gateway}.{own}" for own in ids], set[str]()
    for start in range(0, len(wanted), CHUNK):
        rows = Told.objects.filter(id__in=wanted[start : start + CHUNK]).exclude(state=NEW)
        found.update(own.partition(".")[2] for own in rows.values_list("id", flat=True))
    return found


def waiting() -> tuple[int, datetime | None]:
    """How many things that were told are not applied yet, and since when the first has waited."""
    found = Told.objects.extra(where=["state IN ('new', 'open')", "state = 'new'"])  # the first as the index has it
    told = found.aggregate(count=Count("id"), first=Min("received_at"))
    return told["count"], told["first"]


def not_applied(gateway: str) -> list[Happening]:
    """What was kept and not applied, as the process was killed or the gateway away."""
    rows = Told.objects.filter(gateway=gateway, state=NEW).order_by("at", "id")
    return [
        Happening(one.id.partition(".")[2], one.kind, one.key, one.said, one.at, one.amount_minor, one.currency,
                  one.reason, one.reference)
        for one in rows
    ]  # fmt: skip


def rows(*, limit: int, only_open: bool = False) -> list[ToldRow]:
    """What was told, newest first."""
    found = Told.objects.filter(state__in=(NEW, OPEN)) if only_open else Told.objects.all()
    columns = ToldRow.__dataclass_fields__
    return [ToldRow(*row) for row in found.order_by("-received_at", "-id").values_list(*columns)[:limit]]


def disputes(*, limit: int, accounts: Iterable[int] | None = None) -> list[DisputeRow]:
    """Disputes, newest first."""
    found = Dispute.objects.all() if accounts is None else Dispute.objects.filter(account_id__in=list(accounts))
    taken = list(found.order_by("-opened_at", "reference")[:limit])
    keys = dict(Account.objects.filter(id__in={one.account_id for one in taken}).values_list("id", "key"))
    attempts = Attempt.objects.filter(account_id__in=list(keys), id__in={one.attempt for one in taken})
    documents = {(row[0], row[1]): row[2] for row in attempts.values_list("account_id", "id", "document_id")}
    return [
        DisputeRow(one.reference, keys[one.account_id], documents.get((one.account_id, one.attempt)), one.amount_minor,
                   one.currency, one.reason, one.status, one.opened_at, one.closed_at)
        for one in taken
    ]  # fmt: skip


def dispute(account: int, attempt: int, reference: str, told: Happening) -> str:
    """Note how a dispute stands, under the account's lock: what changed by it, opened or closed; empty for nothing.

    Told late or again nothing changes: what was closed stays so.
    """
    known = Dispute.objects.filter(account_id=account, reference=reference).first()
    closed_at = None if told.said == OPENED else told.at
    if known is None:
        Dispute.objects.create(
            account_id=account, reference=reference, attempt=attempt, amount_minor=told.amount_minor,
            currency=told.currency, reason=told.reason, status=told.said, opened_at=told.at, closed_at=closed_at,
        )  # fmt: skip
        return "opened" if told.said == OPENED else "closed"
    if known.status != OPENED:
        if told.said == OPENED and told.at < known.opened_at:
            Dispute.objects.filter(account_id=account, reference=reference).update(opened_at=told.at)
        return ""
    if told.said == OPENED:
        return ""
    Dispute.objects.filter(account_id=account, reference=reference).update(status=told.said, closed_at=closed_at)
    return "closed"


@dataclass(frozen=True, slots=True)
class Asked:
    """An attempt as its gateway was asked: the charge, or the refund of one."""

    gateway: str
    purpose: str
    status: str
    document: int | None
    question: Charge | Refund


def asked(account: int, attempt: int, now: datetime) -> Asked | None:
    """An attempt that a gateway was asked about; None for none, and for money that came by bank transfer."""
    one = Attempt.objects.filter(account_id=account, id=attempt).first()
    paid = one
    if one is not None and one.refunds is not None:
        paid = Attempt.objects.filter(account_id=account, id=one.refunds).first()
    if one is None or paid is None or paid.method_id is None:
        return None
    method = Method.objects.filter(account_id=account, id=paid.method_id).first()
    if method is None or not method.gateway:
        return None
    key, facts = f"{account}-{attempt}", (one.amount_minor, one.currency, now)
    question: Charge | Refund = Charge(key, method.token, *facts)
    if one.purpose == "refund":
        question = Refund(key, f"{account}-{paid.id}", *facts)
    return Asked(method.gateway, one.purpose, one.status, one.document_id, question)
