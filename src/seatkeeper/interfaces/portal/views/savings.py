"""Savings: what can be saved, each booked by one click at the first date that is allowed (SCREENS.md 4.9)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.money import plain as plain_money
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions.savings import GROUPS, SavingRow, SavingsPage
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.spreadsheets import spreadsheet
from seatkeeper.interfaces.portal.views.frame import may, sees
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import last_day, long_date, money
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain, say
from seatkeeper.kit.paging import DEFAULT_SIZE

CHIPS = (
    ("all", N_("All")),
    ("unused", N_("Unused")),
    ("frequency", N_("Frequency")),
    ("double", N_("Double")),
)
BOOKABLE = ("set_seats", "set_recurring", "change_frequency")


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words. gives_up: what is given up, if anything is; why: how its amount is worked out."""

    row: SavingRow
    sentence: str
    gives_up: str
    why: SafeString


@sees("money.see")
def listing(request: HttpRequest) -> HttpResponse:
    """The advice by GET; booking one, undoing, setting aside and taking up by POST."""
    error = None
    if request.method == "POST" and may(request, "subscription.change"):
        error = _do(request)
        if error is None:
            return redirect(_address(request))
    shown, aside = _filters(request)
    at = {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}
    page = calls.savings(request, shown=shown, aside=aside, size=DEFAULT_SIZE, **at)
    here = _link(shown, aside=aside)
    joint = "&" if "?" in here else "?"
    may_change = may(request, "subscription.change")
    chips = [
        (name, text, page.counts[name], name == shown, _link(name, aside=aside))
        for name, text in CHIPS
        if page.counts[name] or name in ("all", shown)
    ]
    context = {
        "page": page,
        "lines": [_line(page, row) for row in page.rows],
        "chips": chips,
        "aside": aside,
        "done": _done(request, page),
        "error": error,
        "failed": error is not None,
        "previous": f"{here}{joint}{urlencode({'before': page.before})}" if page.before else "",
        "next": f"{here}{joint}{urlencode({'after': page.after})}" if page.after else "",
        "may_change": may_change,
        "role_reason": None if may_change else role_reason(request, "subscription.change"),
    }
    return render(request, "portal/savings.html", context, status=409 if error else 200)


def _filters(request: HttpRequest) -> tuple[str, bool]:
    shown = request.GET.get("show", "all")
    return (shown if shown in GROUPS else "all"), request.GET.get("aside") == "1"


def _link(shown: str, *, aside: bool) -> str:
    query = {"show": shown} if shown != "all" else {}
    if aside:
        query["aside"] = "1"
    return f"/savings?{urlencode(query)}" if query else "/savings"


def _address(request: HttpRequest) -> str:
    """Where a done action leads: the same filter, saying what was done."""
    here = _link(*_filters(request)[:1], aside=_filters(request)[1])
    said = {"booked": request.POST.get("reference", ""), "ends": request.POST.get("ends", "")}
    kept = urlencode({key: value for key, value in said.items() if value}) if request.POST.get("do") == "book" else ""
    return f"{here}{'&' if '?' in here else '?'}{kept}" if kept else here


def _do(request: HttpRequest) -> SafeString | None:
    """One action; what to say where it was not done."""
    do, key = request.POST.get("do"), request.POST.get("advice", "")
    try:
        if do in ("aside", "up"):
            calls.give(request, "advice.set_aside" if do == "aside" else "advice.take_up", advice=key)
        elif do in ("undo", "resume"):
            return _take_back(request)
        else:
            return _book(request, key)
    except Refused as refused:
        return refusal(refused.code, refused.facts, Names())
    return None


def _book(request: HttpRequest, key: str) -> SafeString | None:
    """Book an advice, if it still is what the row said."""
    found = next((row for row in calls.savings(request).rows if row.advice.key == key and not row.booked), None)
    if found is None or request.POST.get("shown") != str(found.advice.saves_minor):
        return refusal("preview_stale", {}, Names())
    one = found.advice
    assert one.command in BOOKABLE
    calls.perform(request, one.command, None, **one.arguments)
    return None


