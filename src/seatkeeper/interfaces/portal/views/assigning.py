"""The assign sheet: whom to give a licence, a check of everybody chosen, and one command for all who can have it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.licensing.rows import AssignPage
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal import calls, licence_calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.licensing import (
    Check,
    Wanted,
    adding_of,
    ask_address,
    ask_words,
    checked,
    licence_outcome,
    names_for_licences,
    pay_words,
    read_wanted,
)
from seatkeeper.interfaces.portal.sheets.parts import Note, Outcome
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.sheets import Shown
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain, say

MOST_SHOWN = 50
MOST_CHIPS = 800
"""A form has at most 1,000 fields; more users than this come pasted or from a file."""
HINT = N_("Choose users, paste their addresses or take a file; who can be given a licence appears here.")


@sees("subscription.see")
def assign(request: HttpRequest, product: str) -> HttpResponse:
    """The sheet. GET and a POST without a token check what was chosen; a POST with the token gives the command."""
    data = request.POST if request.method == "POST" else request.GET
    wanted = read_wanted(request, data)
    found, page = licence_calls.candidates(request, product, typed=wanted.typed, users=wanted.users)
    if page is None:
        return not_there(request)
    if not may(request, "license.assign"):
        return _page(request, found, page, wanted, None, Shown(refused=role_reason(request, "license.assign")))
    check = checked(page, wanted)
    people = {one.user.user: one.user.name for one in page.candidates if one.user is not None}
    names = names_for_licences(found, page.row, people)
    token = request.POST.get("token", "")
    stale = None
    if token and check.ok:
        try:
            command, arguments = _command(request, page, wanted, check)
            done = calls.done_before(request, token) or calls.perform(request, command, token, **arguments)
            return redirect(f"/done/{done}")
        except Refused as refused:
            if refused.code not in STALE:
                said = Shown(refused=refusal(refused.code, refused.facts, names))
                return _page(request, found, page, wanted, check, said, status=422)
            stale = stale_words(refused, names, page.account.currency)
    elif token and (done_before := calls.done_before(request, token)):
        return redirect(f"/done/{done_before}")
    shown = _shown(request, found, page, wanted, check, names)
    return _page(request, found, page, wanted, check, shown, stale=stale, status=409 if stale is not None else 200)


def _command(request: HttpRequest, page: AssignPage, wanted: Wanted, check: Check) -> tuple[str, dict[str, Any]]:
    """What is given: assigning, or adding licences and assigning where too few are free and the reader may buy."""
    own: dict[str, Any] = {"users": check.users, "swap": check.swap, "first": check.first}
    adding = adding_of(page, wanted)
    if check.short and adding is not None and may(request, "subscription.change"):
        seats = adding.seats + check.short
        return "add_and_assign", {"subscription": adding.subscription, "seats": seats, **own}
    return "assign", {"product": page.row.product, **own}


def _shown(
    request: HttpRequest, found: Shelf, page: AssignPage, wanted: Wanted, check: Check, names: Names
) -> Shown:
    """What the command would do, or why there is none to give."""
    if page.control.code is not None:
        return Shown(refused=refusal(page.control.code, page.control.facts, names))
    if not check.ok:
        return Shown(hint=gettext(HINT) if not check.any and not wanted.fault else "")
    if check.short and not may(request, "subscription.change"):
        return Shown()
    command, arguments = _command(request, page, wanted, check)
    try:
        previewed = calls.preview(request, command, **arguments)
    except Refused as refused:
        return Shown(refused=refusal(refused.code, refused.facts, names))
    return Shown(outcome=_outcome(found, page, check, wanted, command, previewed))


def _outcome(
    found: Shelf, page: AssignPage, check: Check, wanted: Wanted, command: str, previewed: calls.Previewed
) -> Outcome:
    buying = command == "add_and_assign"
    bare = licence_outcome(previewed.decision, found, page.row, button="", token=previewed.token, hidden=())
    button = plain(N_("Assign {n:licence,licences}"), n=len(check.ok))
    if buying:
        button = plain(N_("Buy {n} and assign, {pay}"), n=check.short, pay=pay_words(bare.pay))
    hidden = [("chosen", ",".join(map(str, check.users)))]
    hidden += [("swap", ",".join(map(str, check.swap)))] if check.swap else []
    hidden += [("first", ",".join(map(str, check.first)))] if check.first else []
    adding = adding_of(page, wanted)
    hidden += [("buy", str(adding.subscription))] if buying and adding is not None else []
    return licence_outcome(
        previewed.decision, found, page.row, button=button, token=previewed.token, hidden=tuple(hidden),
        notes=tuple(_notes(check)),
    )  # fmt: skip


def _notes(check: Check) -> list[Note]:
    left = len(check.conflicts) + len(check.unknown) + len(check.inactive)
    notes = []
    if left:
        notes.append(Note(say(N_("{n:user is,users are} left out; the rest is assigned."), n=left)))
    if check.swap:
        text = N_("{n:user gives,users give} back what this product excludes, in the same step.")
        notes.append(Note(say(text, n=len(check.swap))))
    return notes


def _page(
    request: HttpRequest, found: Shelf, page: AssignPage, wanted: Wanted, check: Check | None, shown: Shown, *,
    stale: object = None, status: int = 200,
) -> HttpResponse:
    people: tuple[tuple[str, str], ...] = ()
    ask: object = None
    if check is not None and check.short and not may(request, "subscription.change"):
        people = calls.people_to_ask(request, "subscription.change")
        ask = ask_words(people, ask_address(people, page.account, page.row, check.short), check.short)
    picked = [one.user for one in page.candidates if one.user is not None and not one.typed]
    context = {
        "frame_template": frame_of(request),
        "title": plain(N_("Assign licences: {product}"), product=page.row.name),
        "fields_form": "portal/_assign_fields.html",
        "here": f"/licences/{page.row.product}/assign",
        "back": f"/licences/{page.row.product}",
        "help": "licences",
        "page": page,
        "check": check,
        "wanted": wanted,
        "typed": "\n".join(wanted.typed[: len(wanted.typed) - len(wanted.file_rows)]),
        "chips": [one for one in picked if one.user not in wanted.kept][:MOST_CHIPS],
        "from_file": _from_file(page, wanted),
        "most": MOST_SHOWN,
        "most_slice": f":{MOST_SHOWN}",
        "ask": ask,
        "buying": adding_of(page, wanted) if may(request, "subscription.change") else None,
        "shown": shown,
        "stale": stale,
        "failed": bool(status != 200),
    }
    return render(request, "portal/sheet.html", context, status=status)


def _from_file(page: AssignPage, wanted: Wanted) -> str:
    """Ids of those a file named, so that a form without scripts keeps them though the file is gone."""
    named = set(wanted.file_rows)
    ids = [str(one.user.user) for one in page.candidates if one.user is not None and one.typed in named]
    return ",".join([*map(str, wanted.kept), *ids])


@sees("subscription.see")
def options(request: HttpRequest, product: str) -> HttpResponse:
    """The users whom a typed text may mean, as the options of the combobox."""
    if not may(request, "license.assign"):
        return not_there(request)
    text = request.GET.get("q", "")[:100]
    found, after = licence_calls.user_options(request, product, text, request.GET.get("after", "")[:250])
    return render(request, "portal/_user_options.html", {"users": found, "after": after})
