"""Call-backs that localstripe signs and sends by itself: an independent hand wrote them, Stripe's SDK checks them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from seatkeeper.adapters.gateways.stripe.calls import StripeCalls
from seatkeeper.domain.payments.ports import BadCall, Charge
from tests.adapters.gateways import BEGAN
from tests.adapters.stripes import SECRET, LocalRail, point_at
from tests.support.localstripe import LocalStripe

pytestmark = pytest.mark.django_db
Call = tuple[bytes, str]


@contextmanager
def listening() -> Iterator[tuple[str, queue.Queue[Call]]]:
    """An address that is called, and the calls: body and signature."""
    calls: queue.Queue[Call] = queue.Queue()

    class Listener(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.put((body, self.headers.get("Stripe-Signature", "")))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hooks/stripe", calls
    finally:
        server.shutdown()
        server.server_close()


def test_calls_of_localstripe_are_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    with LocalStripe(tmp_path) as server, listening() as (address, calls):
        point_at(server.address, monkeypatch, settings)
        rail = LocalRail(server)
        assert server.ask("POST", "/_config/webhooks/ours", urlencode({"url": address, "secret": SECRET}))[0] == 200
        charges = [Charge(f"7-{number}", rail.token(how), 12_50, "EUR", BEGAN)
                   for number, how in enumerate(("ok", "declined"), 1)]  # fmt: skip
        rail.gateway.charge(charges)
        told = {}
        while len(told) < 2:
            body, signature = calls.get(timeout=30)
            found = StripeCalls().read(body, signature)
            if found is not None:
                told[found.key] = (found.kind, found.said, found.amount_minor, found.currency)
            with pytest.raises(BadCall):
                StripeCalls().read(body.replace(b"evt_", b"evt-"), signature)
    assert told == {"7-1": ("charge", "succeeded", 1250, "EUR"), "7-2": ("charge", "declined", 1250, "EUR")}
