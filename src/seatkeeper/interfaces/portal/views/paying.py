"""Paying: one invoice, in full or in part, or everything that is overdue, by a payment method on file."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import CHARGED_AT_ONCE
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.interfaces.portal import bill_calls, calls
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.parts import Change, Outcome, Pay, foot, money_button
from seatkeeper.interfaces.portal.sheets.reading import Arguments, BadField, read_amount, typed
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.sheets import Shown, preview_shown
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import money
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain

BY_TRANSFER = N_("No payment method on file can be charged. Pay this invoice by bank transfer, naming its number.")
PAID = N_("Nothing of this invoice is to be paid any more.")
NOTHING = N_("Nothing is overdue.")


@dataclass(frozen=True, slots=True)
class Payable:
    """What a sheet pays. bills: (number, due) of each invoice; document: the one invoice, of which a part may be paid.

    where: its page's path; the sheet is at `/pay` below it, and goes back to `back`.
    """

    account: AccountRow
    command: str
    title: str
    where: str
    back: str
    bills: tuple[tuple[str, int], ...]
    document: int | None = None
    hint: str = BY_TRANSFER

    @property
    def due_minor(self) -> int:
        """All that is due on them."""
        return sum(due for _, due in self.bills)

    def arguments(self, data: QueryDict, chosen: MethodRow) -> Arguments:
        """What the command is given. Raises BadField for an amount that cannot be read or is more than is due."""
        if self.document is None:
            return {"method": chosen.id}
        amount = read_amount(typed(data, "amount"), self.account.currency, self.due_minor)
        return {"document": self.document, "method": chosen.id, "amount_minor": amount}


@sees("money.see")
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet that pays one invoice, in full or in part."""
    page = bill_calls.invoice(request, number)
    if page is None:
        return not_there(request)
    row = page.row
    title, where = plain(N_("Pay invoice {number}"), number=row.number), f"/bills/{row.number}"
    hint = BY_TRANSFER if row.due_minor else PAID
    return _respond(
        request, Payable(page.account, "pay", title, where, where, ((row.number, row.due_minor),), row.id, hint)
    )


@sees("money.see")
def pay_overdue(request: HttpRequest) -> HttpResponse:
    """The sheet that pays all that is overdue, oldest first."""
    shelf, bills = bill_calls.overdue(request)
    title, back = plain(N_("Pay what is overdue")), "/bills?show=overdue"
    hint = BY_TRANSFER if bills else NOTHING
    return _respond(request, Payable(shelf.account, "pay_overdue", title, "/bills/overdue", back, bills, hint=hint))


def _respond(request: HttpRequest, what: Payable) -> HttpResponse:
    found = calls.shelf(request).methods.values()
    charged = [one for one in found if one.kind in CHARGED_AT_ONCE]
    methods = charged if what.due_minor else []
    data = request.POST if request.method == "POST" else request.GET
    names = Names(timezone=what.account.timezone)
    # Who pays what another tab has paid meanwhile is told so, by the command.
    chosen = _chosen(charged if request.method == "POST" else methods, data.get("method", ""))
    if not may(request, "subscription.change"):
        denied = Shown(refused=role_reason(request, "subscription.change"))
        return _sheet(request, what, methods, chosen, data, denied)

    def arguments() -> Arguments | None:
        return what.arguments(data, chosen) if chosen is not None else None

    def make(previewed: Previewed, given: Arguments) -> Outcome:
        return _outcome(previewed, what, chosen, typed(data, "amount"))

    stale = None
    if request.method == "POST" and chosen is not None:
        try:
            given = what.arguments(data, chosen)
            done = calls.perform(request, what.command, data.get("token"), **given)
            return redirect(f"/done/{done}")
        except BadField as bad:
            return _sheet(request, what, methods, chosen, data, Shown(bad=bad))
        except Refused as error:
            if error.code not in STALE:
                said = refusal(error.code, error.facts, names)
                return _sheet(request, what, methods, chosen, data, Shown(refused=said))
            stale = stale_words(error, names, what.account.currency)
    shown = preview_shown(request, what.command, arguments, make, names, what.hint)
    return _sheet(request, what, methods, chosen, data, shown, stale=stale)


def _chosen(methods: list[MethodRow], wanted: str) -> MethodRow | None:
    """The method that the form names, else the default one, else the first that works."""
    named = next((one for one in methods if str(one.id) == wanted), None)
    working = [one for one in methods if not one.blocked]
    return named or next((one for one in working if one.is_default), working[0] if working else None)


def _outcome(previewed: Previewed, what: Payable, chosen: MethodRow | None, amount: str) -> Outcome:
    currency = what.account.currency
    tries = [one.amount_minor for one in previewed.decision.tries]
    total, bills = sum(tries), what.bills
    if what.document is not None:
        bills = tuple((number, total) for number, _ in bills)
    paid = Pay(
        "charge",
        plain(N_("You pay now")),
        bills=tuple((plain(N_("Invoice {number}"), number=number), sum_) for number, sum_ in bills),
        total_label=plain(N_("Total, from {method}"), method=words.method(chosen)),
        total_minor=total,
        currency=currency,
    )
    foot_label, sum_now, announce = foot(paid)
    left = money(what.due_minor - total, currency)
    return Outcome(
        changes=(Change(plain(N_("Still due")), money(what.due_minor, currency), left),),
        pay=paid,
        then=(),
        notes=(),
        button=money_button(paid),
        foot_label=foot_label,
        foot_amount=sum_now,
        announce=announce,
        token=previewed.token,
        hidden=(("method", str(chosen.id if chosen else "")), ("amount", amount)),
    )


def _sheet(
    request: HttpRequest,
    what: Payable,
    methods: list[MethodRow],
    chosen: MethodRow | None,
    data: QueryDict,
    shown: Shown,
    *,
    stale: SafeString | None = None,
) -> HttpResponse:
    context = {
        "frame_template": frame_of(request),
        "title": what.title,
        "fields": "portal/fields/pay.html",
        "here": f"{what.where}/pay",
        "back": what.back,
        "help": "payment",
        "due_minor": what.due_minor,
        "currency": what.account.currency,
        "in_part": what.document is not None and what.due_minor > 0,
        "bills": what.bills if what.document is None else (),
        "methods": methods,
        "default_method": chosen.id if chosen else "",
        "data": data,
        "shown": shown,
        "stale": stale,
        "failed": bool(shown.refused or shown.bad or stale),
    }
    return render(request, "portal/sheet.html", context, status=shown.status(request, stale=stale is not None))
