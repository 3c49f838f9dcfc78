"""localstripe, an independent stand-in for Stripe's servers, as a process of its own behind a relay.

It refuses some parameters that Stripe wants, and ignores idempotency keys: the relay leaves the former out.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.support.stripe_server import Trouble

UNKNOWN = {"confirm": ("off_session", "return_url"), "cancel": ("cancellation_reason",), "events": ("types",)}
"""What it refuses, by the last part of the address."""
PATIENCE_SECONDS = 30


class LocalStripe:
    """localstripe on a free port: `with LocalStripe(folder) as server`."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.trouble: Trouble = lambda number, when, path: ""
        self.number = 0
        self._relay = ThreadingHTTPServer(("127.0.0.1", 0), type("Relay", (_Relay,), {"server_of": self}))
        self._relay.daemon_threads = True

    @property
    def address(self) -> str:
        """The relay's base address."""
        return f"http://127.0.0.1:{self._relay.server_port}"

    def __enter__(self) -> LocalStripe:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "localstripe", "--port", str(self.port), "--from-scratch"], cwd=self.folder,
            env={"TMPDIR": str(self.folder)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < until and self._process.poll() is None, "localstripe did not start"
                time.sleep(0.05)
        threading.Thread(target=self._relay.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *given: object) -> None:
        self._relay.shutdown()
        self._relay.server_close()
        self._process.kill()
        self._process.wait()

    def ask(self, method: str, path: str, text: str = "", authorization: str = "") -> tuple[int, bytes]:
        """A request to localstripe itself."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": authorization or "Bearer sk_test_12345"}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, text if method == "POST" else None, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


class _Relay(BaseHTTPRequestHandler):
    """One request, passed on."""

    server_of: LocalStripe

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = _without(parts.path, parts.query)
        self._pass_on("GET", parts.path, f"{parts.path}?{query}" if query else parts.path, "")

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._pass_on("POST", self.path, self.path, _without(self.path, text))

    def _pass_on(self, method: str, path: str, address: str, text: str) -> None:
        server = self.server_of
        server.number += 1
        if server.trouble(server.number, "before", f"{method} {path}"):
            self.close_connection = True
            return
        status, content = server.ask(method, address, text, self.headers.get("Authorization", ""))
        if server.trouble(server.number, "after", f"{method} {path}"):
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _without(path: str, text: str) -> str:
    """A form without what localstripe refuses there."""
    unknown = UNKNOWN.get(path.rpartition("/")[2], ())
    return urlencode([(name, value) for name, value in parse_qsl(text) if name.partition("[")[0] not in unknown])
