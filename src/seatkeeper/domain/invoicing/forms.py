"""Reading documents' forms: what was kept on the day of issue, and nothing that may have changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from seatkeeper.core.decision import CREDIT_NOTE, INVOICE, VatSum
from seatkeeper.core.invoicing.reference import creditor_reference
from seatkeeper.domain.accounts.operations import letterheads, logo
from seatkeeper.domain.invoicing.form import (
    TEMPLATE,
    Bank,
    Buyer,
    Form,
    FormLine,
    Look,
    NationalVat,
    Payment,
    Seller,
    place,
)
from seatkeeper.domain.invoicing.models import Document, Line, SellerForm
from seatkeeper.domain.invoicing.values import line_value
from seatkeeper.kit.refs import reference

Corrected = dict[int, tuple[str, date]]


def load_forms(account: int, documents: Sequence[int]) -> dict[int, Form]:
    """The forms of some of an account's documents, by id. Costs four queries, whatever their number."""
    found = list(Document.objects.filter(account_id=account, id__in=list(documents)))
    lines: dict[int, list[Line]] = {}
    ids = [one.id for one in found]
    for line in Line.objects.filter(account_id=account, document_id__in=ids).order_by("document_id", "position"):
        lines.setdefault(line.document_id, []).append(line)
    corrected = _corrected(account, [line for own in lines.values() for line in own])
    sellers = _sellers(found)
    return {
        one.id: _form(one, lines.get(one.id, []), sellers[one.seller_id, one.form], corrected) for one in found
    }


def _takes(line: Line) -> list[int]:
    return [take[0] for take in line.arithmetic.get("takes", ())]


def _corrected(account: int, lines: Sequence[Line]) -> Corrected:
    """Number and date of the document of each charge line that some lines take back, by that line's id."""
    charged = sorted({id_ for line in lines for id_ in _takes(line)})
    if not charged:
        return {}
    of = dict(Line.objects.filter(account_id=account, id__in=charged).values_list("id", "document_id"))
    rows = Document.objects.filter(account_id=account, id__in=set(of.values())).values_list("id", "number", "issued_on")
    known = {id_: (number, issued_on) for id_, number, issued_on in rows}
    return {line: known[document] for line, document in of.items()}


def _sellers(documents: Sequence[Document]) -> dict[tuple[int, str], dict[str, Any]]:
    """The sellers' kept facts by (seller, digest). A document from before they were kept has the seller's of today."""
    wanted = {(one.seller_id, one.form) for one in documents}
    rows = SellerForm.objects.filter(digest__in=[digest for _, digest in wanted if digest])
    found = {(one.seller_id, one.digest): one.facts for one in rows}
    bare = sorted({seller for seller, digest in wanted if not digest})
    for seller, facts in letterheads(bare).items():
        found[seller, ""] = {**facts, "template": TEMPLATE}
    return found


@lru_cache(maxsize=64)
def _logo(digest: str) -> tuple[str, bytes]:
    """A logo, which never changes, as it is found by what it is."""
    return logo(digest)


def _seller(facts: dict[str, Any]) -> Seller:
    own = facts["letterhead"] or {}
    kind, picture = _logo(own.get("logo", ""))
    return Seller(
        name=facts["name"],
        place=place(facts["address"] or {}, facts["country"]),
        vat_id=facts["vat_id"],
        registration=facts["registration_number"],
        email=own.get("email", ""),
        phone=own.get("phone", ""),
        website=own.get("website", ""),
        bank=Bank(own.get("iban", ""), own.get("bic", ""), own.get("holder", "") or facts["name"]),
        look=Look(own.get("colour", ""), picture, kind),
        notes=tuple((language, own[f"note_{language}"]) for language in ("en", "nl") if own.get(f"note_{language}")),
    )


def _form(document: Document, lines: Sequence[Line], facts: dict[str, Any], corrected: Corrected) -> Form:
    settlement = document.settlement or {}
    charged = [id_ for line in lines for id_ in _takes(line)]
    orders = [line.arithmetic.get("order", "") for line in lines]
    return Form(
        number=document.number,
        kind=document.kind,
        template=facts["template"],
        language="nl" if document.printed.get("language", "en").startswith("nl") else "en",
        currency=document.currency,
        issued_on=document.issued_on,
        due_on=document.due_on,
        seller=_seller(facts),
        buyer=_buyer(document.buyer or {}),
        lines=tuple(
            FormLine(line_value(one), one.arithmetic["product"], one.arithmetic["plan"],
                     reference(one.subscription_id), order)
            for one, order in zip(lines, orders, strict=True)
        ),
        vat=tuple(VatSum(*one) for one in document.vat),
        net_minor=document.net_minor,
        vat_minor=document.vat_minor,
        gross_minor=document.gross_minor,
        payment=_payment(document),
        corrects=tuple(sorted({corrected[id_] for id_ in charged})),
        national=_national(document.printed.get("national")),
        to_balance_minor=settlement.get("to_balance", 0),
        lowered_minor=sum(one[1] for one in settlement.get("lowers", ())),
        refunded_minor=sum(one[1] for one in settlement.get("refunds", ())),
    )  # fmt: skip


def _buyer(kept: dict[str, Any]) -> Buyer:
    return Buyer(
        name=kept.get("name", ""),
        place=place(kept.get("address") or {}, kept.get("country", "")),
        vat_id=kept.get("vat_id") or "",
        key=kept.get("key", ""),
        purchase_order=kept.get("purchase_order", ""),
        exempt=kept.get("exempt", ""),
    )


def _payment(document: Document) -> Payment:
    kept = document.printed
    return Payment(
        method=kept.get("method", ""),
        label=kept.get("label", ""),
        terms_days=kept.get("terms", 0),
        balance_minor=kept.get("balance", document.balance_used_minor),
        paid_minor=kept.get("paid", 0),
        due_minor=0 if document.kind == CREDIT_NOTE else kept.get("due", document.gross_minor),
        reference=creditor_reference(document.number) if document.kind == INVOICE else "",
    )


def _national(kept: dict[str, Any] | None) -> NationalVat | None:
    if kept is None:
        return None
    return NationalVat(
        kept["currency"], kept["vat"], kept["per_euro"], kept["into_per_euro"], date.fromisoformat(kept["on"]),
        kept["source"],
    )  # fmt: skip
