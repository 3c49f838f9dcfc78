"""Payment methods: what each is and pays, adding one at the provider, and which is the default and the backup."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.payments.ports import GatewayAway
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal import calls, method_calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.views.frame import may, not_there, recently_signed_in, sees
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.refusals import refusal
from seatkeeper.interfaces.web.text import plain
from seatkeeper.interfaces.web.words import METHOD_KIND

LOG = logging.getLogger("seatkeeper.portal")
LIST = "/bills/methods"
SAID = {
    "added": N_("{method} is added. To pay what you have with it, use Replace at the method it takes over from."),
    "default": N_("{method} is the default now: it pays what you buy from now on, unless you choose another there."),
    "backup": N_("{method} is the backup now: it is charged where a renewal or a later try is declined."),
}
NO_BACKUP = N_("There is no backup method any more.")
LEFT = N_("Nothing was added: the provider's page was left without a choice.")
AWAY = N_("The payment provider does not answer now. Nothing was changed; try again in some minutes.")
NOT_SAID = N_("The payment provider does not answer now. If you entered a card there, load this page again to add it.")
BEHAVES = {
    "ok": N_("Every payment succeeds."),
    "declined": N_("Every payment is declined, and tried again later."),
    "funds": N_("Every payment is declined, as there is not enough balance."),
    "limit": N_("Every payment is declined, as it is more than the card may pay."),
    "expired": N_("Every payment is declined for good, as if the card had expired."),
    "lost": N_("Every payment is declined for good."),
    "stolen": N_("Every payment is declined for good, as if the card were stolen."),
    "confirm": N_("You must confirm every payment at the bank; while nobody is there it is declined."),
    "silent": N_("The money is taken, and the provider does not say so until it is asked again."),
    "disputed": N_("Every payment succeeds, and is disputed after five days."),
    "refund-fails": N_("Every payment succeeds, and no refund does."),
    "slow": N_("Every payment succeeds, after two days."),
    "slow-fails": N_("Every payment is declined after three days, as there is not enough balance."),
    "slow-closed": N_("Every payment is declined after three days, for good, as the account is closed."),
}


@sees("money.see")
def listing(request: HttpRequest) -> HttpResponse:
    """All methods that were not replaced or removed, in the order in which they were added."""
    shelf = calls.shelf(request)
    return _page(request, shelf, said=_said(request, shelf))


def _said(request: HttpRequest, shelf: Shelf) -> str:
    """What was done just now, if that is still so."""
    still = {"added": lambda one: True, "default": lambda one: one.is_default, "backup": lambda one: one.is_backup}
    if request.GET.get("backup") == "none" and shelf.state.backup_method is None:
        return plain(NO_BACKUP)
    for name, text in SAID.items():
        known = {str(id_): one for id_, one in shelf.methods.items() if still[name](one)}
        if request.GET.get(name, "") in known:
            return plain(text, method=words.method(known[request.GET[name]]))
    return ""


def _page(
    request: HttpRequest, shelf: Shelf, *, said: str = "", told: str = "", error: SafeString | None = None,
) -> HttpResponse:
    """told: what was not done and is no mistake."""
    context = {
        "account": shelf.account,
        "methods": list(shelf.methods.values()),
        "backups": {id_ for id_ in shelf.methods if shelf.state.may_back_up(id_, shelf.today)},
        "today": shelf.today,
        "said": said,
        "told": told,
        "error": error,
        "failed": error is not None,
        "reason": None if may(request, "subscription.change") else role_reason(request, "subscription.change"),
    }  # fmt: skip
    return render(request, "portal/methods.html", context, status=422 if error else 200)


def _back(request: HttpRequest, text: str) -> str:
    """Where to go back to: an address of the portal, else the list."""
    here = url_has_allowed_host_and_scheme(text, allowed_hosts=None, require_https=request.is_secure())
    return text if here and text.startswith("/") and len(text) < 300 else LIST


@sees("money.see")
@recently_signed_in
def add(request: HttpRequest) -> HttpResponse:
    """What happens next, by GET; by POST to the provider's page, where the number is entered."""
    given = request.POST if request.method == "POST" else request.GET
    back, away = _back(request, given.get("back", "")), ""
    reason = None if may(request, "subscription.change") else role_reason(request, "subscription.change")
    if request.method == "POST" and reason is None:
        try:
            return HttpResponseRedirect(method_calls.begin(request, back, given.get("gateway", "")))
        except GatewayAway as error:
            LOG.warning("no page for a new payment method: %s", error)
            away = plain(AWAY)
    ways = {name: [METHOD_KIND[kind] for kind in kinds] for name, kinds in method_calls.ways(request).items()}
    context = {"back": back, "reason": reason, "away": away, "ways": ways if len(ways) > 1 else {}}
    status = 503 if away else 403 if request.method == "POST" else 200
    response = render(request, "portal/method_add.html", context, status=status)
    response._csp_update = {"form-action": method_calls.origins(request)}  # type: ignore[attr-defined]
    return response


