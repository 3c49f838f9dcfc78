"""What pages read about payment methods and payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from seatkeeper.domain.invoicing.rows import PaymentRow
from seatkeeper.domain.payments.models import Attempt, Method
from seatkeeper.domain.payments.operations import DECLINED, SUCCEEDED
from seatkeeper.domain.payments.ports import AUTHENTICATION
from seatkeeper.domain.payments.rows import MethodRow


def _label(label: str, brand: str, last_four: str) -> str:
    return f"{brand} {last_four}" if brand and last_four else label


def methods(
    account: int, *, default: int | None, backup: int | None, pays: Mapping[int, int]
) -> dict[int, MethodRow]:
    """The account's payment methods by id, without those replaced or removed. pays: subscriptions by method."""
    columns = ("id", "kind", "label", "brand", "last_four", "expires_on", "blocked")
    rows = Method.objects.filter(account_id=account, replaced_by__isnull=True, removed_at__isnull=True).order_by("id")
    return {
        id_: MethodRow(
            id=id_,
            kind=kind,
            label=_label(label, brand, last_four),
            expires_on=expires_on,
            blocked=blocked,
            is_default=id_ == default,
            is_backup=id_ == backup,
            pays=pays.get(id_, 0),
            brand=brand,
            last_four=last_four,
        )
        for id_, kind, label, brand, last_four, expires_on, blocked in rows.values_list(*columns)
    }


KINDS = {"received": "transfer", "refund": "refund"}


def payments_of(account: int, documents: Iterable[int]) -> dict[int, tuple[PaymentRow, ...]]:
    """Payments, refunds and declined tries by document, oldest first."""
    wanted = list(documents)
    columns = ("document_id", "purpose", "status", "at", "amount_minor", "method_id", "reason")
    rows = list(
        Attempt.objects.filter(account_id=account, document_id__in=wanted, status__in=(SUCCEEDED, DECLINED))
        .order_by("id")
        .values_list(*columns)
    )
    names = _names(account)
    found: dict[int, list[PaymentRow]] = {}
    for document, purpose, status, at, amount, method, reason in rows:
        kind = "declined" if status == DECLINED else KINDS.get(purpose, "payment")
        method_kind, label = names.get(method, ("", ""))
        signed = -amount if purpose == "refund" else amount
        found.setdefault(document, []).append(PaymentRow(kind, at, signed, method_kind, label, reason))
    return {document: tuple(payments) for document, payments in found.items()}


def expiring(account: int, until: date) -> QuerySet[Method]:
    """The account's cards whose last day comes by a date."""
    return Method.objects.filter(
        account_id=account, expires_on__lte=until, replaced_by__isnull=True, removed_at__isnull=True
    )


def refused_because(account: int, document: int, method: int | None) -> str:
    """Why a document's charge was declined last; where there was none, why its method's was."""
    declined = Attempt.objects.filter(account_id=account, status=DECLINED)
    own = declined.filter(Q(document_id=document) | Q(method_id=method, hard=True))
    rows = own.order_by("-id").values_list("document_id", "reason")
    return next(iter(sorted(rows[:50], key=lambda row: row[0] != document)), (None, ""))[1]


def declined(account: int, documents: QuerySet[Any] | Iterable[int]) -> QuerySet[Attempt]:
    """The tries to charge some documents that failed."""
    return Attempt.objects.filter(account_id=account, status=DECLINED, document_id__in=documents)


def _names(account: int) -> dict[int, tuple[str, str]]:
    rows = Method.objects.filter(account_id=account).values_list("id", "kind", "label", "brand", "last_four")
    return {id_: (kind, _label(label, brand, four)) for id_, kind, label, brand, four in rows}


@dataclass(frozen=True, slots=True)
class Paid:
    """What a command's attempts came to. waiting: the outcome of one is not known yet."""

    amount_minor: int = 0
    label: str = ""
    declined: str = ""
    waiting: bool = False


def paid_by(account: int, attempts: Iterable[int]) -> Paid:
    """What became of some attempts together."""
    wanted = list(attempts)
    if not wanted:
        return Paid()
    columns = ("status", "amount_minor", "method_id", "reason", "purpose")
    rows = list(Attempt.objects.filter(account_id=account, id__in=wanted).values_list(*columns))
    charges = [row for row in rows if row[4] != "refund"]
    taken = [row for row in charges if row[0] == SUCCEEDED]
    label = _names(account).get(taken[0][2], ("", ""))[1] if taken else ""
    declined = next((row[3] for row in charges if row[0] == DECLINED), "")
    return Paid(sum(row[1] for row in taken), label, declined, any(row[0] == "pending" for row in charges))


def documents_of(account: int, attempts: Iterable[int]) -> list[int]:
    """The documents that some attempts were for, in their order."""
    rows = Attempt.objects.filter(account_id=account, id__in=list(attempts), document_id__isnull=False)
    return [document for document in rows.order_by("id").values_list("document_id", flat=True) if document]


def to_confirm(account: int, token: str, attempts: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Id and amount of the payments that the bank wants their person to confirm: some attempts, and that of a command.

    token: of the command's preview.
    """
    waiting = Attempt.objects.filter(account_id=account, status="pending", reason=AUTHENTICATION).order_by("id")
    wanted = set(attempts)
    rows = list(waiting.values_list("id", "amount_minor", "frozen"))
    return tuple((id_, amount) for id_, amount, kept in rows if id_ in wanted or (kept or {}).get("token") == token)
