"""A payment that the bank wants the person to confirm: the way to the bank's page and back (DOMAIN.md 9.3)."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.payments.ports import GatewayAway
from seatkeeper.interfaces.portal import method_calls
from seatkeeper.interfaces.portal.views.frame import not_there, sees
from seatkeeper.interfaces.web.text import plain

LOG = logging.getLogger("seatkeeper.portal")
ELSEWHERE = "/bills"
AWAY = N_("The payment provider does not answer now. Nothing is lost; load this page again in some minutes.")


@sees("subscription.change")
def to_bank(request: HttpRequest, attempt: int) -> HttpResponse:
    """Go to the bank's page, while the payment waits for it; else to what became of it."""
    try:
        address = method_calls.bank_address(request, attempt)
    except GatewayAway as away:
        return _away(request, away)
    return HttpResponseRedirect(address) if address else _receipt(request, attempt)


@sees("subscription.change")
def confirmed(request: HttpRequest, attempt: int) -> HttpResponse:
    """Back from the bank's page. What came of it is asked of the provider, so the address itself says nothing."""
    return _receipt(request, attempt)


def _receipt(request: HttpRequest, attempt: int) -> HttpResponse:
    try:
        reference = method_calls.confirmed(request, attempt)
    except GatewayAway as away:
        return _away(request, away)
    if reference is None:
        return not_there(request)
    return redirect(f"/done/{reference}" if reference else ELSEWHERE)


def _away(request: HttpRequest, error: GatewayAway) -> HttpResponse:
    LOG.warning("what became of a payment at the bank is not known yet: %s", error)
    return render(request, "portal/bank_away.html", {"said": plain(AWAY)}, status=503)


@sees("subscription.change")
def bank(request: HttpRequest, key: str) -> HttpResponse:
    """The page that stands in for a bank's in an installation for tests."""
    if not method_calls.bank_asks(request, key):
        return not_there(request)
    if request.method == "POST" and request.POST.get("do") in ("confirm", "refuse"):
        back = method_calls.tell_bank(key, request.POST["do"] == "confirm")
        return redirect(back or ELSEWHERE)
    return render(request, "portal/bank.html", {"here": f"/provider/confirm/{key}"})
