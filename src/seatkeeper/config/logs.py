"""What the process writes to standard error: one line an event, for people or as JSON; never a secret, never a person.

Lines for people: `time level logger message request=... account=...`. JSON: the same by name (docs/operating/logs.md).
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from seatkeeper.kit import trace

CUT_OUT = (
    (re.compile(r"(/sign-in/)[^\s/?#'\"]+"), r"\1***"),  # addresses that hold a one-time token
    (re.compile(r"[^\s@<>()\[\]'\"=,;:/]+@[^\s@<>()\[\]'\"=,;:]+"), "***@***"),  # people, and passwords of databases
    (re.compile(r"(?m)^(\s*(?:DETAIL|CONTEXT|HINT):).*$"), r"\1 ***"),  # values of rows that PostgreSQL quotes
)
"""What is taken out of every line, wherever it stands: in the message or in a traceback."""


def cleaned(text: str) -> str:
    """A text without what must not be logged."""
    for found, instead in CUT_OUT:
        text = found.sub(instead, text)
    return text


class Redacted(logging.Filter):
    """Takes out what must not be logged, and notes which request and account a line belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = cleaned(message)
        if clean != message:
            record.msg, record.args = clean, ()
        record.request_id, record.account = trace.current()
        return True


def at(record: logging.LogRecord) -> str:
    """The instant of a line, in UTC, to the millisecond."""
    found = datetime.fromtimestamp(record.created, UTC)
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Lines(logging.Formatter):
    """2026-03-15T09:00:00.123Z WARNING django.request message; a traceback follows on lines of its own."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return at(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        known = {"request": getattr(record, "request_id", ""), "account": getattr(record, "account", None)}
        return super().formatMessage(record) + "".join(f" {name}={value}" for name, value in known.items() if value)

    def format(self, record: logging.LogRecord) -> str:
        return cleaned(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message; request, account, the line's own facts, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {
            "at": at(record), "level": record.levelname, "logger": record.name, "message": cleaned(record.getMessage()),
        }  # fmt: skip
        for name, key in (("request_id", "request"), ("account", "account")):
            if value := getattr(record, name, None):
                found[key] = value
        found.update(getattr(record, "facts", {}))
        if record.exc_info:
            found["traceback"] = cleaned(self.formatException(record.exc_info))
        return json.dumps(found, ensure_ascii=False, default=str)


FORMATS: dict[str, dict[str, Any]] = {
    "lines": {"()": "seatkeeper.config.logs.Lines", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    "json": {"()": "seatkeeper.config.logs.JsonLines"},
}


def logging_as(chosen: str) -> dict[str, Any]:
    """Django's LOGGING for a format, `lines` or `json`. JSON has a line for every request, too.

    Raises ValueError for any other.
    """
    if chosen not in FORMATS:
        raise ValueError(f"SEATKEEPER_LOG_FORMAT must be lines or json, not {chosen!r}")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"redacted": {"()": "seatkeeper.config.logs.Redacted"}},
        "formatters": {"chosen": FORMATS[chosen]},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "chosen", "filters": ["redacted"]},
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
            "seatkeeper": {"level": "INFO"},
            "seatkeeper.request": {"level": "INFO" if chosen == "json" else "WARNING"},
        },
    }