def _take_back(request: HttpRequest) -> SafeString | None:
    page = calls.subscription(request, request.POST.get("reference", ""))
    if page is None:
        return refusal("unknown_subscription", {}, Names())
    if request.POST.get("do") == "undo":
        calls.perform(request, "undo", None, subscription=page.row.id)
    else:
        calls.perform(request, "set_recurring", None, subscription=page.row.id, to="on")
    return None


def _done(request: HttpRequest, page: SavingsPage) -> dict[str, object] | None:
    """What was booked just now, with how to take it back."""
    reference = request.GET.get("booked", "")
    found = calls.subscription(request, reference) if reference and request.method == "GET" else None
    if found is None or found.row.milestone is None:
        return None
    row, ends = found.row, request.GET.get("ends") == "1" and found.row.recurring == "off"
    if not ends and not row.booked:
        return None
    on = found.row.milestone.on if ends else row.booked[0].on
    return {
        "text": plain(N_("Booked for {d}: {product}."), d=long_date(on), product=row.name),
        "reference": row.reference,
        "do": "resume" if ends else "undo",
    }


def _line(page: SavingsPage, row: SavingRow) -> Line:
    one, currency = row.advice, page.account.currency
    gives_up = plain(N_("committed until {d}"), d=long_date(last_day(one.until))) if one.until else ""
    sums = {"a": money(one.before_minor, currency), "b": money(one.after_minor, currency)}
    years = one.months // 12
    why = say(
        N_("From {d}, {n:year,years}: {a} as it is, {b} with this, excl. VAT, at the prices known today."),
        d=long_date(one.on), n=years, **sums,
    )
    return Line(row, _sentence(row, currency), gives_up, why)


def _sentence(row: SavingRow, currency: str) -> str:
    one = row.advice
    values = {"product": row.product_name, "n": one.seats, "m": one.left}
    if row.booked and one.plan and row.other is not None:
        return plain(N_("{product}: {plan}"), product=row.product_name, plan=words.term_and_payment(row.other))
    if row.booked:
        return plain(
            N_("{product}: from {a} to {b} licences"), product=row.product_name, a=one.left + one.seats, b=one.left
        )
    if one.kind == "frequency" and row.other is not None:
        return plain(
            N_("{product}: {plan} from {d}, instead of {now}"), product=row.product_name, d=long_date(one.on),
            plan=words.term_and_payment(row.other), now=words.term_and_payment(row.plan),
        )
    if one.kind == "double":
        return plain(
            N_("{n:user holds,users hold} both {a} and {b}; {b} has all of {a}."), n=one.users, a=row.product_name,
            b=row.other_name,
        )
    if one.kind == "let_end":
        return plain(
            N_("None of the {n} {product} licences of {number} was needed; let it end."), number=row.reference, **values
        )
    since = long_date(one.since) if one.since else ""
    if one.ever:
        return plain(N_("{n} {product} not assigned since {d}; never were more than {m} needed."), d=since, **values)
    return plain(N_("{n} {product} not assigned since {d}; {m} were enough since then."), d=since, **values)


CSV_HEADS = (N_("Advice"), N_("Number"), N_("Saves per year, excl. VAT"), N_("Currency"), N_("From"), N_("Booked"))


@sees("money.see")
def export(request: HttpRequest) -> HttpResponse:
    """The same rows as CSV."""
    page = calls.savings(request, shown=_filters(request)[0], aside=_filters(request)[1])
    currency = page.account.currency
    cells = (
        (
            _sentence(row, currency), row.reference, plain_money(row.advice.saves_minor, currency), currency,
            row.advice.on.isoformat(), plain(N_("yes")) if row.booked else plain(N_("no")),
        )
        for row in page.rows
    )  # fmt: skip
    return spreadsheet("savings", CSV_HEADS, cells)
