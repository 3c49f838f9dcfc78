"""A gateway calls: its signature is checked, what it tells is kept once and applied, and it gets a short answer.

No session, no cookie and no token of ours: the signature over the whole body is what says who calls.
"""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from seatkeeper.domain.payments.ports import BadCall
from seatkeeper.domain.payments.wiring import call_backs
from seatkeeper.domain.subscriptions.happenings import take_in
from seatkeeper.kit.clock import system_now

LOG = logging.getLogger("seatkeeper.payments")
SIGNATURES = {"stripe": "Stripe-Signature"}
"""In which header a gateway signs."""
MOST_BYTES = 256 * 1024
IGNORED = "ignored"


@csrf_exempt
def called(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take a call in. 503 asks the gateway to call again; every other answer is the last."""
    calls = call_backs(gateway)
    if calls is None:
        return _answer(404, "no such gateway")
    if request.method != "POST":
        return _answer(405, "only POST", Allow="POST")
    try:
        body = request.body
    except RequestDataTooBig:
        return _answer(413, "too large")
    if len(body) > MOST_BYTES:
        return _answer(413, "too large")
    try:
        told = calls.read(body, request.headers.get(SIGNATURES[gateway], ""))
    except BadCall as bad:
        LOG.warning("a call in the name of %s was refused: %s", gateway, bad)
        return _answer(400, str(bad))
    if told is None:
        return _answer(200, IGNORED)
    try:
        return _answer(200, take_in(gateway, told, system_now()))
    except Exception:  # whatever it was: it is kept, and applied when the gateway calls again, or when it is polled
        LOG.exception("what %s told as %s could not be applied yet", gateway, told.id)
        return _answer(503, "not now")


def _answer(status: int, result: str, **headers: str) -> HttpResponse:
    return JsonResponse({"result": result}, status=status, headers=headers)
