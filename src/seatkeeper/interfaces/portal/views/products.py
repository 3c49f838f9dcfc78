"""Products & services: the list with its filters, columns and pages, and one subscription."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_POST

from seatkeeper.core.tables import STATUSES
from seatkeeper.domain.subscriptions.listing import FILTERS, SORTS, Wanted, chosen_rows, products_page
from seatkeeper.domain.subscriptions.rows import ProductsPage
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.cells import Look, menu_cell
from seatkeeper.interfaces.portal.columns import COLUMNS, FIRST, Column, cells, chosen, offered
from seatkeeper.interfaces.portal.menus import action_items, ask_of, menu_items
from seatkeeper.interfaces.portal.views.frame import may, not_there, sees
from seatkeeper.interfaces.web.session import keep_preference, signed
from seatkeeper.interfaces.web.text import plain
from seatkeeper.interfaces.web.words import STATUS
from seatkeeper.kit.paging import DEFAULT_SIZE, SIZES

CHIPS = (
    ("all", N_("All")),
    ("renewing", N_("Renewing")),
    ("expiring", N_("Expiring")),
    ("trial", N_("Trial")),
    ("past_due", N_("Past due")),
    ("inactive", N_("Not active")),
)
WITHIN = (30, 60, 90)
PREFERENCE = "products"
DENSITIES, LAYOUTS = ("comfortable", "compact"), ("table", "cards")
PAGING = ("after", "before")


@dataclass(frozen=True, slots=True)
class Liked:
    """How the reader likes the list: columns by name (none: by default), density, layout, rows on a page."""

    columns: list[str] | None = None
    density: str = DENSITIES[0]
    layout: str = LAYOUTS[0]
    size: int = DEFAULT_SIZE


def liked(request: HttpRequest) -> Liked:
    """The reader's choice; what was kept and is none any more counts as not chosen."""
    kept: Any = signed(request).preferences.get(PREFERENCE)
    kept = kept if isinstance(kept, dict) else {}
    columns = kept.get("columns")
    return Liked(
        columns=columns if isinstance(columns, list) else None,
        density=kept["density"] if kept.get("density") in DENSITIES else DENSITIES[0],
        layout=kept["layout"] if kept.get("layout") in LAYOUTS else LAYOUTS[0],
        size=kept["size"] if kept.get("size") in SIZES else DEFAULT_SIZE,
    )


def wanted(query: QueryDict, *, size: int = DEFAULT_SIZE) -> Wanted:
    """What an address asks of the list; what is none of the known values is passed over."""
    shown, sort, within, method = (query.get(name, "") for name in ("show", "sort", "within", "method"))
    return Wanted(
        search=query.get("search", "")[:100],
        shown=shown if shown in FILTERS else "all",
        statuses=frozenset(query.getlist("status")) & frozenset(STATUSES),
        products=frozenset(query.getlist("product")),
        categories=frozenset(query.getlist("category")),
        within_days=int(within) if within in map(str, WITHIN) else None,
        idle=query.get("idle") == "yes",
        method=int(method) if method.isascii() and method.isdigit() and len(method) < 19 else None,
        sort=sort if sort in SORTS else "",
        descending=query.get("order") == "down",
        after=query.get("after", ""),
        before=query.get("before", ""),
        size=size,
    )


@sees("subscription.see")
def listing(request: HttpRequest) -> HttpResponse:
    """The list with its filters, sums and actions."""
    like, money = liked(request), may(request, "money.see")
    asked = wanted(request.GET, size=like.size)
    page = products_page(calls.shelf(request), asked)
    columns = chosen(like.columns, money=money)
    look, own = Look(page.account, money), like.columns is not None
    may_change = may(request, "subscription.change")
    context = {
        "page": page,
        "rows": [
            (row, cells(row, columns, look, own=own), menu_cell(row, menu_items(request, row))) for row in page.rows
        ],
        "money": money,
        "chips": [
            (name, words, page.counts[name], name == asked.shown, address(request, show=name))
            for name, words in CHIPS
            if page.counts[name] or name in ("all", asked.shown)
        ],
        "heads": [_head(request, one, own=own) for one in columns],
        "width": len(columns) + 1 + may_change,
        "asked": asked,
        "filtered": asked.shown != "all" or asked.narrowed,
        "filters": _filters(page, asked),
        "narrowed": asked.narrowings,
        "kept": [(name, value) for name, values in request.GET.lists() if name not in (*PAGING, "s", "all")
                 for value in values if value],
        "export": f"/products.csv?{request.GET.urlencode()}",
        "like": like,
        "sizes": SIZES,
        "own": own,
        "offered": _offered(columns, money=money),
        "here": request.get_full_path(),
        "previous": address(request, before=page.before) if page.before else "",
        "next": address(request, after=page.after) if page.after else "",
        "sums": _sums(columns),
        "may_change": may_change,
    }  # fmt: skip
    return render(request, "portal/products.html", context)


def address(request: HttpRequest, **changes: str) -> str:
    """The list's address with some of its filters changed, from the first page on."""
    query = request.GET.copy()
    for name in ("s", "all", *PAGING):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    pairs = [(key, value) for key, values in query.lists() for value in values if value and value != "all"]
    return f"/products?{urlencode(pairs)}" if pairs else "/products"


