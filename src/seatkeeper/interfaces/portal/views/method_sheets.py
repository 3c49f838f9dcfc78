"""The sheets on a payment method: replacing it for some or all it pays, and removing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.listing import Wanted, chosen_rows
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.rows import SubscriptionRow
from seatkeeper.interfaces.portal import calls, method_calls
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.parts import (
    Change,
    Note,
    Outcome,
    Pay,
    Words,
    foot,
    notes_part,
    pay_part,
)
from seatkeeper.interfaces.portal.sheets.reading import kept
from seatkeeper.interfaces.portal.sheets.stale import stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, recently_signed_in, sees
from seatkeeper.interfaces.portal.views.sheets import Shown
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import money
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain, say

STALE = ("preview_stale", "preview_invalid")
Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """What both sheets know: the method, what it pays, and the methods that can take over."""

    shelf: Shelf
    method: MethodRow
    rows: tuple[SubscriptionRow, ...]
    others: tuple[MethodRow, ...]

    @property
    def called(self) -> Words:
        """How a decision's ids are called."""
        documents = {one.id: one.number for one in self.shelf.state.documents}
        return Words(self.shelf.account, dict(self.shelf.methods), {}, {}, documents)

    @property
    def takers(self) -> tuple[MethodRow, ...]:
        """Those of the others that can take over: of what is the backup and nothing else, who can be the backup."""
        if self.rows or self.owes:
            return self.others
        state, today = self.shelf.state, self.shelf.today
        return tuple(one for one in self.others if self.method.is_backup and state.may_back_up(one.id, today))

    @property
    def owes(self) -> int:
        """How many open invoices are to be paid with it."""
        return sum(1 for one in self.shelf.state.documents if one.due_minor > 0 and one.method == self.method.id)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the two. read: the command's arguments, or None while something has to be chosen first."""

    slug: str
    title: str
    hint: str
    read: Callable[[QueryDict, Page], Arguments | None]
    preview: Callable[..., Previewed]
    perform: Callable[..., str]
    command: str
    button: Callable[[Page, Pay, Arguments], str]


def _other(data: QueryDict, page: Page) -> int | None:
    known = {str(one.id): one.id for one in page.takers}
    return known.get(data.get("to-method", ""))


def _ticked(data: QueryDict, page: Page) -> tuple[SubscriptionRow, ...]:
    """What is to be moved: at first all of it, then what is ticked."""
    if "some" not in data:
        return page.rows
    ticked = set(data.getlist("s"))
    return tuple(row for row in page.rows if row.reference in ticked)


def _read_replace(data: QueryDict, page: Page) -> Arguments | None:
    method, chosen = _other(data, page), _ticked(data, page)
    return {"subscriptions": tuple(row.id for row in chosen), "method": method} if method and chosen else None


def _read_remove(data: QueryDict, page: Page) -> Arguments | None:
    replacement = _other(data, page)
    if replacement is None and (page.rows or page.owes):
        return None
    return {"method": page.method.id, "replacement": replacement}


def _replace_button(page: Page, pay: Pay, arguments: Arguments) -> str:
    if pay.kind == "charge":
        return plain(N_("Replace and pay {sum} now"), sum=money(pay.total_minor, pay.currency))
    return plain(N_("Replace, nothing to pay now"))


def _remove_button(page: Page, pay: Pay, arguments: Arguments) -> str:
    if pay.kind == "charge":
        return plain(N_("Replace, remove and pay {sum} now"), sum=money(pay.total_minor, pay.currency))
    return plain(N_("Replace and remove")) if arguments["replacement"] else plain(N_("Remove"))


SHEETS: Mapping[str, Sheet] = {
    one.slug: one
    for one in (
        Sheet(
            "replace", N_("Replace {method}"), N_("Choose the method that takes over, and for which subscriptions."),
            _read_replace, calls.preview, calls.perform, "set_many_method", _replace_button,
        ),
        Sheet(
            "remove", N_("Remove {method}"), N_("It still pays something. Choose the method that takes over first."),
            _read_remove, method_calls.preview, method_calls.perform, "remove", _remove_button,
        ),
    )
}  # fmt: skip


def _opened(request: HttpRequest, method: int) -> Page | None:
    shelf = calls.shelf(request)
    found = shelf.methods.get(method)
    if found is None:
        return None
    rows = [row for row in chosen_rows(shelf, Wanted(method=method))[1] if row.status != "deleted"]
    others = tuple(one for one in shelf.methods.values() if one.id != method and not one.blocked)
    return Page(shelf, found, tuple(rows), others)


