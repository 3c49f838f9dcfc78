"""What the work of the moment belongs to: the request's id and the account, for every line logged on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from seatkeeper.kit.tokens import short_id

_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)
_REQUEST: ContextVar[str] = ContextVar("request", default="")
_ACCOUNT: ContextVar[int | None] = ContextVar("account", default=None)


def request_id(given: str = "") -> str:
    """The id that a proxy gave a request, where it has the form of one; else a new one."""
    return given if _FORM.fullmatch(given) else short_id()


@contextmanager
def tracing(*, request: str | None = None, account: int | None = None) -> Iterator[None]:
    """What is logged within the block names these; afterwards all is as before. A request begins without an account."""
    of_request = None if request is None else _REQUEST.set(request)
    of_account = _ACCOUNT.set(account)
    try:
        yield
    finally:
        _ACCOUNT.reset(of_account)
        if of_request is not None:
            _REQUEST.reset(of_request)


def note_account(account: int) -> None:
    """From here to the end of the block that traces, this account is worked on."""
    _ACCOUNT.set(account)


def current() -> tuple[str, int | None]:
    """The present request's id (or nothing) and the account that is worked on (or None)."""
    return _REQUEST.get(), _ACCOUNT.get()
