"""The browser of the tests runs, answers to this machine, and reaches nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>hello</title>")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def hello_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hello)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_browser_reaches_this_machine_only(page: Page, hello_url: str) -> None:
    page.goto(hello_url)
    assert page.title() == "hello"
    failed: list[str | None] = []
    page.on("requestfailed", lambda request: failed.append(request.failure))
    for address in ("http://elsewhere.invalid/", "http://198.51.100.7/"):
        assert page.evaluate(f"fetch('{address}').then(() => true, () => false)") is False
    assert failed == ["net::ERR_NAME_NOT_RESOLVED"] * 2


def test_page_can_be_read_without_scripts(page_without_scripts: Page) -> None:
    page_without_scripts.set_content("<p>plain</p><script>document.body.textContent = 'changed'</script>")
    assert page_without_scripts.inner_text("p") == "plain"
