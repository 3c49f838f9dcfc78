"""The portal's way down for bills and documents: as `calls`, of which it is a part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest

from seatkeeper.domain.invoicing import listing as invoicing
from seatkeeper.domain.invoicing import rendering
from seatkeeper.domain.invoicing.listing import WantedInvoices
from seatkeeper.domain.invoicing.rendering import DocumentFile
from seatkeeper.domain.invoicing.rows import InvoicePage, InvoiceRow, InvoicesPage
from seatkeeper.domain.subscriptions import queries
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal.calls import account_row, shelf
from seatkeeper.interfaces.web.session import signed
from seatkeeper.kit.refs import id_from_reference


def invoices(request: HttpRequest, wanted: WantedInvoices) -> InvoicesPage:
    """A page of the organisation's documents. search: part of a number or order, or a subscription's reference."""
    who = signed(request)
    return invoicing.invoices_page(who.organisation, account_row(request), _of_subscription(wanted))


def exported_invoices(request: HttpRequest, wanted: WantedInvoices) -> Iterator[InvoiceRow]:
    """All documents of a filter."""
    return invoicing.exported(account_row(request), _of_subscription(wanted))


def _of_subscription(wanted: WantedInvoices) -> WantedInvoices:
    """A search for S-10001 asks for the documents of that subscription."""
    text = wanted.search.strip()
    return replace(wanted, subscription=id_from_reference(text)) if text.startswith("S-") else wanted


def invoice(request: HttpRequest, number: str) -> InvoicePage | None:
    """One document."""
    return queries.invoice_page(account_row(request), number, state=lambda: shelf(request).state)


def overdue(request: HttpRequest) -> tuple[Shelf, tuple[tuple[str, int], ...]]:
    """The account, and (number, due) of what is overdue, oldest first."""
    found = shelf(request)
    rows = sorted(found.overdue, key=lambda one: (one.due_on, one.id))
    return found, tuple((one.number, one.due_minor) for one in rows)


def document_file(request: HttpRequest, number: str, kind: str) -> DocumentFile | None:
    """A document as PDF or XML, yet to be made; None where the organisation has none of that number."""
    return rendering.document_file(signed(request).ctx.account, number, kind)


def document_archive(request: HttpRequest, wanted: WantedInvoices) -> Iterator[bytes]:
    """The PDFs of all documents of the list's filter, as a ZIP that grows while it is sent."""
    account = account_row(request)
    ids = invoicing.document_ids(account, _of_subscription(wanted))
    return rendering.archive(rendering.each_pdf(account.id, ids))
