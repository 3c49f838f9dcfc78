"""Static files from a fresh clone, and logs without secrets."""

from __future__ import annotations

import gzip
import logging

import pytest
from django.templatetags.static import static
from django.test import Client

from seatkeeper.config.assets import fingerprint
from seatkeeper.config.logs import Lines, Redacted


@pytest.mark.django_db  # closing an answer looks at the connection
def test_static_files_are_served_without_collecting_and_may_be_kept() -> None:
    for name in ("css/app.css", "css/components/sheet.css", "js/app.js", "vendor/htmx.min.js", "icons/sprite.svg"):
        answer = Client().get(static(f"seatkeeper/{name}"))
        assert answer.status_code == 200, name
        assert "max-age=31536000" in answer["Cache-Control"], name
        answer.close()
    assert Client().get("/static/seatkeeper/css/app.css").status_code == 404


@pytest.mark.django_db
def test_static_files_are_packed_for_those_who_take_them_so() -> None:
    address = static("seatkeeper/css/tokens.css")
    plain, packed = Client().get(address), Client().get(address, headers={"accept-encoding": "gzip, br"})
    whole, small = b"".join(plain.streaming_content), packed.content
    assert packed["Content-Encoding"] == "gzip" and gzip.decompress(small) == whole and len(small) < len(whole) / 2
    assert packed["Content-Length"] == str(len(small)) and packed["Content-Type"] == plain["Content-Type"]
    assert packed["Cache-Control"] == plain["Cache-Control"] and "max-age=31536000" in packed["Cache-Control"]
    assert "Content-Encoding" not in plain
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"
    font = Client().get(static("seatkeeper/fonts/inter-latin-wght-normal.woff2"), headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in font
    again = Client().get(address, headers={"accept-encoding": "gzip", "if-modified-since": plain["Last-Modified"]})
    assert again.status_code == 304
    for answer in (plain, font, again):
        answer.close()


def test_address_of_static_files_changes_with_them() -> None:
    assert f"/{fingerprint()}/" in static("seatkeeper/css/app.css")


def test_logs_hold_no_sign_in_token() -> None:
    record = logging.LogRecord("django.request", 30, "", 1, "Gone: %s", ("/sign-in/abc-DEF_123",), None)
    assert Redacted().filter(record)
    assert record.getMessage() == "Gone: /sign-in/***"
    broken = logging.LogRecord("x", 40, "", 1, "see /sign-in/abc?x", (), None)
    assert "abc" not in Lines("%(message)s").format(broken)
