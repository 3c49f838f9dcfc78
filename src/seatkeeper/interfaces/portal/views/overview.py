"""Overview: when the next charge is and how high, what is wrong and until when, what is idle (SCREENS.md 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.money import plain as plain_money
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.overview import Attention, OverviewPage
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.charts import Bar, bar_chart, level_bar
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.spreadsheets import spreadsheet
from seatkeeper.interfaces.portal.views.frame import may, sees
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import join, long_date, money, month_short, month_year, round_money
from seatkeeper.interfaces.web.text import plain

MOST_SHOWN = 12
SENTENCES: Mapping[str, str] = {
    "overdue": N_("{number}, {sum}, {days:day,days} overdue; {products} [n:is,are] disabled on {d}"),
    "overdue_only": N_("{number}, {sum}, {days:day,days} overdue"),
    "disabled_unpaid": N_("{name} is disabled, unpaid; its data is kept until {d}"),
    "disabled": N_("{name} is disabled; its data is kept until {d}"),
    "suspended": N_("{n:licence,licences} of {name} [n:is,are] suspended; removed on {d}"),
    "will_suspend": N_("On {d} {n:licence,licences} of {name} will be suspended"),
    "expiring": N_("{name} expires on {d}; {u:user loses,users lose} it afterwards"),
    "expired": N_("{name} has expired; {u:user has,users have} access until {d}"),
    "trial_ends": N_("The trial of {name} ends on {d}; {u:user uses,users use} it"),
    "becomes_paid": N_("The trial of {name} becomes paid on {d}: {sum} excl. VAT"),
    "card_expires": N_("{method} expires on {d}, before {sum} on {d2}"),
    "renewal": N_("{name} renews on {d} for {sum} excl. VAT"),
}
MARKS: Mapping[str, tuple[str, str]] = {
    "overdue": ("warning", "warn"),
    "disabled_unpaid": ("pause_circle", "bad"),
    "disabled": ("pause_circle", "bad"),
    "suspended": ("people_prohibited", "warn"),
    "will_suspend": ("people_prohibited", "warn"),
    "expiring": ("calendar_cancel", "warn"),
    "expired": ("clock_alarm", "warn"),
    "trial_ends": ("hourglass", "info"),
    "becomes_paid": ("hourglass", "info"),
    "card_expires": ("payment", "warn"),
    "renewal": ("arrow_repeat_all", "info"),
}
COUNTED: Mapping[str, str] = {
    "overdue": N_("{n} overdue"),
    "disabled": N_("{n} disabled"),
    "suspended": N_("{n} with suspended licences"),
    "expiring": N_("{n:expires,expire}"),
    "trial": N_("{n:trial,trials}"),
    "card_expires": N_("{n:card,cards}"),
    "renewal": N_("{n:renewal,renewals}"),
}
COUNTED_AS = {
    "disabled_unpaid": "disabled", "will_suspend": "suspended", "expired": "expiring", "trial_ends": "trial",
    "becomes_paid": "trial",
}  # fmt: skip
CHANGE = "subscription.change"
ACTIONS: Mapping[str, tuple[str, str, str]] = {
    "disabled_unpaid": (N_("Reactivate"), "/products/{reference}/reactivate", CHANGE),
    "disabled": (N_("Reactivate"), "/products/{reference}/reactivate", CHANGE),
    "suspended": (N_("See who"), "/licences/{product}", "subscription.see"),
    "will_suspend": (N_("Change licences"), "/products/{reference}/licences?when=renewal", CHANGE),
    "expiring": (N_("Turn recurring billing on"), "/products/{reference}/recurring-billing?to=on", CHANGE),
    "expired": (N_("Reactivate"), "/products/{reference}/reactivate", CHANGE),
    "trial_ends": (N_("Buy now"), "/products/{reference}/buy-now", CHANGE),
    "becomes_paid": (N_("Edit"), "/products/{reference}/recurring-billing", CHANGE),
    "card_expires": (N_("Replace card"), "/bills/methods", CHANGE),
    "renewal": (N_("Prepare renewal"), "/products/{reference}/renewal", "money.see"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that needs attention, in words, with its one action. reason: why the reader cannot do it."""

    text: str
    icon: str
    role: str
    button: str
    address: str
    sheet: bool
    reason: SafeString | None = None


def home(request: HttpRequest) -> HttpResponse:
    """The overview; somebody without a role on the account sees their own licences."""
    reader = getattr(request, "reader", None)
    if reader is not None and reader.role == "user":
        return redirect("/me")
    return overview(request)


