"""What is done with many subscriptions at once: the confirm sheet with the outcome of every row, and one sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import CHARGED_AT_ONCE
from seatkeeper.domain.subscriptions.listing import chosen_rows
from seatkeeper.domain.subscriptions.picture import Shelf, milestone
from seatkeeper.domain.subscriptions.rows import SubscriptionRow
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import names_for, role_reason
from seatkeeper.interfaces.portal.sheets.parts import Change, Outcome, Words, foot, money_button, notes_part, pay_part
from seatkeeper.interfaces.portal.sheets.reading import kept
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.products import wanted
from seatkeeper.interfaces.portal.views.sheets import Shown
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One action on many: its command, its title, and the hint while nothing is chosen."""

    slug: str
    command: str
    title: str
    hint: str
    help: str


KINDS: Mapping[str, Kind] = {
    one.slug: one
    for one in (
        Kind(
            "recurring-billing", "set_many_recurring", N_("Recurring billing of {n:subscription,subscriptions}"),
            N_("Choose what happens at the renewal."), "renewal",
        ),
        Kind(
            "payment-method", "set_many_method", N_("Payment method of {n:subscription,subscriptions}"),
            N_("Choose a payment method."), "payment",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A subscription that stays as it is, and why."""

    row: SubscriptionRow
    reason: SafeString


@sees("money.see")
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet of one action on the selected subscriptions. GET shows the preview, POST gives the command."""
    kind = KINDS.get(slug)
    if kind is None:
        return not_there(request)
    data = request.POST if request.method == "POST" else request.GET
    shelf = calls.shelf(request)
    rows = _selected(shelf, data)
    if not may(request, "subscription.change"):
        return _page(request, kind, shelf, rows, data, Shown(refused=role_reason(request, "subscription.change")))
    if not rows:
        return redirect("/products")
    chosen = _chosen(kind, shelf, data)
    if chosen is None:
        return _page(request, kind, shelf, rows, data, Shown(hint=plain(kind.hint)))
    arguments = {"subscriptions": tuple(row.id for row in rows), **chosen}
    stale = None
    if request.method == "POST":
        try:
            return redirect(f"/done/{calls.perform(request, kind.command, data.get('token'), **arguments)}")
        except Refused as refused:
            if refused.code not in STALE:
                return _page(request, kind, shelf, rows, data, _refused(refused), _left(shelf, refused.facts))
            stale = stale_words(refused, Names(), shelf.account.currency)
    try:
        previewed = calls.preview(request, kind.command, **arguments)
    except Refused as refused:
        return _page(request, kind, shelf, rows, data, _refused(refused), _left(shelf, refused.facts))
    decision = previewed.decision
    shown = Shown(outcome=_outcome(kind, shelf, previewed, rows, data))
    return _page(request, kind, shelf, rows, data, shown, _left(shelf, dict(decision.facts)), stale=stale)


def _refused(refused: Refused) -> Shown:
    return Shown(refused=refusal(refused.code, refused.facts, Names()))


def _selected(shelf: Shelf, data: QueryDict) -> list[SubscriptionRow]:
    """The rows that were ticked, or all that match the list's filter; in the list's order."""
    rows, _ = chosen_rows(shelf, wanted(data))
    if data.get("all") == "yes":
        return rows[:MOST]
    ticked = set(data.getlist("s"))
    return [row for row in rows if row.reference in ticked][:MOST]


def _chosen(kind: Kind, shelf: Shelf, data: QueryDict) -> dict[str, Any] | None:
    if kind.command == "set_many_recurring":
        return {"to": data["to"]} if data.get("to") in words.RECURRING else None
    method = data.get("to-method", "")
    known = {str(id_): id_ for id_ in shelf.methods}
    return {"method": known[method]} if method in known else None


def _outcome(
    kind: Kind, shelf: Shelf, previewed: Previewed, rows: list[SubscriptionRow], data: QueryDict
) -> Outcome:
    called = Words(shelf.account, dict(shelf.methods), {}, {}, {one.id: one.number for one in shelf.state.documents})
    pay = pay_part(previewed.decision, called)
    label, amount, announce = foot(pay)
    return Outcome(
        changes=tuple(_changes(kind, previewed.decision, shelf, {row.id: row for row in rows}, called)),
        pay=pay,
        then=(),
        notes=tuple(notes_part(previewed.decision, called)),
        button=money_button(pay),
        foot_label=label,
        foot_amount=amount,
        announce=announce,
        token=previewed.token,
        hidden=kept(data),
    )


def _changes(
    kind: Kind, decision: Decision, shelf: Shelf, rows: dict[int, SubscriptionRow], called: Words
) -> list[Change]:
    """One line for each subscription that changes."""
    found = []
    for _, after in decision.subscriptions:
        row = rows[after.id]
        label = f"{row.name}, {row.reference}"
        if kind.command == "set_many_method":
            found.append(Change(label, words.method(row.method), called.method(after.method)))
            continue
        was, becomes = (words.milestone_text(one) if one else "" for one in (row.milestone, milestone(shelf, after)))
        found.append(Change(label, was, becomes))
    return found


def _left(shelf: Shelf, facts: Mapping[str, Any]) -> list[LeftOut]:
    """Those that the decision leaves as they are, each with its reason in words."""
    if not facts.get("left_out"):
        return []
    rows = {row.id: row for row in chosen_rows(shelf, wanted(QueryDict()))[0]}
    return [
        LeftOut(rows[id_], refusal(code, dict(own), names_for(rows[id_], shelf.account)))
        for id_, code, own in facts.get("left_out", ())
    ]


def _page(
    request: HttpRequest, kind: Kind, shelf: Shelf, rows: list[SubscriptionRow], data: QueryDict, shown: Shown,
    left: list[LeftOut] | None = None, *, stale: SafeString | None = None,
) -> HttpResponse:
    context = {
        "frame_template": frame_of(request),
        "title": plain(kind.title, n=len(rows)),
        "fields": f"portal/fields/selected-{kind.slug}.html",
        "here": f"/products/selected/{kind.slug}",
        "back": "/products",
        "help": kind.help,
        "data": data,
        "kept": kept(data, "to", "to-method"),
        "methods": [one for one in shelf.methods.values() if one.kind in CHARGED_AT_ONCE or not one.blocked],
        "shown": shown,
        "stale": stale,
        "left": left or [],
        "failed": bool(shown.refused or stale) and request.method == "POST",
    }
    return render(request, "portal/sheet.html", context, status=shown.status(request, stale=stale is not None))
