"""Bills: the organisation's invoices and credit notes, each line explained, and paying one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as N_

from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.bill_words import why_words
from seatkeeper.interfaces.portal.views.frame import may, not_there, sees
from seatkeeper.interfaces.web.explain import explain, vat_label

CHIPS = (
    ("all", N_("All")),
    ("open", N_("Open")),
    ("overdue", N_("Overdue")),
    ("paid", N_("Paid")),
    ("credit_note", N_("Credit notes")),
)


@sees("money.see")
def listing(request: HttpRequest) -> HttpResponse:
    """The list, newest first."""
    shown, search = request.GET.get("show", "all"), request.GET.get("search", "")[:100]
    shown = shown if shown in dict(CHIPS) else "all"
    page = calls.invoices(request, search=search, shown=shown)
    chips = [(name, words, page.counts.get(name, 0), name == shown) for name, words in CHIPS]
    context = {"page": page, "chips": chips, "search": search, "may_pay": may(request, "subscription.change")}
    return render(request, "portal/bills.html", context)


@sees("money.see")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One document with the sentence and formula of every line."""
    page = calls.invoice(request, number)
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
