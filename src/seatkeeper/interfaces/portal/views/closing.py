"""Closing the account: the sheet lists what is cancelled now, what ends later, and what cannot be cancelled and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions.account_page import Ending, endings, owed
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.licensing import words_for
from seatkeeper.interfaces.portal.sheets.parts import (
    Change,
    Note,
    Outcome,
    foot,
    money_button,
    notes_part,
    pay_part,
    then_part,
)
from seatkeeper.interfaces.portal.sheets.reading import Arguments
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, recently_signed_in, sees
from seatkeeper.interfaces.portal.views.sheets import Shown, preview_shown
from seatkeeper.interfaces.web.formatting import long_date, money
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain, say
from seatkeeper.interfaces.web.words import STATUS

BECOMES = {"now": N_("cancelled today"), "end": N_("ends on {d}")}
STAYS = {
    "ending": N_("{product} already ends on {d} and cannot be cancelled before."),
    "expired": N_("{product} expired on {d}; nothing is billed, and its data goes by itself."),
    "disabled": N_("{product} was disabled on {d}; nothing is billed, and its data goes by itself."),
}
NOTHING = N_("There is nothing left to cancel.")


@sees("money.see")
@recently_signed_in
def close(request: HttpRequest) -> HttpResponse:
    """The sheet by GET; the one decision that it showed by POST."""
    shelf = calls.shelf(request)
    if not may(request, "subscription.change"):
        return _page(request, Shown(refused=role_reason(request, "subscription.change")))
    names, stale = Names(timezone=shelf.account.timezone, here="/account"), None
    if request.method == "POST":
        try:
            return redirect(f"/done/{calls.perform(request, 'close', request.POST.get('token'))}")
        except Refused as refused:
            if refused.code not in STALE:
                return _page(request, Shown(refused=refusal(refused.code, refused.facts, names)))
            stale = stale_words(refused, names, shelf.account.currency)
            shelf = calls.shelf(request)

    def make(previewed: Previewed, arguments: Arguments) -> Outcome:
        return _outcome(shelf, previewed)

    return _page(request, preview_shown(request, "close", dict, make, names, NOTHING), stale=stale)


def _outcome(shelf: Shelf, previewed: Previewed) -> Outcome:
    decision, called = previewed.decision, words_for(shelf)
    found = endings(shelf, decision)
    pay = pay_part(decision, called)
    label, amount, announce = foot(pay)
    return Outcome(
        changes=tuple(
            Change(f"{one.name}, {one.reference}", word(one.status), _becomes(one))
            for one in found
            if one.how in BECOMES
        ),
        pay=pay,
        then=then_part(decision, called, None),
        notes=(*_stays(shelf, found), *notes_part(decision, called)),
        button=gettext("Close account") if pay.kind in ("nothing", "credit") else money_button(pay),
        foot_label=label,
        foot_amount=amount,
        announce=announce,
        token=previewed.token,
    )


def word(status: str) -> str:
    """A status in words."""
    return gettext(STATUS[status].words)


def _becomes(one: Ending) -> str:
    return plain(BECOMES[one.how], d=long_date(one.on) if one.on else "")


def _stays(shelf: Shelf, found: tuple[Ending, ...]) -> list[Note]:
    """What cannot be cancelled, and why; what stays due; what is kept."""
    notes = [
        Note(say(STAYS[one.how], product=f"{one.name} ({one.reference})", d=long_date(one.on) if one.on else ""))
        for one in found
        if one.how in STAYS
    ]
    if any(one.how == "end" for one in found):
        notes.append(Note(say(N_("What ends later is in a committed term: its charges go on until then."))))
    for number, due in owed(shelf):
        text = N_("Invoice {number} stays to be paid: {sum}.")
        notes.append(Note(say(text, number=number, sum=money(due, shelf.account.currency)), "warn"))
    notes.append(Note(say(N_("Invoices and this account stay readable. You can buy again at any time."))))
    return notes


def _page(request: HttpRequest, shown: Shown, *, stale: object = None) -> HttpResponse:
    context = {
        "frame_template": frame_of(request),
        "title": gettext("Close account"),
        "fields": "portal/fields/account-close.html",
        "here": "/account/close",
        "back": "/account",
        "help": "cancelling",
        "data": {},
        "shown": shown,
        "stale": stale,
        "failed": bool(shown.refused or stale),
    }
    return render(request, "portal/sheet.html", context, status=shown.status(request, stale=stale is not None))
