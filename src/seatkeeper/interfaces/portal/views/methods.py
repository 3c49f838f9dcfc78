"""Payment methods: what each is, until when, what it pays, and why one is not tried any more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.views.frame import sees


@sees("money.see")
def listing(request: HttpRequest) -> HttpResponse:
    """All methods that were not replaced, in the order in which they were added."""
    shelf = calls.shelf(request)
    context = {"account": shelf.account, "methods": list(shelf.methods.values()), "today": shelf.today}
    return render(request, "portal/methods.html", context)