@sees("subscription.see")
def overview(request: HttpRequest) -> HttpResponse:
    """The page."""
    page, shows_money = calls.overview(request), may(request, "money.see")
    bars = _bars(page)
    most = max((bar.solid + bar.hatched for bar in bars), default=0)
    context = {
        "page": page,
        "money": shows_money,
        "may_change": may(request, "subscription.change"),
        "lines": [_line(request, page, one) for one in page.attention[:MOST_SHOWN]],
        "more": max(len(page.attention) - MOST_SHOWN, 0),
        "counted": _counted(page),
        "next_lines": sum(len(one.charges) for one in page.coming),
        "next_methods": join(list(dict.fromkeys(_method(page, one.method) for one in page.coming))),
        "chart": bar_chart(bars, _chart_sentence(page)) if page.year_minor else None,
        "levels": [(bar, level_bar(bar, most)) for bar in bars],
        "months": [(month_year(month.start), month) for month in page.months],
    }
    return render(request, "portal/overview.html", context)


def _method(page: OverviewPage, method: int | None) -> str:
    found: MethodRow | None = page.methods.get(method) if method is not None else None
    return words.method_short(found) if found else words.method(None)


def _counted(page: OverviewPage) -> str:
    """1 overdue, 1 card, 2 expire."""
    counts: dict[str, int] = {}
    for one in page.attention:
        kind = COUNTED_AS.get(one.kind, one.kind)
        counts[kind] = counts.get(kind, 0) + 1
    return ", ".join(plain(COUNTED[kind], n=number) for kind, number in counts.items())


def _bars(page: OverviewPage) -> list[Bar]:
    currency = page.account.currency
    return [
        Bar(month_short(month.start), round_money(month.total_minor, currency), month.fixed_minor, month.open_minor)
        for month in page.months
    ]


def _chart_sentence(page: OverviewPage) -> str:
    currency = page.account.currency
    highest = max(page.months, key=lambda month: month.total_minor)
    return plain(
        N_("Cost of the next 12 months, excl. VAT: {sum}, of which {fixed} is fixed. Most in {month}: {most}."),
        sum=money(page.year_minor, currency), fixed=money(page.fixed_minor, currency),
        month=month_year(highest.start), most=money(highest.total_minor, currency),
    )


def _line(request: HttpRequest, page: OverviewPage, one: Attention) -> Line:
    text, (icon, role) = _text(page, one), MARKS[one.kind]
    if one.kind == "overdue":
        sum_ = money(int(str(one.facts["sum_minor"])), page.account.currency)
        button, address, needs = plain(N_("Pay {sum} now"), sum=sum_), f"/bills/{one.name}/pay", "subscription.change"
    else:
        template, address, needs = ACTIONS[one.kind]
        button, address = plain(template), address.format(reference=one.reference, product=one.product)
    allowed = may(request, needs)
    quiet = not may(request, "subscription.change") and role in ("warn", "bad")
    sheet = one.kind == "overdue" or (address.startswith("/products/") and not address.endswith("/renewal"))
    reason = None if allowed else role_reason(request, needs)
    return Line(text, icon, "info" if quiet else role, button, address, sheet, reason)


def _text(page: OverviewPage, one: Attention) -> str:
    facts, currency = one.facts, page.account.currency
    products = facts.get("names", ())
    names = [str(name) for name in products] if isinstance(products, tuple) else []
    method, charged_on = facts.get("method"), facts.get("charged_on")
    sum_ = int(str(facts.get("sum_minor", 0)))
    values = {
        "name": one.name,
        "number": one.name,
        "sum": money(sum_, currency),
        "days": facts.get("days", 0),
        "d": long_date(one.on) if one.on else "",
        "d2": long_date(charged_on) if charged_on else "",  # type: ignore[arg-type]
        "products": join(names),
        "n": len(names) if one.kind == "overdue" else facts.get("n", 0),
        "u": facts.get("users", 0),
        "method": words.method(method) if isinstance(method, MethodRow) else "",
    }
    kind = "overdue_only" if one.kind == "overdue" and not (names and one.on) else one.kind
    return plain(SENTENCES[kind], **values)


CSV_HEADS = (N_("Month"), N_("Fixed, excl. VAT"), N_("Can change, excl. VAT"), N_("Total, excl. VAT"), N_("Currency"))


@sees("money.see")
def export(request: HttpRequest) -> HttpResponse:
    """The next 12 months as CSV."""
    page = calls.overview(request)
    currency = page.account.currency
    cells = (
        (
            f"{month.start:%Y-%m}",
            *(plain_money(one, currency) for one in (month.fixed_minor, month.open_minor, month.total_minor)),
            currency,
        )
        for month in page.months
    )
    return spreadsheet("next-12-months", CSV_HEADS, cells)