@sees("money.see")
@recently_signed_in
def sheet(request: HttpRequest, method: int, slug: str) -> HttpResponse:
    """GET shows the preview of what is chosen, POST gives the command."""
    kind, page = SHEETS.get(slug), _opened(request, method)
    if kind is None or page is None:
        return not_there(request)
    if not may(request, "subscription.change"):
        return _page(request, kind, page, Shown(refused=role_reason(request, "subscription.change")))
    data = request.POST if request.method == "POST" else request.GET
    arguments = kind.read(data, page)
    if arguments is None:
        return _page(request, kind, page, Shown(hint=_hint(kind, page)))
    stale = None
    if request.method == "POST":
        try:
            return redirect(f"/done/{kind.perform(request, kind.command, data.get('token'), **arguments)}")
        except Refused as refused:
            if refused.code not in STALE:
                return _page(request, kind, page, _refused(refused))
            stale = stale_words(refused, Names(), page.shelf.account.currency)
    try:
        previewed = kind.preview(request, kind.command, **arguments)
    except Refused as refused:
        return _page(request, kind, page, _refused(refused))
    return _page(request, kind, page, Shown(outcome=_outcome(kind, page, previewed, arguments, data)), stale=stale)


def _refused(refused: Refused) -> Shown:
    return Shown(refused=refusal(refused.code, refused.facts, Names()))


def _hint(kind: Sheet, page: Page) -> str:
    if not page.others:
        return ""
    if kind.slug == "replace" and not page.rows:
        return plain(N_("It pays no subscription; there is nothing to replace."))
    return plain(kind.hint)


def _outcome(kind: Sheet, page: Page, previewed: Previewed, arguments: Arguments, data: QueryDict) -> Outcome:
    decision, called = previewed.decision, page.called
    pay = pay_part(decision, called)
    label, amount, announce = foot(pay)
    return Outcome(
        changes=tuple(_changes(page, decision, called)),
        pay=pay,
        then=(),
        notes=(*_notes(kind, page, arguments), *notes_part(decision, called)),
        button=kind.button(page, pay, arguments),
        foot_label=label,
        foot_amount=amount,
        announce=announce,
        token=previewed.token,
        hidden=kept(data),
    )


def _changes(page: Page, decision: Decision, called: Words) -> list[Change]:
    """One line for each subscription that moves, and the default where it changes."""
    rows, was = {row.id: row for row in page.rows}, words.method(page.method)
    found = [
        Change(f"{rows[after.id].name}, {rows[after.id].reference}", was, called.method(after.method))
        for _, after in decision.subscriptions
        if after.id in rows
    ]
    facts = dict(decision.facts)
    if "default_method" in facts:
        chosen = facts["default_method"]
        becomes = called.method(chosen if isinstance(chosen, int) else None)
        found.append(Change(plain(N_("Default method")), was, becomes))
    if "backup_method" in facts:
        chosen, before = facts["backup_method"], page.shelf.state.backup_method
        becomes = called.method(chosen) if isinstance(chosen, int) else plain(N_("none"))
        found.append(Change(plain(N_("Backup method")), called.method(before), becomes))
    return found


def _notes(kind: Sheet, page: Page, arguments: Arguments) -> list[Note]:
    if kind.slug == "replace":
        return [Note(say(N_("{method} stays in the list; you can remove it there."), method=words.method(page.method)))]
    notes = [Note(say(N_("What was paid with it stays readable. To use it again, add it again.")))]
    if not page.others:
        notes.insert(0, Note(say(N_("It is the last one: without a payment method nothing can be bought.")), "warn"))
    return notes


def _page(request: HttpRequest, kind: Sheet, page: Page, shown: Shown, *, stale: object = None) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    here = f"/bills/methods/{page.method.id}/{kind.slug}"
    context = {
        "frame_template": frame_of(request),
        "title": plain(kind.title, method=words.method(page.method)),
        "fields": "portal/fields/method.html",
        "here": here,
        "back": "/bills/methods",
        "help": "payment",
        "slug": kind.slug,
        "data": data,
        "page": page,
        "ticked": {row.reference for row in _ticked(data, page)},
        "may_change": may(request, "subscription.change"),
        "shown": shown,
        "stale": stale,
        "failed": bool(shown.refused or stale) and request.method == "POST",
    }
    return render(request, "portal/sheet.html", context, status=shown.status(request, stale=stale is not None))
