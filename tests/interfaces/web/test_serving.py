"""Static files from a fresh clone, and logs without secrets."""

from __future__ import annotations

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


def test_address_of_static_files_changes_with_them() -> None:
    assert f"/{fingerprint()}/" in static("seatkeeper/css/app.css")


def test_logs_hold_no_sign_in_token() -> None:
    record = logging.LogRecord("django.request", 30, "", 1, "Gone: %s", ("/sign-in/abc-DEF_123",), None)
    assert Redacted().filter(record)
    assert record.getMessage() == "Gone: /sign-in/***"
    broken = logging.LogRecord("x", 40, "", 1, "see /sign-in/abc?x", (), None)
    assert "abc" not in Lines("%(message)s").format(broken)
