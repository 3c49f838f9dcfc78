"""The receipt: what happened, shown again at every repeat of the same submit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.receipt_words import worded
from seatkeeper.interfaces.portal.views.frame import may, not_there, sees


@sees("subscription.see")
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The outcome of one command of this organisation."""
    row = calls.receipt(request, reference)
    if row is None:
        return not_there(request)
    money = may(request, "money.see")
    return render(request, "portal/receipt.html", {"receipt": row, "worded": worded(row), "money": money})
