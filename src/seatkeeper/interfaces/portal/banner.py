"""The banner above every page: the worst that needs attention, with its one button (SCREENS.md, Banners)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.rows import BannerRow
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.views.frame import may
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import long_date, money, month_year
from seatkeeper.interfaces.web.refusal_words import DECLINES
from seatkeeper.interfaces.web.text import plain, say

SENTENCES = {
    "past_due": N_(
        "{sum} is {days:day,days} overdue. On {date} {product} is disabled and {m:user loses,users lose} access."
    ),
    "disabled_unpaid": N_("{product} is disabled since {date}: {sum} unpaid. Data is kept until {date2}."),
    "failed": N_("The payment of {sum} for {invoice} failed: {reason}. Next try on {date}."),
    "hard_decline": N_("{method} will not be tried again: {reason}. {sum} is due."),
    "card_expires": N_("{method} expires in {month}, before {sum} is charged on {date}."),
    "card_expired": N_("{method} expired in {month}; {sum} is charged to it on {date}."),
    "suspended": N_(
        "{n:licence,licences} of {product} [n:is,are] suspended: more assigned than bought. Removed on {date}."
    ),
}
ROLES = {"disabled_unpaid": ("bad", "error_circle"), "card_expires": ("info", "info")}
"""Role and icon of what is no warning."""
CHANGE = "subscription.change"


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands in the banner. reason: who can act, for a reader who cannot; then there is no button."""

    text: SafeString
    role: str
    icon: str
    button: SafeString
    address: str
    more: SafeString | None
    reason: SafeString | None


def banner(request: HttpRequest) -> dict[str, object]:
    """The context processor. Nothing is read before a page with a frame asks."""
    return {"banner": SimpleLazyObject(lambda: _banner(request)) if may(request, "subscription.see") else None}


def _banner(request: HttpRequest) -> Banner | None:
    found = calls.worst(request)
    if found is None:
        return None
    currency = calls.currency(request)
    allowed = may(request, CHANGE)
    role, icon = ROLES.get(found.kind, ("warn", "warning"))
    button, address = _action(found, currency)
    return Banner(
        text=_sentence(found, currency),
        role=role if allowed else "info",
        icon=icon if allowed else "info",
        button=button,
        address=address,
        more=say(N_("[and {n} more]"), "/", n=found.more) if found.more else None,
        reason=None if allowed else role_reason(request, CHANGE),
    )


def _action(found: BannerRow, currency: str) -> tuple[SafeString, str]:
    """The one thing to do, and where."""
    facts = found.facts
    if found.kind == "suspended":
        return say(N_("Add {n}"), n=facts["n"]), f"/products/{facts['reference']}/licences"
    if found.kind == "card_expires":
        method = cast(MethodRow, facts["method"])
        return say(N_("Replace card")), f"/bills/methods/{method.id}/replace"
    if found.kind == "hard_decline":
        here = f"/bills/methods/{facts['method_id']}/replace" if facts["pays"] else f"/bills/{facts['invoice']}/pay"
        return say(N_("Use another method")), here
    sum_ = money(int(str(facts["all_minor"])), currency)
    return say(N_("Pay {sum} now"), sum=sum_), f"/bills/{_what_is_paid(found)}/pay"


def _what_is_paid(found: BannerRow) -> str:
    """The one overdue invoice, which may be paid in part, or all of them."""
    invoices = cast(tuple[str, ...], found.facts["invoices"])
    return invoices[0] if len(invoices) == 1 else "overdue"


def _sentence(found: BannerRow, currency: str) -> SafeString:
    facts = found.facts
    kind = "card_expired" if facts.get("past") else found.kind
    month = facts.get("month")
    return say(
        SENTENCES[kind],
        sum=money(int(str(facts.get("sum_minor", 0))), currency),
        product=facts.get("product", ""),
        invoice=facts.get("invoice", ""),
        reason=gettext(DECLINES.get(str(facts.get("reason")), N_("no reason given"))),
        method=words.method(cast(MethodRow, facts["method"])) if facts.get("method") else plain(N_("The card")),
        month=month_year(month) if isinstance(month, date) else "",
        n=facts.get("n", 0),
        days=facts.get("days", 0),
        m=facts.get("users", 0),
        date=_date(facts.get("date")),
        date2=_date(facts.get("date2")),
    )


def _date(found: object) -> str:
    return long_date(found) if isinstance(found, date) else ""
