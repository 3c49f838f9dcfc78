"""The page where a request failed on our side: it says what may have happened, in both languages, with a way on."""

from __future__ import annotations

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from seatkeeper.interfaces.web.tracing import reference

TRY_AGAIN_SECONDS = 10


def failed(request: HttpRequest) -> HttpResponse:
    """handler500. A database that is away or does not answer in time is a time-out: trying again helps.

    It reads nothing: no session, no reader, no language; what failed may be just that.
    """
    timed_out = isinstance(sys.exc_info()[1], OperationalError)
    context = {"timed_out": timed_out, "again": request.get_full_path() if request.method == "GET" else ""}
    context["reference"] = reference()
    response = HttpResponse(render_to_string("500.html", context), status=503 if timed_out else 500)
    if timed_out:
        response["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response
