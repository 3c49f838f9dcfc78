"""A document beside the one before it: why its total differs (SCREENS.md 4.6)."""

from __future__ import annotations

from collections.abc import Iterable

from seatkeeper.core.decision import INVOICE
from seatkeeper.core.invoicing.compare import REGULAR, causes, comparable
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.invoicing.rows import CauseRow, Why
from seatkeeper.domain.invoicing.values import line_value
from seatkeeper.kit.refs import reference


def why(document: Document, lines: Iterable[Line]) -> Why | None:
    """What makes an invoice differ from the newest earlier one that charged a period of one of its subscriptions.

    None where there is none before it, or it charges no period itself.
    """
    rows = list(lines)
    values = [line_value(one) for one in rows]
    charged = comparable(values)
    if document.kind != INVOICE or not charged:
        return None
    every = Line.objects.filter(account_id=document.account_id)
    invoices = Document.objects.filter(account_id=document.account_id, kind=INVOICE, id__lt=document.id)
    before = every.filter(
        subscription_id__in=charged, kind__in=REGULAR, document_id__in=invoices.values("id")
    ).order_by("-document_id").values_list("document_id", flat=True).first()  # fmt: skip
    if before is None:
        return None
    earlier = Document.objects.get(account_id=document.account_id, id=before)
    old_rows = list(every.filter(document_id=before).order_by("position"))
    known = every.filter(subscription_id__in=charged, document_id__lt=document.id)
    names = {one.subscription_id: one.arithmetic["product"] for one in (*old_rows, *rows)}
    found = causes(
        [line_value(one) for one in old_rows], values,
        known=frozenset(known.order_by().values_list("subscription_id", flat=True).distinct()),
        currency=document.currency,
    )  # fmt: skip
    return Why(
        number=earlier.number,
        difference_minor=document.gross_minor - earlier.gross_minor,
        causes=tuple(
            CauseRow(
                one.kind, one.amount_minor, one.before, one.after,
                names[one.subscription] if one.subscription is not None else "",
                reference(one.subscription) if one.subscription is not None else "",
            )
            for one in found
        ),
    )  # fmt: skip
