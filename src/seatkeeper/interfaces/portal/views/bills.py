"""Bills: the organisation's invoices and credit notes, each line explained, and paying one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import CHARGED_AT_ONCE
from seatkeeper.domain.invoicing.rows import InvoicePage
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.bill_words import why_words
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.parts import Change, Outcome, Pay, foot, money_button
from seatkeeper.interfaces.portal.sheets.reading import Arguments
from seatkeeper.interfaces.portal.sheets.stale import stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.sheets import Shown, preview_shown
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.explain import explain, vat_label
from seatkeeper.interfaces.web.formatting import money
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain

CHIPS = (
    ("all", N_("All")),
    ("open", N_("Open")),
    ("overdue", N_("Overdue")),
    ("paid", N_("Paid")),
    ("credit_note", N_("Credit notes")),
)

BY_TRANSFER = N_("No payment method on file can be charged. Pay this invoice by bank transfer, naming its number.")


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


@sees("money.see")
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet that pays one invoice in full by a payment method on file."""
    page = calls.invoice(request, number)
    if page is None:
        return not_there(request)
    methods = calls.shelf(request).methods
    data = request.POST if request.method == "POST" else request.GET
    names = Names(timezone=page.account.timezone)
    chargeable = [one for one in methods.values() if one.kind in CHARGED_AT_ONCE]
    chosen = _chosen(chargeable, data.get("method", ""))
    if not may(request, "subscription.change"):
        denied = Shown(refused=role_reason(request, "subscription.change"))
        return _sheet(request, page, chargeable, chosen, denied)

    def arguments() -> Arguments | None:
        return {"document": page.row.id, "method": chosen.id} if chosen is not None else None

    def make(previewed: Previewed, given: Arguments) -> Outcome:
        return _pay_outcome(previewed, page, chosen)

    stale = None
    if request.method == "POST" and chosen is not None:
        try:
            done = calls.perform(request, "pay", data.get("token"), document=page.row.id, method=chosen.id)
            return redirect(f"/done/{done}")
        except Refused as error:
            if error.code not in ("preview_stale", "preview_invalid"):
                said = refusal(error.code, error.facts, names)
                return _sheet(request, page, chargeable, chosen, Shown(refused=said))
            stale = stale_words(error, names, page.account.currency)
    shown = preview_shown(request, "pay", arguments, make, names, BY_TRANSFER)
    return _sheet(request, page, chargeable, chosen, shown, stale=stale)


def _chosen(methods: list[MethodRow], wanted: str) -> MethodRow | None:
    """The method that the form names, else the default one, else the first that works."""
    named = next((one for one in methods if str(one.id) == wanted), None)
    working = [one for one in methods if not one.blocked]
    return named or next((one for one in working if one.is_default), working[0] if working else None)


def _pay_outcome(previewed: Previewed, page: InvoicePage, chosen: MethodRow | None) -> Outcome:
    currency, row = page.row.currency, page.row
    total = sum(one.amount_minor for one in previewed.decision.tries)
    label = plain(N_("Total, from {method}"), method=words.method(chosen))
    number_of = plain(N_("Invoice {number}"), number=row.number)
    paid = Pay(
        "charge",
        plain(N_("You pay now")),
        bills=((number_of, total),),
        total_label=label,
        total_minor=total,
        currency=currency,
    )
    foot_label, amount, announce = foot(paid)
    return Outcome(
        changes=(
            Change(plain(N_("Still due")), money(row.due_minor, currency), money(row.due_minor - total, currency)),
        ),
        pay=paid,
        then=(),
        notes=(),
        button=money_button(paid),
        foot_label=foot_label,
        foot_amount=amount,
        announce=announce,
        token=previewed.token,
        hidden=(("method", str(chosen.id if chosen else "")),),
    )


def _sheet(
    request: HttpRequest,
    page: InvoicePage,
    methods: list[MethodRow],
    chosen: MethodRow | None,
    shown: Shown,
    *,
    stale: object = None,
) -> HttpResponse:
    context = {
        "frame_template": frame_of(request),
        "title": plain(N_("Pay invoice {number}"), number=page.row.number),
        "fields": "portal/fields/pay.html",
        "here": f"/bills/{page.row.number}/pay",
        "back": f"/bills/{page.row.number}",
        "help": "payment",
        "page": page,
        "invoice": page.row,
        "methods": methods,
        "default_method": chosen.id if chosen else "",
        "data": {},
        "shown": shown,
        "stale": stale,
        "failed": bool(shown.refused or stale),
    }
    return render(request, "portal/sheet.html", context, status=shown.status(request, stale=stale is not None))
