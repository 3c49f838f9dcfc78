"""The one home of the system's clock. Everything else is given an instant."""

from __future__ import annotations

from datetime import UTC, datetime


def system_now() -> datetime:
    """The system's present instant, in UTC, to the microsecond."""
    return datetime.now(UTC)
