"""Activity: who changed what, when, and what it came to (SCREENS.md 4.8)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.money import plain as plain_money
from seatkeeper.domain.subscriptions.activity import ActivityRow, Filter
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.sheets.reading import read_day
from seatkeeper.interfaces.portal.spreadsheets import long_spreadsheet
from seatkeeper.interfaces.portal.views.frame import may, sees
from seatkeeper.interfaces.web.activity_changes import differences
from seatkeeper.interfaces.web.activity_words import (
    ACTORS,
    GROUP_WORDS,
    behalf,
    came_from,
    said_by,
    sentence,
)
from seatkeeper.interfaces.web.explain import Explained, explain
from seatkeeper.interfaces.web.text import plain
from seatkeeper.kit.refs import id_from_reference

NAMES = ("who", "kind", "subscription", "from", "to")
"""The parts of the address that filter."""
WITH_MONEY = ("payments", "run", "account")
CSV_HEADS = (N_("When"), N_("Who"), N_("What"), N_("On"), N_("Amount"), N_("Currency"), N_("From"))


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words."""

    row: ActivityRow
    who: str
    behalf: str
    what: str
    came_from: str
    differences: list[tuple[str, str, str]]
    documents: list[str]
    explained: list[Explained]
    others: int


def read_filter(request: HttpRequest) -> tuple[Filter, str]:
    """The filter of the address, and what of it cannot be read."""
    query, wrong = request.GET, ""
    text, subscription = query.get("subscription", "").strip(), None
    if text:
        subscription = id_from_reference(text.upper())
        if subscription is None:
            wrong, subscription = plain(N_("Enter a subscription's number, such as S-10001.")), 0
    who = query.get("who", "")
    who = who if who in ACTORS or (who.isascii() and who.isdigit() and len(who) < 18) else ""
    since, until = read_day(query.get("from", "")), read_day(query.get("to", ""))
    return Filter(who, query.get("kind", ""), subscription, since, until), wrong


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


@sees("subscription.see")
def listing(request: HttpRequest) -> HttpResponse:
    """A page of what happened, newest first."""
    wanted, wrong = read_filter(request)
    page = calls.activity(request, wanted, before=_key(request, "before"), after=_key(request, "after"))
    money = may(request, "money.see")
    kept = {name: request.GET[name] for name in NAMES if request.GET.get(name)}
    groups = [(name, gettext(words)) for name, words in GROUP_WORDS.items() if money or name not in WITH_MONEY]
    actors = [(name, gettext(words)) for name, words in ACTORS.items() if money or name == "seller"]
    context = {
        "page": page,
        "money": money,
        "lines": [_line(row, page.account.currency) for row in page.rows],
        "groups": groups,
        "people": [*((str(id_), name) for id_, name in page.people), *actors],
        "chosen": kept,
        "filtered": bool(kept),
        "wrong": wrong,
        "newer": _address(kept, after=page.newer) if page.newer is not None else "",
        "older": _address(kept, before=page.older) if page.older is not None else "",
        "export": f"/activity.csv?{urlencode(kept)}" if kept else "/activity.csv",
    }
    return render(request, "portal/activity.html", context)


def _address(kept: dict[str, str], **key: int) -> str:
    return f"/activity?{urlencode({**kept, **key})}"


def _line(row: ActivityRow, currency: str) -> Line:
    issued = [str(number) for number, _ in row.facts.get("documents", ())]
    paid = [str(number) for name in ("paid", "tried") for number, _ in row.facts.get(name, ()) if number]
    show = row.amount_minor is not None
    return Line(
        row=row,
        who=said_by(row),
        behalf=behalf(row),
        what=sentence(row),
        came_from=came_from(row),
        differences=differences(row),
        documents=list(dict.fromkeys([*issued, *paid])) if show else [],
        explained=[explain(one, currency) for one in row.lines],
        others=len(row.subjects) - 3,
    )


@sees("subscription.see")
def export(request: HttpRequest) -> HttpResponse:
    """Everything that the filter holds, as CSV, streamed."""
    wanted, _ = read_filter(request)
    money, currency = may(request, "money.see"), calls.organisation(request).currency
    skipped = () if money else ("Amount", "Currency")
    heads = [words for words in CSV_HEADS if words not in skipped]
    cells = (_cells(row, money=money, currency=currency) for row in calls.all_activity(request, wanted))
    return long_spreadsheet("activity", heads, cells)


def _cells(row: ActivityRow, *, money: bool, currency: str) -> tuple[str, ...]:
    texts = (row.at.isoformat(timespec="seconds"), said_by(row), sentence(row), " ".join(row.subjects))
    amount = row.amount_minor
    sums = ("", "") if amount is None else (plain_money(amount, currency), currency)
    return (*texts, *(sums if money else ()), came_from(row))
