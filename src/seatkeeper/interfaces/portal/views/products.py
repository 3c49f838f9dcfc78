"""Products & services: the list and one subscription."""

from __future__ import annotations

import csv
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.subscriptions.listing import FILTERS, SORTS, products_page
from seatkeeper.domain.subscriptions.rows import ProductsPage
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.menus import action_items, menu_items
from seatkeeper.interfaces.portal.views.frame import may, not_there, sees
from seatkeeper.interfaces.web.text import plain
from seatkeeper.interfaces.web.words import STATUS, gettext, term_and_payment

CHIPS = (
    ("all", N_("All")),
    ("renewing", N_("Renewing")),
    ("expiring", N_("Expiring")),
    ("trial", N_("Trial")),
    ("past_due", N_("Past due")),
    ("inactive", N_("Not active")),
)
HEADS = (
    ("product", N_("Product and plan"), ""),
    ("licences", N_("Licences"), "col-licences"),
    ("status", N_("Status"), "col-status"),
    ("date", N_("Renews / expires"), "col-date"),
    ("price", N_("Price"), "col-price number"),
    ("invoice", N_("Next invoice"), "col-invoice number"),
)
MONEY_HEADS = frozenset({"price", "invoice"})


def _read(request: HttpRequest) -> ProductsPage:
    query = request.GET
    shown, sort = query.get("show", "all"), query.get("sort", "")
    return products_page(
        calls.shelf(request),
        search=query.get("search", "")[:100],
        shown=shown if shown in FILTERS else "all",
        sort=sort if sort in SORTS else "",
        descending=query.get("order") == "down",
    )


@sees("subscription.see")
def listing(request: HttpRequest) -> HttpResponse:
    """The list with its filters, sums and actions."""
    page, money = _read(request), may(request, "money.see")
    rows = [(row, menu_items(request, row)) for row in page.rows]
    shown = request.GET.get("show", "all")
    context = {
        "page": page,
        "rows": rows,
        "money": money,
        "chips": [
            (name, words, page.counts[name], name == shown, _address(request, show=name))
            for name, words in CHIPS
            if page.counts[name] or name in ("all", shown)
        ],
        "heads": [_head(request, *head) for head in HEADS if money or head[0] not in MONEY_HEADS],
        "search": request.GET.get("search", ""),
        "filtered": shown != "all" or bool(request.GET.get("search")),
        "export": f"/products.csv?{request.GET.urlencode()}",
    }
    return render(request, "portal/products.html", context)


def _address(request: HttpRequest, **changes: str) -> str:
    query = {key: value for key, value in request.GET.items() if value} | changes
    chosen = urlencode({key: value for key, value in query.items() if value != "all"})
    return f"/products?{chosen}" if chosen else "/products"


def _head(request: HttpRequest, name: str, words: str, css: str) -> dict[str, object]:
    current = request.GET.get("sort") == name
    down = request.GET.get("order") == "down"
    return {
        "words": gettext(words),
        "css": css,
        "sort": ("descending" if down else "ascending") if current else "",
        "address": _address(request, sort=name, order="down" if current and not down else "up"),
    }


def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV, with the same filter."""
    return _export(request)


@sees("money.see")
def _export(request: HttpRequest) -> HttpResponse:
    page = _read(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="products.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([plain(words) for words in CSV_HEADS])
    for row in page.rows:
        next_invoice = row.next_invoice
        cells = [
            row.reference,
            row.name,
            term_and_payment(row.plan),
            gettext(STATUS[row.status].words),
            row.seats,
            row.pool.assigned,
            row.pool.available,
            row.milestone.on.isoformat() if row.milestone else "",
            next_invoice.on.isoformat() if next_invoice else "",
            next_invoice.gross_minor if next_invoice else "",
            row.currency,
        ]
        writer.writerow([safe_cell(cell) for cell in cells])
    return response


CSV_HEADS = (
    N_("Number"),
    N_("Product"),
    N_("Plan"),
    N_("Status"),
    N_("Licences"),
    N_("Assigned"),
    N_("Available"),
    N_("Date"),
    N_("Next invoice"),
    N_("Amount in minor units, incl. VAT"),
    N_("Currency"),
)


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet reads as a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@sees("subscription.see")
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One subscription: its life cycle, licences, billing, what comes next, timeline and documents."""
    page = calls.subscription(request, reference)
    if page is None:
        return not_there(request)
    context = {
        "page": page,
        "row": page.row,
        "money": may(request, "money.see"),
        "actions": action_items(request, page.row),
        "may_change": may(request, "subscription.change"),
        "may_assign": may(request, "license.assign"),
        "renewal_open": page.renewal_open,
    }
    return render(request, "portal/subscription.html", context)
