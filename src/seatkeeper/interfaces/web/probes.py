"""What machines ask a server: is it alive, may it be sent requests, and how does the installation do.

Answered before everything else: by no session, whatever the host's name, so that a probe needs nothing but the port.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from seatkeeper.config.process import DatabaseProblem, pending_migrations
from seatkeeper.interfaces.web.metrics import CONTENT_TYPE, exposition

KEPT_SECONDS = 1.0
PATIENCE_SECONDS = 2.0
T = TypeVar("T")


class Busy(Exception):
    """The answer is being worked out, for longer than it may take: the database does not answer."""


class Kept(Generic[T]):
    """An answer worked out at most once a second by a process, whoever asks how often; the others wait for it.

    Not for long: where the database hangs, one thread hangs with it, and the others stay free. Then it raises Busy.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work, self._lock = work, threading.Lock()
        self._found: T | None = None
        self._until = 0.0

    def __call__(self) -> T:
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            raise Busy
        try:
            if self._found is None or time.monotonic() >= self._until:
                self._found = self._work()
                self._until = time.monotonic() + KEPT_SECONDS
            return self._found
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Work it out anew at the next call."""
        self._until = 0.0


def _ready() -> dict[str, str]:
    """What a server needs: the database, and all the tables that this program knows."""
    try:
        missing = pending_migrations()
    except DatabaseProblem:
        return {"database": "fail"}
    return {"database": "pass", "migrations": "fail" if missing else "pass"}


READY = Kept(_ready)
METRICS = Kept(exposition)


def live(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing else: a database that is away is no reason to end the process."""
    return JsonResponse({"status": "pass"})


def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests may be sent here: 200, or 503 where the database is away or older than this program."""
    try:
        checks = READY()
    except Busy:
        checks = {"database": "fail"}
    good = all(one == "pass" for one in checks.values())
    return JsonResponse({"status": "pass" if good else "fail", "checks": checks}, status=200 if good else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """The installation's figures for Prometheus, to whoever has the token; nothing is there where none is set."""
    if not settings.METRICS_TOKEN:
        return JsonResponse({"error": "not_found"}, status=404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(given, settings.METRICS_TOKEN):
        refused = JsonResponse({"error": "unauthorized"}, status=401)
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    try:
        return HttpResponse(METRICS(), content_type=CONTENT_TYPE)
    except (Busy, DatabaseError):
        return JsonResponse({"error": "unavailable"}, status=503)


ADDRESSES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/live": live, "/health/ready": ready, "/metrics": metrics,
}  # fmt: skip


class ProbesMiddleware:
    """Answers the addresses of machines; all others go on."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        answer = ADDRESSES.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = answer(request)
        response["Cache-Control"] = "no-store"
        # Otherwise Django logs every refusal as an error, each time a probe asks.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response
