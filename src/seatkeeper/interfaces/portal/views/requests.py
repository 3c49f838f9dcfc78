"""My licences, and requests for licences: asked, withdrawn, answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.licensing.requests import LONGEST_NOTE, RequestRow
from seatkeeper.domain.licensing.rows import AssignPage
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal import calls, licence_calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.licensing import (
    Wanted,
    adding_of,
    ask_address,
    ask_words,
    licence_outcome,
    names_for_licences,
    pay_words,
)
from seatkeeper.interfaces.portal.sheets.parts import Outcome, Pay
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.sheets import Shown
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain


@sees("license.request")
def me(request: HttpRequest, *, refused: object = None, status: int = 200) -> HttpResponse:
    """The reader's own licences, and what they asked for."""
    page = licence_calls.own_licences(request)
    context = {
        "page": page,
        "refused": refused,
        "failed": refused is not None,
        "chosen": request.POST.get("product", request.GET.get("product", "")),
        "note": request.POST.get("note", ""),
        "longest": LONGEST_NOTE,
    }
    return render(request, "portal/me.html", context, status=status)


@sees("license.request")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a licence; what was typed stays where that is refused."""
    product, note = request.POST.get("product", ""), request.POST.get("note", "")
    return _given(request, "license.request", product=product, note=note)


@sees("license.request")
def withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take one's own request back."""
    return _given(request, "license.withdraw_request", request=request_id)


def _given(request: HttpRequest, command: str, /, **arguments: Any) -> HttpResponse:
    if request.method != "POST":
        return redirect("/me")
    try:
        calls.give(request, command, **arguments)
    except Refused as refused:
        if refused.code == "not_found" and "request" in arguments:
            return not_there(request)
        names = Names(products=dict(licence_calls.own_licences(request).products))
        return me(request, refused=refusal(refused.code, refused.facts, names), status=422)
    return redirect("/me")


@sees("subscription.see")
def waiting(request: HttpRequest, product: str) -> HttpResponse:
    """The requests for a product."""
    found = licence_calls.licence_requests(request, product)
    if found is None:
        return not_there(request)
    _, row, rows = found
    reason = None if may(request, "license.assign") else role_reason(request, "license.assign")
    count = sum(1 for one in rows if one.status == "open")
    context = {"row": row, "rows": rows, "reason": reason, "count": count}
    return render(request, "portal/requests.html", context)


@sees("subscription.see")
def answer(request: HttpRequest, product: str, request_id: int) -> HttpResponse:
    """The sheet that approves a request, which assigns the licence, or declines it."""
    looked = licence_calls.licence_requests(request, product, request_id)
    if looked is None or not looked[2]:
        return not_there(request)
    asked, data = looked[2][0], request.POST if request.method == "POST" else request.GET
    found, page = licence_calls.candidates(request, product, typed=(), users=(asked.user,))
    assert page is not None, "the account has the product"
    if not may(request, "license.assign"):
        return _page(request, page, asked, Shown(refused=role_reason(request, "license.assign")))
    approve, token = data.get("answer") != "decline", request.POST.get("token", "")
    if token and (before := calls.done_before(request, token)):
        return redirect(f"/done/{before}")
    names = names_for_licences(found, page.row, {asked.user: asked.name})
    given: dict[str, Any] = {"request": asked.id, "approve": approve, **_adding(request, page)}
    stale = None
    if request.method == "POST":
        note = request.POST.get("note", "")
        try:
            if not approve:
                calls.give(request, "license.answer_request", request=asked.id, approve=False, note=note)
                return redirect(f"/licences/{product}/requests")
            return redirect(f"/done/{calls.perform(request, 'answer_request', token or None, note=note, **given)}")
        except Refused as refused:
            if refused.code not in STALE:
                said = Shown(refused=refusal(refused.code, refused.facts, names))
                return _page(request, page, asked, said, status=422)
            stale = stale_words(refused, names, page.account.currency)
    shown = _shown(request, found, page, asked, given, names)
    return _page(request, page, asked, shown, stale=stale, status=409 if stale is not None else 200)


def _adding(request: HttpRequest, page: AssignPage) -> dict[str, int]:
    """Licences to be added where none is free and the reader may buy."""
    short = max(1 - page.row.pool.spare, 0)
    adding = adding_of(page, Wanted((), (), frozenset(), frozenset(), 0))
    if not short or adding is None or not may(request, "subscription.change"):
        return {}
    return {"subscription": adding.subscription, "seats": adding.seats + short}


def _shown(
    request: HttpRequest, found: Shelf, page: AssignPage, asked: RequestRow, given: dict[str, Any], names: Names
) -> Shown:
    if asked.status != "open":
        return Shown(refused=refusal("request_closed", {"status": asked.status}, names))
    if not given["approve"]:
        nothing = Pay("nothing", gettext("Nothing to pay now"), currency=page.account.currency)
        button = gettext("Decline the request")
        return Shown(Outcome((), nothing, (), (), button, "", "", button, hidden=(("answer", "decline"),)))
    try:
        previewed = calls.preview(request, "answer_request", **given)
    except Refused as refused:
        return Shown(refused=_ask(request, page) or refusal(refused.code, refused.facts, names))
    hidden = (("answer", "approve"),)
    bare = licence_outcome(previewed.decision, found, page.row, button="", token=previewed.token, hidden=hidden)
    button = gettext("Approve and assign")
    if "seats" in given:
        button = plain(N_("Buy {n} and assign, {pay}"), n=1, pay=pay_words(bare.pay))
    outcome = licence_outcome(
        previewed.decision, found, page.row, button=button, token=previewed.token, hidden=hidden
    )
    return Shown(outcome)


def _ask(request: HttpRequest, page: AssignPage) -> Any:
    """Whom to ask to buy, where the reader may not and none is free."""
    if page.row.pool.spare > 0 or may(request, "subscription.change"):
        return None
    people = calls.people_to_ask(request, "subscription.change")
    return ask_words(people, ask_address(people, page.account, page.row, 1), 1)


def _page(
    request: HttpRequest, page: AssignPage, asked: RequestRow, shown: Shown, *, stale: object = None, status: int = 200
) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    context = {
        "frame_template": frame_of(request),
        "title": plain(N_("{name} asks for {product}"), name=asked.name, product=page.row.name),
        "fields": "portal/fields/answer.html",
        "here": f"/licences/{page.row.product}/requests/{asked.id}",
        "back": f"/licences/{page.row.product}/requests",
        "help": "licences",
        "asked": asked,
        "data": data,
        "longest": LONGEST_NOTE,
        "shown": shown,
        "stale": stale,
        "failed": status != 200,
    }
    return render(request, "portal/sheet.html", context, status=status)
