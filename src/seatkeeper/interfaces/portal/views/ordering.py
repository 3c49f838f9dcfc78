"""The cart and the checkout: several products, looked at by the very decision that will be applied, then ordered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from seatkeeper.core.decision import VatSum
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions.ordering_rows import CartLine, CheckoutPage
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.ordering import (
    ItemOutcome,
    item_outcomes,
    order_names,
    order_outcome,
    order_refusal,
    read_order_number,
)
from seatkeeper.interfaces.portal.sheets.reading import BadField, read_seats, typed
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import may, sees
from seatkeeper.interfaces.portal.views.sheets import Shown
from seatkeeper.interfaces.web.explain import vat_label
from seatkeeper.interfaces.web.refusals import refusal

METHOD_TROUBLE = ("payment_declined", "credit_limit_exceeded")
"""Refusals that another payment method may not get: the cart tries each, and the checkout lets one choose."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the cart as its table shows it. typed: what stands in the number's field; error: what is right."""

    line: CartLine
    typed: str
    outcome: ItemOutcome | None = None
    error: str = ""
    refused: SafeString | None = None
    aligned: str = ""


@sees("money.see")
def cart(request: HttpRequest) -> HttpResponse:
    """The reader's cart. POST changes numbers or takes an item out, and shows what that comes to."""
    denied = None if may(request, "subscription.change") else role_reason(request, "subscription.change")
    wrong: dict[int, tuple[str, str]] = {}
    if request.method == "POST" and denied is None:
        wrong = _change(request)
        if not wrong and not request.headers.get("HX-Request"):
            return redirect("/cart")
    shelf, page = calls.cart(request)
    previewed, refused = (None, None) if wrong else _previewed(request, page)
    outcome = order_outcome(previewed, shelf, page.lines, QueryDict()) if previewed is not None else None
    context = {
        "account": page.account,
        "page": page,
        "rows": _rows(shelf, page, previewed, refused, wrong),
        "shown": Shown(outcome=outcome, refused=_refusal(refused, shelf, page)),
        "reason": denied or (refusal(page.buy.code, page.buy.facts) if page.buy.code else None),
        "failed": bool(wrong),
    }
    return render(request, "portal/cart.html", context, status=422 if wrong else 200)


def _change(request: HttpRequest) -> dict[int, tuple[str, str]]:
    """Do what the cart's form asks; what was typed and what is right, for each number that cannot be read."""
    data, wrong = request.POST, {}
    gone = typed(data, "remove")
    if gone.isascii() and gone.isdigit():
        calls.take_out_of_cart(request, int(gone))
        return {}
    _, page = calls.cart(request)
    for line in page.lines:
        text = typed(data, f"seats-{line.entry}")
        if f"seats-{line.entry}" not in data or text.strip() == str(line.item["seats"]):
            continue
        try:
            calls.change_cart(request, line.entry, seats=read_seats(text))
        except BadField as bad:
            wrong[line.entry] = (text, bad.message)
    return wrong


def _previewed(request: HttpRequest, page: CheckoutPage) -> tuple[Previewed | None, Refused | None]:
    """What the cart comes to, paid with the default method or else any that is accepted."""
    if not page.lines or page.buy.code or not may(request, "subscription.change"):
        return None, None
    items = tuple(line.item for line in page.lines)
    refused: Refused | None = None
    for method in _methods(page):
        try:
            return calls.preview(request, "order", items=items, method=method), None
        except Refused as found:
            refused = refused or found
            if found.code not in METHOD_TROUBLE:
                return None, found
    return None, refused


def _methods(page: CheckoutPage) -> list[int | None]:
    """The payment methods in the order in which they are tried; None where there is none."""
    others = [one.id for one in page.methods if one.id != page.default_method]
    return [page.default_method, *others]


def _refusal(refused: Refused | None, shelf: Shelf, page: CheckoutPage) -> SafeString | None:
    return None if refused is None else order_refusal(refused, shelf, page.alignable, page.lines)


