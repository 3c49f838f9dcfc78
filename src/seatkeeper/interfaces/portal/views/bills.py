"""Bills: the organisation's invoices and credit notes, each line explained, and paying one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.money import plain as decimal
from seatkeeper.domain.invoicing.listing import SORTS, WantedInvoices
from seatkeeper.domain.invoicing.rows import InvoiceRow
from seatkeeper.interfaces.portal import bill_calls
from seatkeeper.interfaces.portal.bill_words import why_words
from seatkeeper.interfaces.portal.sheets.reading import read_day
from seatkeeper.interfaces.portal.spreadsheets import long_spreadsheet
from seatkeeper.interfaces.portal.views.frame import may, not_there, sees
from seatkeeper.interfaces.web.explain import explain, vat_label
from seatkeeper.kit.paging import DEFAULT_SIZE, SIZES

CHIPS = (
    ("all", N_("All")),
    ("open", N_("Open")),
    ("overdue", N_("Overdue")),
    ("paid", N_("Paid")),
    ("credit_note", N_("Credit notes")),
)


PERIODS = (
    ("12-months", N_("Last 12 months")),
    ("this-year", N_("This year")),
    ("last-year", N_("Last year")),
    ("all", N_("All years")),
    ("between", N_("From and to")),
)
HEADS = (("date", N_("Date")), ("total", N_("Total")), ("due", N_("Due")))
PAGING = ("after", "before")


def wanted(query: QueryDict) -> WantedInvoices:
    """What an address asks of the list; what is none of the known values is passed over.

    A search without a period looks in all years: who looks for a number does not know its date.
    """
    search, shown, size = query.get("search", "")[:100], query.get("show", "all"), query.get("size", "")
    period, sort = query.get("period", "all" if search.strip() else "12-months"), query.get("sort", "date")
    return WantedInvoices(
        search=search,
        shown=shown if shown in dict(CHIPS) else "all",
        period=period if period in dict(PERIODS) else "12-months",
        start=read_day(query.get("from", "")),
        end=read_day(query.get("to", "")),
        sort=sort if sort in SORTS else "date",
        ascending=query.get("order") == "up",
        after=query.get("after", "")[:60],
        before=query.get("before", "")[:60],
        size=int(size) if size in map(str, SIZES) else DEFAULT_SIZE,
    )


def address(request: HttpRequest, path: str = "/bills", **changes: str) -> str:
    """The list's address with some of its filters changed, from the first page on."""
    query = {name: value for name, value in request.GET.items() if name not in PAGING and value} | changes
    pairs = [(name, value) for name, value in query.items() if value and (name, value) != ("show", "all")]
    return f"{path}?{urlencode(pairs)}" if pairs else path


@sees("money.see")
def listing(request: HttpRequest) -> HttpResponse:
    """The list, newest first, by filter, period and page."""
    asked = wanted(request.GET)
    page = bill_calls.invoices(request, asked)
    context = {
        "page": page,
        "asked": asked,
        "chips": [
            (words, page.counts.get(name, 0), name == asked.shown, address(request, show=name))
            for name, words in CHIPS
        ],
        "periods": [(name, words, name == asked.period) for name, words in PERIODS],
        "heads": {name: _head(request, asked, name, words) for name, words in HEADS},
        "sizes": [(size, size == asked.size, address(request, size=str(size))) for size in SIZES],
        "kept": [(name, value) for name, value in request.GET.items() if name in ("show", "sort", "order", "size")],
        "export": address(request, "/bills.csv"),
        "archive": address(request, "/bills.zip"),
        "previous": address(request, before=page.before) if page.before else "",
        "next": address(request, after=page.after) if page.after else "",
        "filtered": bool(asked.search or asked.shown != "all" or asked.period != "12-months"),
        "may_pay": may(request, "subscription.change"),
    }
    return render(request, "portal/bills.html", context)


def _head(request: HttpRequest, asked: WantedInvoices, name: str, words: str) -> dict[str, str]:
    current = asked.sort == name
    order = "" if current and asked.ascending else "up" if current else ""
    return {
        "words": gettext(words),
        "sort": ("ascending" if asked.ascending else "descending") if current else "",
        "address": address(request, sort=name, order=order),
    }


@sees("money.see")
def export(request: HttpRequest) -> HttpResponse:
    """The filter as CSV, all its pages, sent as it is read."""
    rows = bill_calls.exported_invoices(request, wanted(request.GET))
    heads = (
        N_("Number"), N_("Kind"), N_("Date"), N_("Due date"), N_("For"), N_("Total"), N_("Due"), N_("Currency"),
        N_("Status"),
    )  # fmt: skip
    return long_spreadsheet("invoices", heads, map(_cells, rows))


def _cells(row: InvoiceRow) -> tuple[str, ...]:
    amounts = (decimal(row.gross_minor, row.currency), decimal(row.due_minor, row.currency))
    return (
        row.number, row.kind, row.issued_on.isoformat(), row.due_on.isoformat(), ", ".join(row.about), *amounts,
        row.currency, row.status,
    )  # fmt: skip


@sees("money.see")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One document with the sentence and formula of every line."""
    page = bill_calls.invoice(request, number)
    if page is None:
        return not_there(request)
    context = {
        "page": page,
        "row": page.row,
        "lines": [(one, explain(one.line, page.row.currency)) for one in page.lines],
        "vat": [(vat_label(one), one.vat_minor) for one in page.vat],
        "may_pay": may(request, "subscription.change") and page.row.due_minor > 0,
        "why": why_words(page.why, page.row.currency) if page.why is not None else None,
    }
    return render(request, "portal/bill.html", context)