def _head(request: HttpRequest, column: Column, *, own: bool) -> dict[str, object]:
    current = request.GET.get("sort") == column.name
    down = request.GET.get("order") == "down"
    css = column.css if own or column.shown == "always" else f"{column.css} is-{column.shown}"
    return {
        "words": gettext(column.head),
        "css": css,
        "sort": ("descending" if down else "ascending") if current else "",
        "address": address(request, sort=column.name, order="down" if current and not down else "up"),
    }


def _filters(page: ProductsPage, asked: Wanted) -> dict[str, object]:
    """The values of "More filters", each with whether it is chosen."""
    dutch = get_language() == "nl"
    return {
        "statuses": [(name, gettext(STATUS[name].words), name in asked.statuses) for name in STATUSES],
        "categories": [
            (one.value, (one.dutch if dutch else "") or one.name, one.value in asked.categories)
            for one in page.categories
        ],
        "products": [(id_, name, id_ in asked.products) for id_, name in page.products],
        "within": [(days, days == asked.within_days) for days in WITHIN],
        "methods": [(one, one.id == asked.method) for one in page.methods],
    }


def _offered(columns: list[Column], *, money: bool) -> list[tuple[Column, str, bool, bool, bool]]:
    """For "Columns": (column, words, chosen, can go up, can go down), the chosen ones first and in their order."""
    rest = [one for one in offered(money=money) if one not in columns]
    found = []
    for place, one in enumerate([*columns, *rest]):
        on = one in columns
        up, down = on and place > 1, on and 0 < place < len(columns) - 1
        found.append((one, gettext(one.head), on, up, down))
    return found


def _sums(columns: list[Column]) -> list[tuple[str, int]]:
    """The cells of the row of sums: (what stands there, over how many columns)."""
    found: list[tuple[str, int]] = []
    for one in columns[1:]:
        what = one.name if one.name in ("licences", "price", "invoice") else ""
        if found and not what and found[-1][0] in ("licences", ""):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((what, 1))
    return found


@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    """Keep how the reader likes the list, and come back to it."""
    return _prefer(request)


@sees("subscription.see")
def _prefer(request: HttpRequest) -> HttpResponse:
    data, like = request.POST, liked(request)
    back = data.get("back", "")
    here = back if back.startswith("/products?") or back == "/products" else "/products"
    if data.get("do") == "default":
        like = replace(like, columns=None)
    elif "columns" in data:
        like = replace(like, columns=_moved(data.getlist("columns"), data.get("up"), data.get("down")))
    if data.get("density") in DENSITIES:
        like = replace(like, density=data["density"])
    if data.get("layout") in LAYOUTS:
        like = replace(like, layout=data["layout"])
    if data.get("size", "") in map(str, SIZES):
        like = replace(like, size=int(data["size"]))
    kept = {"columns": like.columns, "density": like.density, "layout": like.layout, "size": like.size}
    keep_preference(request, PREFERENCE, {name: value for name, value in kept.items() if value is not None})
    return redirect(here)


def _moved(names: list[str], up: str | None, down: str | None) -> list[str]:
    """The columns in their new order: one of them a place further up or down."""
    found = [name for name in dict.fromkeys(names) if name in COLUMNS and name != FIRST]
    for name, step in ((up, -1), (down, 1)):
        if name in found:
            place = found.index(name)
            found.insert(max(place + step, 0), found.pop(place))
    return [FIRST, *found]


def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV: the same filter and columns, all pages; or only the rows that were selected."""
    return _export(request)


@sees("subscription.see")
def _export(request: HttpRequest) -> HttpResponse:
    money = may(request, "money.see")
    rows, _ = chosen_rows(calls.shelf(request), wanted(request.GET))
    only = set(request.GET.getlist("s"))
    if only and request.GET.get("all") != "yes":
        rows = [row for row in rows if row.reference in only]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="products.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    parts = [part for column in chosen(liked(request).columns, money=money) for part in column.put]
    writer.writerow([plain(N_("Number")), *(plain(head) for head, _ in parts), plain(N_("Currency"))])
    for row in rows:
        writer.writerow([safe_cell(one) for one in (row.reference, *(put(row) for _, put in parts), row.currency)])
    return response


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet reads as a formula; a negative amount stays one."""
    text = str(value)
    if text[:1] == "-" and text[1:].replace(".", "", 1).isdigit():
        return text
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@sees("subscription.see")
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One subscription: its life cycle, licences, billing, what comes next, timeline and documents."""
    page = calls.subscription(request, reference)
    if page is None:
        return not_there(request)
    actions = action_items(request, page.row)
    context: Mapping[str, object] = {
        "page": page,
        "row": page.row,
        "money": may(request, "money.see"),
        "actions": actions,
        "ask": ask_of(actions),
        "may_change": may(request, "subscription.change"),
        "may_assign": may(request, "license.assign"),
        "renewal_open": page.renewal_open,
    }
    return render(request, "portal/subscription.html", context)
