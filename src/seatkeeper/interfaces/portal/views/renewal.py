"""Prepare renewal: the exact next invoice of every choice, each one click away (SCREENS.md 4.10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions.renewing import AS_IS, ASSIGNED, BOOKED, END, Choice, RenewalPage
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.menus import names_for, role_reason
from seatkeeper.interfaces.portal.views.frame import may, not_there, sees
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import last_day, long_date, money
from seatkeeper.interfaces.web.refusals import refusal
from seatkeeper.interfaces.web.text import plain, say

TITLES = {
    AS_IS: N_("As it is"),
    ASSIGNED: N_("Assigned users only"),
    END: N_("Let it end"),
    BOOKED: N_("As booked"),
}
FREQUENCIES = {
    "P1M": N_("Paid monthly"),
    "P3M": N_("Paid every 3 months"),
    "P1Y": N_("Paid yearly"),
    "P3Y": N_("Paid every 3 years"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A choice in words. compared: what it costs beside going on as it is; shown: its
    amounts, sent back with the choice; reason: why it cannot be chosen."""

    choice: Choice
    title: str
    brief: str
    compared: SafeString | str
    shown: str
    reason: SafeString | None = None


@sees("money.see")
def rehearsal(request: HttpRequest, reference: str) -> HttpResponse:
    """The choices of one renewal by GET; choosing one by POST, which is done only if it still is what was shown."""
    page = calls.renewal(request, reference)
    if page is None:
        return not_there(request)
    error: SafeString | None = None
    if request.method == "POST" and may(request, "subscription.change"):
        error = _choose(request, page)
        if error is None:
            return redirect(f"/products/{reference}/renewal?chosen=1")
        page = calls.renewal(request, reference) or page
    cards = [_card(request, page, choice) for choice in page.choices]
    chosen = next((card for card in cards if card.choice.chosen), None)
    done = request.GET.get("chosen") == "1" and chosen is not None and request.method == "GET"
    context = {
        "page": page,
        "row": page.row,
        "days": (page.on - page.account.today).days,
        "cards": cards,
        "error": error,
        "failed": error is not None,
        "announce": plain(N_("Chosen: {choice}."), choice=chosen.title) if done and chosen else "",
        "may_change": may(request, "subscription.change"),
        "role_reason": None if may(request, "subscription.change") else role_reason(request, "subscription.change"),
    }
    return render(request, "portal/renewal.html", context, status=409 if error else 200)


def _shown(choice: Choice) -> str:
    """What a card said: its invoice and its year, so that only exactly that is chosen."""
    return f"{choice.invoice.gross_minor if choice.invoice else 0}/{choice.yearly_minor}"


def _choose(request: HttpRequest, page: RenewalPage) -> SafeString | None:
    """Give the command of the card; what to say where it was not done."""
    wanted = next((one for one in page.choices if one.name == request.POST.get("choice")), None)
    names = names_for(page.row, page.account)
    if wanted is None or request.POST.get("shown") != _shown(wanted):
        return refusal("preview_stale", {}, names)
    if wanted.chosen:
        return None
    if wanted.control.code:
        return refusal(wanted.control.code, wanted.control.facts, names)
    try:
        calls.perform(request, "set_renewal", None, subscription=page.row.id, **wanted.arguments)
    except Refused as refused:
        return refusal(refused.code, refused.facts, names)
    return None


def _card(request: HttpRequest, page: RenewalPage, choice: Choice) -> Card:
    plan = choice.plan
    title = gettext(TITLES[choice.kind]) if choice.kind in TITLES else _other_plan(page, choice)
    if choice.kind == END:
        brief = plain(N_("last day {date}"), date=long_date(last_day(page.on)))
    else:
        brief = plain(N_("{n:licence,licences}, {plan}"), n=choice.seats, plan=words.term_and_payment(plan))
    reason = refusal(choice.control.code, choice.control.facts, names_for(page.row, page.account)) if (
        choice.control.code
    ) else None
    return Card(choice, title, brief, _compared(page, choice), _shown(choice), reason)


def _other_plan(page: RenewalPage, choice: Choice) -> str:
    """By its payment where only that differs, else by term and payment."""
    same = [one for one in page.choices if one.kind == choice.kind and one.plan.billing == choice.plan.billing]
    if len(same) == 1 and choice.plan.billing != page.row.plan.billing:
        return gettext(FREQUENCIES[choice.plan.billing])
    found = words.term_and_payment(choice.plan)
    return found[:1].upper() + found[1:]


def _compared(page: RenewalPage, choice: Choice) -> SafeString | str:
    if choice.kind == AS_IS:
        return say(N_("{sum} per year"), sum=money(choice.yearly_minor, page.row.currency))
    less = choice.less_minor
    if less == 0:
        return say(N_("the same per year"))
    sum_ = money(abs(less), page.row.currency)
    return say(N_("{sum} less per year"), sum=sum_) if less > 0 else say(N_("{sum} more per year"), sum=sum_)

