"""The sheets that take licences back and that choose who keeps one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.licensing.rows import AssignPage, KeepPage
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal import calls, licence_calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.licensing import licence_outcome, names_for_licences, read_ids, words_for
from seatkeeper.interfaces.portal.sheets.parts import Change, Note, Outcome, notes_part, pay_part
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.sheets import Shown
from seatkeeper.interfaces.web.formatting import long_date, number
from seatkeeper.interfaces.web.refusals import refusal
from seatkeeper.interfaces.web.text import plain, say

MOST_LISTED = 50
Make = Callable[[calls.Previewed], Outcome]


def _answer(
    request: HttpRequest, found: Shelf, page: AssignPage | KeepPage, people: dict[int, str], needs: str, hint: str,
    command: str, arguments: dict[str, Any] | None, make: Make,
) -> HttpResponse | tuple[Shown, object, int]:
    """Give the command or preview it: a redirect to the receipt, or what the sheet shows with its status."""
    if not may(request, needs):
        return Shown(refused=role_reason(request, needs)), None, 422 if request.method == "POST" else 200
    names = names_for_licences(found, page.row, people)
    token = request.POST.get("token", "")
    if token and (before := calls.done_before(request, token)):
        return redirect(f"/done/{before}")
    if arguments is None:
        return Shown(hint=gettext(hint)), None, 422 if request.method == "POST" else 200
    stale = None
    if request.method == "POST":
        try:
            return redirect(f"/done/{calls.perform(request, command, token or None, **arguments)}")
        except Refused as refused:
            if refused.code not in STALE:
                return Shown(refused=refusal(refused.code, refused.facts, names)), None, 422
            stale = stale_words(refused, names, page.account.currency)
    try:
        shown = Shown(outcome=make(calls.preview(request, command, **arguments)))
    except Refused as refused:
        quiet = refused.code == "nothing_changes"
        shown = Shown(hint=gettext(hint)) if quiet else Shown(refused=refusal(refused.code, refused.facts, names))
    return shown, stale, 409 if stale is not None else 200


@sees("subscription.see")
def unassign(request: HttpRequest, product: str) -> HttpResponse:
    """The sheet that takes licences back from those chosen, or from all who match a search."""
    data = request.POST if request.method == "POST" else request.GET
    users = read_ids([*data.getlist("users"), *data.getlist("chosen")])
    if data.get("all") and not data.get("chosen"):
        search, shown = data.get("search", "")[:100], data.get("show", "all")
        users = licence_calls.matching_holders(request, product, search=search, shown=shown)
    found, page = licence_calls.candidates(request, product, typed=(), users=users, leaving=True)
    if page is None:
        return not_there(request)
    holding = [one.user for one in page.candidates if one.outcome == "holds" and one.user is not None]
    chosen = tuple(one.user for one in holding)
    also = tuple(id_ for id_, _, _ in page.dependants if id_ in data.getlist("also"))
    hidden = [("chosen", ",".join(map(str, chosen))), *(("also", one) for one in also)]
    hidden += [(name, data[name]) for name in ("all", "search", "show") if data.get(name)]

    def make(previewed: calls.Previewed) -> Outcome:
        button = plain(N_("Take back {n:licence,licences}"), n=_taken(previewed))
        return licence_outcome(
            previewed.decision, found, page.row, button=button, token=previewed.token, hidden=tuple(hidden)
        )

    arguments = {"product": product, "users": chosen, "also": also} if chosen else None
    people = {one.user: one.name for one in holding}
    answer = _answer(
        request, found, page, people, "license.assign", N_("Choose the users first."), "unassign", arguments, make
    )
    context = {"holding": holding[:MOST_LISTED], "count": len(holding), "also": also, "data": data}
    title = plain(N_("Take licences back: {product}"), product=page.row.name)
    return _rendered(request, page, answer, "unassign", title, context)


def _taken(previewed: calls.Previewed) -> int:
    return sum(1 for one in previewed.decision.assignments if one.action == "unassigned")


@sees("subscription.see")
def keep(request: HttpRequest, product: str) -> HttpResponse:
    """The sheet that chooses who keeps a licence: now, or when a booked reduction takes effect."""
    data = request.POST if request.method == "POST" else request.GET
    booking = data.get("booking", "")[:20]
    instead = read_ids(data.getlist("instead"))
    first_look = booking and "search" not in data and not instead
    found, page = licence_calls.keeping(
        request, product, booking=booking, search=data.get("search", "")[:100], chosen=instead
    )
    if page is None:
        return not_there(request)
    if first_look and page.cut is not None and page.cut.chosen:
        instead = page.cut.chosen
        found, page = licence_calls.keeping(request, product, booking=booking, chosen=instead)
        assert page is not None
    back = read_ids(data.getlist("back"))
    make, command, arguments, needs = _kept(found, page, back, instead)
    people = {one.user: one.name for one in (*page.suspended, *page.chosen)}
    hint = N_("Choose as many users as there are to be suspended.") if booking else N_(
        "Choose who gets a licence back, and as many users who are suspended instead."
    )
    answer = _answer(request, found, page, people, needs, hint, command, arguments, make)
    context = {"shown_keep": True, "back_ids": back, "booking": booking, "data": data, "cut": page.cut}
    title = plain(N_("Who keeps one: {product}"), product=page.row.name)
    return _rendered(request, page, answer, "keep", title, context)


def _kept(
    found: Shelf, page: KeepPage, back: tuple[int, ...], instead: tuple[int, ...]
) -> tuple[Make, str, dict[str, Any] | None, str]:
    """(how the outcome is shown, command, its arguments or None while too few are chosen, the permission)."""
    chosen = tuple(one.user for one in page.chosen)
    cut = page.cut
    if cut is not None:
        arguments = {"subscription": cut.subscription, "seats": cut.seats, "when": "renewal", "release": chosen}

        def booked(previewed: calls.Previewed) -> Outcome:
            note = Note(say(N_("What is booked stays as it is; only who is suspended first changes.")))
            kept = (Change(plain(N_("Chosen for {date}"), date=long_date(cut.on)), number(len(cut.chosen)),
                           number(len(chosen))),)  # fmt: skip
            hidden = (("booking", cut.reference), ("instead", ",".join(map(str, chosen))), ("search", ""))
            return _exchange(previewed, found, page, kept, plain(N_("Save the choice")), hidden, (note,), len(chosen))

        return booked, "set_seats", arguments if chosen or cut.chosen else None, "subscription.change"

    def now(previewed: calls.Previewed) -> Outcome:
        kept = (
            Change(gettext("Get a licence back"), "", number(len(back))),
            Change(gettext("Suspended instead"), "", number(len(chosen))),
        )
        hidden = (("back", ",".join(map(str, back))), ("instead", ",".join(map(str, chosen))))
        note = Note(say(N_("Who is suspended instead returns, or loses the licence, on the other's day.")))
        button = plain(N_("Exchange {n:licence,licences}"), n=len(back))
        return _exchange(previewed, found, page, kept, button, hidden, (note,), len(chosen))

    arguments = {"product": page.row.product, "back": back, "instead": chosen}
    ready = bool(back) and len(back) == len(chosen)
    return now, "keep", arguments if ready else None, "license.assign"


def _exchange(
    previewed: calls.Previewed, found: Shelf, page: KeepPage, changes: tuple[Change, ...], button: str,
    hidden: tuple[tuple[str, str], ...], notes: tuple[Note, ...], count: int,
) -> Outcome:
    called = words_for(found)
    warned = notes_part(replace(previewed.decision, assignments=()), called)
    pay = pay_part(previewed.decision, called)
    label, amount = gettext("Chosen"), number(count)
    return Outcome(changes, pay, (), (*notes, *warned), button, label, amount, button, previewed.token, hidden)


def _rendered(
    request: HttpRequest, page: AssignPage | KeepPage, answer: HttpResponse | tuple[Shown, object, int], kind: str,
    title: str, more: dict[str, object],
) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    shown, stale, status = answer
    context: dict[str, object] = {
        "frame_template": frame_of(request),
        "title": title,
        "fields": f"portal/fields/{kind}.html",
        "here": f"/licences/{page.row.product}/{kind}",
        "back": f"/licences/{page.row.product}",
        "help": "licences",
        "page": page,
        "shown": shown,
        "stale": stale,
        "failed": status != 200,
        **more,
    }
    return render(request, "portal/sheet.html", context, status=status)
