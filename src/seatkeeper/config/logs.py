"""What the process writes to standard error: one line an event, `time level logger message`, and never a secret."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import Any

SECRET_PATHS = re.compile(r"(/sign-in/)[^\s/?#'\"]+")
"""Addresses that hold a one-time token."""


class Redacted(logging.Filter):
    """Takes one-time tokens out of what is logged, wherever they stand in the message."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = SECRET_PATHS.sub(r"\1***", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True


class Lines(logging.Formatter):
    """2026-03-15T09:00:00.123Z WARNING django.request message; a traceback follows on lines of its own."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        at = datetime.fromtimestamp(record.created, UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def format(self, record: logging.LogRecord) -> str:
        return SECRET_PATHS.sub(r"\1***", super().format(record))


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redacted": {"()": "seatkeeper.config.logs.Redacted"}},
    "formatters": {
        "lines": {"()": "seatkeeper.config.logs.Lines", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "lines",
            "filters": ["redacted"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "seatkeeper": {"level": "INFO"},
    },
}
