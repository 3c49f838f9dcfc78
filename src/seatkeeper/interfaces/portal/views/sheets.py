"""The one confirm sheet for the actions on a subscription: look at it by GET, give the command by POST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions.rows import SubscriptionPage
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import names_for, role_reason
from seatkeeper.interfaces.portal.sheets.actions import ACTIONS, Action
from seatkeeper.interfaces.portal.sheets.parts import (
    Outcome,
    Words,
    foot,
    notes_part,
    pay_part,
    then_part,
)
from seatkeeper.interfaces.portal.sheets.reading import Arguments, BadField, kept
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain

QUIET = frozenset({"nothing_changes"})
"""Refusals that only mean that nothing was chosen yet: shown as the sheet's hint."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands under a sheet's fields: an outcome, or why there is none."""

    outcome: Outcome | None = None
    refused: SafeString | None = None
    bad: BadField | None = None
    hint: str = ""

    def status(self, request: HttpRequest, *, stale: bool) -> int:
        """The HTTP status of the page that shows it: a refused preview is a good answer, a refused command is not."""
        if request.method != "POST":
            return 200
        return 409 if stale else 422


def preview_shown(
    request: HttpRequest,
    command: str,
    arguments: Callable[[], Arguments | None],
    make: Callable[[Previewed, Arguments], Outcome],
    names: Names,
    hint: str,
) -> Shown:
    """Read the form, preview the command, and word what comes of it."""
    try:
        found = arguments()
    except BadField as bad:
        return Shown(bad=bad)
    if found is None:
        return Shown(hint=gettext(hint))
    try:
        previewed = calls.preview(request, command, **found)
    except Refused as refused:
        if refused.code in QUIET:
            return Shown(hint=gettext(hint))
        return Shown(refused=refusal(refused.code, refused.facts, names))
    return Shown(outcome=make(previewed, found))


def words_of(page: SubscriptionPage) -> Words:
    """How the sheet calls methods, plans and documents."""
    plans = (page.row.plan, *page.same_product_plans, *page.other_plans)
    return Words(
        account=page.account,
        methods={one.id: one for one in page.methods},
        plans={one.id: one.name or one.product_name for one in plans},
        products={one.product: one.product_name for one in plans},
        documents=dict(page.document_numbers),
    )


def _outcome(action: Action, page: SubscriptionPage, data: QueryDict) -> Callable[[Previewed, Arguments], Outcome]:
    def make(previewed: Previewed, arguments: Arguments) -> Outcome:
        decision, called = previewed.decision, words_of(page)
        own = {key: value for key, value in arguments.items() if key != "subscription"}
        pay = pay_part(decision, called)
        label, amount, announce = foot(pay)
        was = page.row.next_invoice.gross_minor if page.row.next_invoice else None
        return Outcome(
            changes=tuple(action.changes(page, decision, own)),
            pay=pay,
            then=then_part(decision, called, was),
            notes=(*action.notes(page, decision, own), *notes_part(decision, called)),
            button=action.button(page, decision, own, pay),
            foot_label=label,
            foot_amount=amount,
            announce=announce,
            token=previewed.token,
            hidden=kept(data),
        )

    return make


@sees("money.see")
def subscription_sheet(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """A sheet of one action on a subscription. GET shows the preview of its query, POST gives the command."""
    action = ACTIONS.get(slug)
    page = calls.subscription(request, reference) if action else None
    if action is None or page is None:
        return not_there(request)
    if not may(request, "subscription.change"):
        return _denied(request, action, page)
    data = request.POST if request.method == "POST" else request.GET
    names = names_for(page.row, page.account)

    def arguments() -> Arguments | None:
        found = action.read(data, page)
        return None if found is None else {"subscription": page.row.id, **found}

    if request.method == "POST":
        try:
            found = arguments()
            if found is not None:
                done = calls.perform(request, action.command, data.get("token"), **found)
                return redirect(f"/done/{done}", permanent=False)
        except BadField:
            pass
        except Refused as refused:
            if refused.code not in STALE:
                shown = Shown(refused=refusal(refused.code, refused.facts, names))
                return _page(request, action, page, data, shown)
            shown = preview_shown(request, action.command, arguments, _outcome(action, page, data), names, action.hint)
            stale = stale_words(refused, names, page.account.currency)
            return _page(request, action, page, data, shown, stale=stale)
    shown = preview_shown(request, action.command, arguments, _outcome(action, page, data), names, action.hint)
    return _page(request, action, page, data, shown)


def _page(
    request: HttpRequest,
    action: Action,
    page: SubscriptionPage,
    data: QueryDict,
    shown: Shown,
    *,
    stale: SafeString | None = None,
) -> HttpResponse:
    context = {
        "frame_template": frame_of(request),
        "title": plain(action.title, product=page.row.name),
        "fields": f"portal/fields/{action.slug}.html",
        "here": f"/products/{page.row.reference}/{action.slug}",
        "back": f"/products/{page.row.reference}",
        "help": action.help,
        "action": action,
        "page": page,
        "row": page.row,
        "methods": page.methods,
        "data": data,
        "shown": shown,
        "stale": stale,
        "failed": bool(shown.refused or shown.bad or stale),
        "pair": action.slug == "cancel",
    }
    status = shown.status(request, stale=stale is not None)
    return render(request, "portal/sheet.html", context, status=status)


def _denied(request: HttpRequest, action: Action, page: SubscriptionPage) -> HttpResponse:
    shown = Shown(refused=role_reason(request, "subscription.change"))
    return _page(request, action, page, QueryDict(), shown)
