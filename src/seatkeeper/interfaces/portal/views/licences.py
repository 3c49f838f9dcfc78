"""Licences: how many of each product, who holds one, assigning and taking back."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.licensing.rows import AssignPage, HoldersPage
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.parts import Change, Outcome, Words, notes_part, pay_part
from seatkeeper.interfaces.portal.sheets.reading import Arguments
from seatkeeper.interfaces.portal.sheets.stale import stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.sheets import Shown, preview_shown
from seatkeeper.interfaces.web.formatting import number
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain

TITLES = {"assign": N_("Assign licences: {product}"), "unassign": N_("Take licences back: {product}")}
BUTTONS = {"assign": N_("Assign {n:licence,licences}"), "unassign": N_("Take back {n:licence,licences}")}
HINTS = {
    "assign": N_("Type or paste names or addresses; who can be given a licence appears here."),
    "unassign": N_("Choose the users first."),
}
MOST_TYPED = 2_000


@sees("subscription.see")
def listing(request: HttpRequest) -> HttpResponse:
    """The products with licences."""
    page = calls.licences(request)
    return render(request, "portal/licences.html", {"page": page, "money": may(request, "money.see")})


@sees("subscription.see")
def holders(request: HttpRequest, product: str) -> HttpResponse:
    """Who holds a product's licences."""
    search = request.GET.get("search", "")[:100]
    page = calls.holders(request, product, search=search, after=request.GET.get("after", ""))
    if page is None:
        return not_there(request)
    choose = request.GET.get("choose", "")
    context = {
        "page": page,
        "row": page.row,
        "search": search,
        "choose": int(choose) if choose.isdigit() and len(choose) < 7 else 0,
        "money": may(request, "money.see"),
        "assign_reason": _reason(request, page, "assign"),
        "unassign_reason": _reason(request, page, "unassign"),
    }
    return render(request, "portal/holders.html", context)


def _reason(request: HttpRequest, page: HoldersPage, kind: str) -> object:
    if not may(request, "license.assign"):
        return role_reason(request, "license.assign")
    control = page.assign if kind == "assign" else page.unassign
    return refusal(control.code, control.facts, _names(page)) if control.code else None


def _names(page: HoldersPage | AssignPage) -> Names:
    references = page.row.references
    return Names(
        product_id=page.row.product,
        product_name=page.row.name,
        here=f"/products/{references[0]}" if references else "",
    )


@sees("subscription.see")
def change(request: HttpRequest, product: str, kind: str) -> HttpResponse:
    """The sheet that assigns licences or takes them back."""
    data = request.POST if request.method == "POST" else request.GET
    users = tuple(int(one) for one in data.getlist("users") if one.isascii() and one.isdigit() and len(one) < 19)
    typed = tuple(one for one in re.split(r"[\s,;<>]*[,;\n<>]+[\s,;<>]*", data.get("typed", "").strip()) if one)
    page = calls.candidates(request, product, typed=typed[:MOST_TYPED], users=users) if kind in TITLES else None
    if page is None:
        return not_there(request)
    names = _names(page)
    if not may(request, "license.assign"):
        return _page(request, page, kind, data, Shown(refused=role_reason(request, "license.assign")))
    wanted = {"assign": "ok", "unassign": "holds"}[kind]
    chosen = tuple(dict.fromkeys(one.user.user for one in page.candidates if one.outcome == wanted and one.user))

    def arguments() -> Arguments | None:
        return {"product": product, "users": chosen} if chosen else None

    def make(previewed: Previewed, given: Arguments) -> Outcome:
        return _outcome(previewed, page, kind, chosen)

    stale = None
    if request.method == "POST" and chosen:
        try:
            done = calls.perform(request, kind, data.get("token"), product=product, users=chosen)
            return redirect(f"/done/{done}")
        except Refused as refused:
            if refused.code not in ("preview_stale", "preview_invalid"):
                said = refusal(refused.code, refused.facts, names)
                return _page(request, page, kind, data, Shown(refused=said))
            stale = stale_words(refused, names, page.account.currency)
    shown = preview_shown(request, kind, arguments, make, names, HINTS[kind])
    return _page(request, page, kind, data, shown, stale=stale)


def _outcome(previewed: Previewed, page: AssignPage, kind: str, chosen: tuple[int, ...]) -> Outcome:
    decision, pool = previewed.decision, page.row.pool
    called = Words(account=page.account, methods={}, plans={}, products={page.row.product: page.row.name})
    pay = pay_part(decision, called)
    after = next((one for one in decision.pools if one.product == page.row.product), None)
    assigned = after.assigned if after else pool.assigned
    changes = (
        Change(gettext("Assigned"), number(pool.assigned), number(assigned)),
        Change(gettext("Available"), number(pool.available), number(max(pool.bought - assigned, 0))),
    )
    button = plain(BUTTONS[kind], n=len(chosen))
    return Outcome(
        changes=changes,
        pay=pay,
        then=(),
        notes=tuple(notes_part(decision, called)),
        button=button,
        foot_label=gettext("Available after this"),
        foot_amount=number(max(pool.bought - assigned, 0)),
        announce=button,
        token=previewed.token,
        hidden=tuple(("users", str(user)) for user in chosen),
    )


def _page(
    request: HttpRequest, page: AssignPage, kind: str, data: QueryDict, shown: Shown, *, stale: object = None
) -> HttpResponse:
    groups: dict[str, list[object]] = {}
    for one in page.candidates:
        groups.setdefault(one.outcome, []).append(one)
    context = {
        "frame_template": frame_of(request),
        "title": plain(TITLES[kind], product=page.row.name),
        "fields": f"portal/fields/{kind}.html",
        "here": f"/licences/{page.row.product}/{kind}",
        "back": f"/licences/{page.row.product}",
        "help": "licences",
        "page": page,
        "groups": groups,
        "chosen": [one.user.user for one in page.candidates if one.user and not one.typed],
        "data": data,
        "shown": shown,
        "stale": stale,
        "failed": bool(shown.refused or shown.bad or stale),
    }
    return render(request, "portal/sheet.html", context, status=shown.status(request, stale=stale is not None))
