"""What pages read about invoices and credit notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from seatkeeper.core.decision import CREDIT_NOTE, VatSum
from seatkeeper.domain.accounts.models import Seller
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.invoicing.comparing import why
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.invoicing.rows import InvoicePage, InvoiceRow, LineRow, Party
from seatkeeper.domain.invoicing.values import line_value
from seatkeeper.kit.refs import reference


def late(on: date) -> Q:
    """What is overdue on a day."""
    return Q(due_minor__gt=0) & (Q(overdue_from__lte=on) | Q(due_on__lt=on))


def overdue(account: int, on: date) -> QuerySet[Document]:
    """The account's documents that are overdue on a day."""
    return Document.objects.filter(late(on), account_id=account)


def status_of(document: Document, today: date) -> str:
    """The word for a document: open, paid, partly_paid, overdue, uncollectible or credit_note."""
    if document.kind == CREDIT_NOTE:
        return CREDIT_NOTE
    if document.status == "uncollectible":
        return "uncollectible"
    if not document.due_minor:
        return "paid"
    since = document.overdue_from
    if (since is not None and since <= today) or document.due_on < today:
        return "overdue"
    return "partly_paid" if document.paid_minor or document.credited_minor else "open"


def invoice_row(document: Document, about: tuple[str, ...], today: date) -> InvoiceRow:
    """A document as the list shows it. about: the names of its products."""
    status = status_of(document, today)
    since = min(one for one in (document.overdue_from, document.due_on) if one is not None)
    return InvoiceRow(
        id=document.id,
        number=document.number,
        kind=document.kind,
        issued_on=document.issued_on,
        due_on=document.due_on,
        about=about,
        gross_minor=document.gross_minor,
        due_minor=document.due_minor,
        currency=document.currency,
        status=status,
        overdue_days=max((today - since).days, 1) if status == "overdue" else 0,
    )


def documents_by_id(account: int, ids: Iterable[int]) -> dict[int, Document]:
    """Some documents of the account by id."""
    return {one.id: one for one in Document.objects.filter(account_id=account, id__in=list(ids))}


def subscription_lines(account: int, subscription: int, *, most: int) -> list[Line]:
    """The newest lines of a subscription, newest first."""
    return list(Line.objects.filter(account_id=account, subscription_id=subscription).order_by("-id")[:most])


def number_of(account: int, document: int) -> str:
    """A document's number."""
    return str(Document.objects.values_list("number", flat=True).get(account_id=account, id=document))


def invoice_page(account: AccountRow, number: str) -> InvoicePage | None:
    """One document of the account with its lines, or None."""
    document = Document.objects.filter(account_id=account.id, number=number).first()
    if document is None:
        return None
    lines = list(Line.objects.filter(account_id=account.id, document_id=document.id).order_by("position"))
    about = tuple(dict.fromkeys(one.arithmetic["product"] for one in lines))
    return InvoicePage(
        account=account,
        row=invoice_row(document, about, account.today),
        seller=_seller(document.seller_id),
        buyer=_buyer(document.buyer),
        lines=tuple(
            LineRow(
                line_value(one), one.arithmetic["product"], one.arithmetic["plan"], reference(one.subscription_id)
            )
            for one in lines
        ),
        vat=tuple(VatSum(*one) for one in document.vat),
        net_minor=document.net_minor,
        vat_minor=document.vat_minor,
        balance_used_minor=document.balance_used_minor,
        payments=(),
        order_reference=document.buyer.get("purchase_order") or None,
        corrects=_corrected(account.id, lines) if document.kind == CREDIT_NOTE else (),
        credited_minor=document.credited_minor,
        paid_minor=document.paid_minor,
        written_off_minor=document.written_off_minor,
        why=why(document, lines),
    )


def _corrected(account: int, lines: list[Line]) -> tuple[str, ...]:
    """The numbers of the documents whose lines a credit note takes back."""
    charged = [take[0] for one in lines for take in one.arithmetic.get("takes", ())]
    documents = Line.objects.filter(account_id=account, id__in=charged).values("document_id")
    rows = Document.objects.filter(account_id=account, id__in=documents).order_by("id")
    return tuple(rows.values_list("number", flat=True))


def _seller(seller: int) -> Party:
    found = Seller.objects.get(id=seller)
    return Party(
        found.name, address_lines(found.address), found.vat_id or None, found.registration_number, found.country
    )


def _buyer(buyer: dict[str, Any]) -> Party:
    address = address_lines(buyer.get("address") or {})
    return Party(buyer.get("name", ""), address, buyer.get("vat_id"), country=buyer.get("country", ""))


def address_lines(address: dict[str, Any]) -> tuple[str, ...]:
    """An address as its lines: street and number, what is added, postcode and town, region."""
    if "lines" in address:
        return tuple(str(one) for one in address["lines"] if one)

    def joined(*names: str) -> str:
        return " ".join(str(address[name]) for name in names if address.get(name))

    parts = (joined("street", "number"), joined("extra"), joined("postcode", "town", "city"), joined("region"))
    return tuple(part for part in parts if part)
