"""Every request has an id, which its answer, its log lines and the pages of what went wrong name."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from seatkeeper.kit.trace import current, request_id, tracing

LOG = logging.getLogger("seatkeeper.request")
HEADER = "X-Request-ID"


class TracingMiddleware:
    """The outermost: gives the id, and logs how the request went, by its route; never by its path, which may tell."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = request_id(request.headers.get(HEADER, ""))
        began = time.perf_counter()
        with tracing(request=found):
            response = self.get_response(request)
            response.headers[HEADER] = found
            facts = {
                "method": request.method, "route": route_of(request), "status": response.status_code,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1),
            }  # fmt: skip
            LOG.info("%(method)s %(route)s %(status)s in %(milliseconds)s ms", facts, extra={"facts": facts})
            return response


def route_of(request: HttpRequest) -> str:
    """The pattern of the address that was found, without the ids and tokens that stand in it; `-` where none was."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match is not None else "-"


def reference() -> str:
    """The present request's id, for people to quote."""
    return current()[0]