@sees("subscription.change")
def added(request: HttpRequest, setup: str) -> HttpResponse:
    """Back from the provider: what was entered there is added, once, and said."""
    back = _back(request, request.GET.get("back", ""))
    if request.GET.get("left") == "yes":
        return _page(request, calls.shelf(request), told=plain(LEFT))
    try:
        method = method_calls.add(request, setup)
    except GatewayAway as error:
        LOG.warning("what was entered at the provider's page is not known yet: %s", error)
        return _page(request, calls.shelf(request), told=plain(NOT_SAID))
    except Refused as refused:
        if refused.code == "not_found":
            return not_there(request)
        if refused.code == "nothing_changes":
            return redirect(back)
        return _page(request, calls.shelf(request), error=refusal(refused.code, refused.facts))
    return redirect(f"{LIST}?added={method}" if back == LIST else back)


@sees("money.see")
def default(request: HttpRequest, method: int) -> HttpResponse:
    """Make a method the default by POST: one click, as no money moves."""
    return _at_once(request, method, "set_default", method, f"{LIST}?default={method}")


@sees("money.see")
def backup(request: HttpRequest, method: int) -> HttpResponse:
    """Make a method the backup by POST, or take that back: one click, as no money moves."""
    chosen = None if request.POST.get("do") == "none" else method
    return _at_once(request, method, "set_backup", chosen, f"{LIST}?backup={chosen or 'none'}")


def _at_once(request: HttpRequest, method: int, command: str, chosen: int | None, after: str) -> HttpResponse:
    """Give a command about one of the account's methods, and go on to the list, which tells of it."""
    if method not in calls.shelf(request).methods:
        return not_there(request)
    if request.method != "POST":
        return redirect(LIST)
    try:
        method_calls.perform(request, command, None, method=chosen)
    except Refused as refused:
        if refused.code != "nothing_changes":
            return _page(request, calls.shelf(request), error=refusal(refused.code, refused.facts))
    return redirect(after)


@sees("money.see")
def provider(request: HttpRequest, setup: str) -> HttpResponse:
    """The page that stands in for a payment provider's in an installation for tests: cards and accounts by name."""
    offered = method_calls.offered(request, setup) if may(request, "subscription.change") else ()
    if not offered:
        return not_there(request)
    if request.method == "POST":
        name = request.POST.get("choice", "") if request.POST.get("do") == "choose" else ""
        address = method_calls.choose(setup, name)
        if address is not None:
            return HttpResponseRedirect(address if name else f"{address}&left=yes")
    context = {
        "choices": [(one, plain(BEHAVES[one.behaves])) for one in offered],
        "here": f"/provider/{setup}",
        "failed": request.method == "POST",
    }
    return render(request, "portal/provider.html", context, status=422 if request.method == "POST" else 200)