def _rows(
    shelf: Shelf, page: CheckoutPage, previewed: Previewed | None, refused: Refused | None,
    wrong: dict[int, tuple[str, str]],
) -> list[Row]:
    outcomes: list[ItemOutcome | None] = [None] * len(page.lines)
    if previewed is not None:
        outcomes = [*item_outcomes(previewed.decision, page.account.currency)]
    names = {one.id: one.name for one in page.alignable}
    found = []
    for position, (line, outcome) in enumerate(zip(page.lines, outcomes, strict=True)):
        text, error = wrong.get(line.entry, (str(line.item["seats"]), ""))
        said = None
        if refused is not None and refused.facts.get("item") == position:
            said = order_refusal(refused, shelf, page.alignable, page.lines)
        found.append(Row(line, text, outcome, error, said, names.get(line.item["align_with"] or 0, "")))
    return found


# ---- checkout -------------------------------------------------------------------------------------------------------


@sees("money.see")
def checkout(request: HttpRequest) -> HttpResponse:
    """Billing details, payment method and number of the cart's order, with what it comes to. POST orders it.

    Fields and button are one form, so that nothing typed is lost; do=look only looks at the sum again.

    A form that was sent before leads to its receipt, whatever is in the cart by then.
    """
    shelf, page = calls.cart(request)
    data = request.POST if request.method == "POST" else request.GET
    if request.method == "POST" and (reference := calls.done_before(request, typed(data, "token"))):
        return redirect(f"/done/{reference}")
    if not page.lines:
        return redirect("/cart")
    if not may(request, "subscription.change"):
        return _page(request, page, data, Shown(refused=role_reason(request, "subscription.change")))
    refused: Refused | None = None
    if request.method == "POST" and typed(data, "do") != "look":
        try:
            return redirect(f"/done/{_order(request, page, data)}")
        except BadField:
            pass
        except Refused as found:
            refused = found
    shown, previewed = _look(request, shelf, page, data)
    stale = None
    if refused is not None and refused.code in STALE:
        stale = stale_words(refused, order_names(shelf, page.alignable), page.account.currency)
    elif refused is not None:
        shown = Shown(outcome=shown.outcome, refused=_refusal(refused, shelf, page))
    return _page(request, page, data, shown, stale=stale, previewed=previewed)


def _asked(page: CheckoutPage, data: QueryDict) -> dict[str, Any]:
    """The order that the form asks for. Raises BadField."""
    items = tuple(line.item for line in page.lines)
    methods = {str(one.id): one.id for one in page.methods}
    method = methods.get(typed(data, "method"), page.default_method)
    return {"items": items, "method": method, "purchase_order": read_order_number(data)}


def _order(request: HttpRequest, page: CheckoutPage, data: QueryDict) -> str:
    return calls.perform(
        request, "order", data.get("token"), **_asked(page, data), cart=tuple(line.entry for line in page.lines)
    )


def _look(
    request: HttpRequest, shelf: Shelf, page: CheckoutPage, data: QueryDict
) -> tuple[Shown, Previewed | None]:
    """Read the form, preview the order, and word what comes of it."""
    if page.buy.code:
        return Shown(refused=refusal(page.buy.code, page.buy.facts)), None
    try:
        previewed = calls.preview(request, "order", **_asked(page, data))
    except BadField as bad:
        return Shown(bad=bad), None
    except Refused as refused:
        return Shown(refused=_refusal(refused, shelf, page)), None
    return Shown(outcome=order_outcome(previewed, shelf, page.lines, data)), previewed


def _page(
    request: HttpRequest, page: CheckoutPage, data: QueryDict, shown: Shown, *, stale: SafeString | None = None,
    previewed: Previewed | None = None,
) -> HttpResponse:
    category, rate = page.billing.vat
    looking = typed(data, "do") == "look"
    outcomes: list[ItemOutcome | None] = [None] * len(page.lines)
    if previewed is not None:
        outcomes = [*item_outcomes(previewed.decision, page.account.currency)]
    context = {
        "account": page.account,
        "page": page,
        "items": list(zip(page.lines, outcomes, strict=True)),
        "billing": page.billing,
        "vat": vat_label(VatSum(category, rate, 0, 0)),
        "methods": page.methods,
        "default_method": str(page.default_method or ""),
        "data": data,
        "number": data.get("purchase_order", ""),
        "account_number": page.billing.purchase_order,
        "here": "/checkout",
        "back": "/cart",
        "shown": shown,
        "stale": stale,
        "failed": request.method == "POST" and not looking,
    }
    if looking and not shown.bad:
        return render(request, "portal/checkout.html", context)
    return render(request, "portal/checkout.html", context, status=shown.status(request, stale=stale is not None))
