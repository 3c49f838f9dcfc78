"""Licences: how many of each product, who holds one, and who asks for one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.money import plain as plain_money
from seatkeeper.domain.licensing.queries import SHOWN
from seatkeeper.domain.licensing.queries import SORTS as HOLDER_SORTS
from seatkeeper.domain.licensing.rows import AssignPage, HoldersPage, LicencesPage
from seatkeeper.domain.subscriptions.licences import FILTERS, SORTS
from seatkeeper.interfaces.portal import licence_calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.spreadsheets import spreadsheet
from seatkeeper.interfaces.portal.views.frame import may, not_there, sees
from seatkeeper.interfaces.web.refusals import Names, refusal

CHIPS = (
    ("all", N_("All")),
    ("available", N_("With available")),
    ("none", N_("None available")),
    ("suspended", N_("Suspended")),
)
HEADS = (
    ("product", N_("Product"), ""),
    ("", N_("Use"), "col-use"),
    ("bought", N_("Bought"), "number"),
    ("assigned", N_("Assigned"), "number"),
    ("available", N_("Available"), "number"),
    ("cost", N_("Cost of unassigned"), "number"),
    ("", N_("On subscriptions"), ""),
)
HOLDER_CHIPS = (("all", N_("All")), ("active", N_("Active")), ("suspended", N_("Suspended")))
HOLDER_HEADS = (
    ("name", N_("Name"), ""),
    ("email", N_("E-mail"), ""),
    ("", N_("Through"), ""),
    ("since", N_("Since"), ""),
    ("", N_("Also holds"), ""),
)
SAMPLE = "\ufeffemail;name\r\nanna.jansen@example.com;Anna Jansen\r\nbram.devries@example.com;Bram de Vries\r\n"


def _address(request: HttpRequest, **changes: str) -> str:
    """This page with other filters; a change of them begins at the first page."""
    query = {key: value for key, value in request.GET.items() if value and key not in ("after", "choose")} | changes
    chosen = urlencode({key: value for key, value in query.items() if value and value != "all"})
    return f"{request.path}?{chosen}" if chosen else request.path


def _head(request: HttpRequest, name: str, words: str, css: str, default: str) -> dict[str, object]:
    current = bool(name) and request.GET.get("sort", default) == name
    down = request.GET.get("order") == "down"
    return {
        "words": gettext(words),
        "css": css,
        "sort": ("descending" if down else "ascending") if current else "",
        "address": _address(request, sort=name, order="down" if current and not down else "up") if name else "",
    }


def _read(request: HttpRequest) -> LicencesPage:
    query = request.GET
    shown, sort = query.get("show", "all"), query.get("sort", "")
    return licence_calls.licences(
        request,
        search=query.get("search", "")[:100],
        shown=shown if shown in FILTERS else "all",
        sort=sort if sort in SORTS and (sort != "cost" or may(request, "money.see")) else "",
        descending=query.get("order") == "down",
    )


@sees("subscription.see")
def listing(request: HttpRequest) -> HttpResponse:
    """The products with licences."""
    page, money = _read(request), may(request, "money.see")
    shown = request.GET.get("show", "all")
    context = {
        "page": page,
        "money": money,
        "search": request.GET.get("search", ""),
        "filtered": shown != "all" or bool(request.GET.get("search")),
        "chips": [
            (name, words, page.counts[name], name == shown, _address(request, show=name))
            for name, words in CHIPS
            if page.counts[name] or name in ("all", shown)
        ],
        "heads": [_head(request, *head, "") for head in HEADS if money or head[0] != "cost"],
        "export": f"/licences.csv?{request.GET.urlencode()}",
        "may_change": may(request, "subscription.change"),
        "may_answer": may(request, "license.assign"),
    }
    return render(request, "portal/licences.html", context)


@sees("subscription.see")
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV, with the same filter; without money for who sees none."""
    page, money = _read(request), may(request, "money.see")
    heads = [N_("Product"), N_("Bought"), N_("Assigned"), N_("Available"), N_("Suspended"), N_("On subscriptions")]
    heads += [N_("Cost of unassigned"), N_("Currency")] if money else []
    rows = []
    for row in page.rows:
        pool = row.pool
        cells = [row.name, pool.bought, pool.assigned, pool.available, pool.suspended, ", ".join(row.references)]
        cells += [plain_money(pool.idle_minor, row.currency), row.currency] if money else []
        rows.append(cells)
    return spreadsheet("licences", heads, rows)


def _holders(request: HttpRequest, product: str, **more: object) -> HoldersPage | None:
    query = request.GET
    shown, sort = query.get("show", "all"), query.get("sort", "name")
    return licence_calls.holders(
        request,
        product,
        search=query.get("search", "")[:100],
        shown=shown if shown in SHOWN else "all",
        sort=sort if sort in HOLDER_SORTS else "name",
        descending=query.get("order") == "down",
        **more,
    )


@sees("subscription.see")
def holders(request: HttpRequest, product: str) -> HttpResponse:
    """Who holds a product's licences."""
    page = _holders(request, product, after=request.GET.get("after", "")[:250])
    if page is None:
        return not_there(request)
    choose, shown = request.GET.get("choose", ""), request.GET.get("show", "all")
    suspended = page.row.pool.suspended
    active = page.row.pool.assigned
    counts = {"all": active + suspended, "active": active, "suspended": suspended}
    context = {
        "page": page,
        "row": page.row,
        "search": request.GET.get("search", ""),
        "shown": shown,
        "filtered": shown != "all" or bool(request.GET.get("search")),
        "choose": int(choose) if choose.isascii() and choose.isdigit() and len(choose) < 7 else 0,
        "money": may(request, "money.see"),
        "assign_reason": _reason(request, page, "assign"),
        "unassign_reason": _reason(request, page, "unassign"),
        "change_reason": None if may(request, "subscription.change") else role_reason(request, "subscription.change"),
        "may_answer": may(request, "license.assign"),
        "chips": [
            (name, words, counts[name], name == shown, _address(request, show=name)) for name, words in HOLDER_CHIPS
        ]
        if suspended
        else [],
        "heads": [_head(request, *head, "name") for head in HOLDER_HEADS],
        "export": f"/licences/{product}.csv?{request.GET.urlencode()}",
        "next": _address(request, after=page.after) if page.after else "",
        "first": _address(request) if request.GET.get("after") else "",
    }
    return render(request, "portal/holders.html", context)


@sees("subscription.see")
def export_holders(request: HttpRequest, product: str) -> HttpResponse:
    """Everybody who holds the product and matches, as CSV."""
    page = _holders(request, product, most=None)
    if page is None:
        return not_there(request)
    heads = (N_("Name"), N_("E-mail"), N_("Through"), N_("Since"), N_("Suspended since"), N_("Also holds"))
    rows = (
        (one.name, one.email, gettext("directly"), one.since, one.suspended_on or "", ", ".join(one.also))
        for one in page.holders
    )
    return spreadsheet(product, heads, rows)


def sample(request: HttpRequest) -> HttpResponse:
    """A file as the assign sheet takes it."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="users.csv"'
    return response


def _reason(request: HttpRequest, page: HoldersPage, kind: str) -> object:
    if not may(request, "license.assign"):
        return role_reason(request, "license.assign")
    control = page.assign if kind == "assign" else page.unassign
    return refusal(control.code, control.facts, names_of(page)) if control.code else None


def names_of(page: HoldersPage | AssignPage) -> Names:
    """How refusals about a product's licences call things."""
    references = page.row.references
    return Names(
        product_id=page.row.product,
        product_name=page.row.name,
        here=f"/products/{references[0]}" if references else "",
    )
