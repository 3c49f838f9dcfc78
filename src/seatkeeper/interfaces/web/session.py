"""Who is signed in: from the session to the reader, the command's context and the organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from seatkeeper.core.tables import PERMISSIONS
from seatkeeper.domain.accounts.queries import Organisation, organisation
from seatkeeper.domain.identity import operations
from seatkeeper.domain.identity.queries import addresses_with, person_of
from seatkeeper.interfaces.web.context import Reader
from seatkeeper.interfaces.web.signing import note_proof
from seatkeeper.interfaces.web.words import ROLES
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.commands import Actor, Context
from seatkeeper.kit.trace import note_account

YEAR = 365 * 24 * 3600
VIA = "web"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request of a signed-in person carries."""

    ctx: Context
    organisation: Organisation
    permissions: frozenset[str]
    preferences: Mapping[str, Any]


class People(Mapping[str, tuple[tuple[str, str], ...]]):
    """(name, e-mail address) of people by permission; asked of the database only where a page names somebody."""

    def __init__(self, account: int) -> None:
        self._account = account
        self._known: dict[str, tuple[tuple[str, str], ...]] = {}

    def __getitem__(self, permission: str) -> tuple[tuple[str, str], ...]:
        if permission not in self._known:
            self._known[permission] = addresses_with(self._account, permission)
        return self._known[permission]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


class ReaderMiddleware:
    """Puts `reader`, `signed` and `people_by_permission` on the request; none of them where nobody is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _recognise(request)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        return response


def _recognise(request: HttpRequest) -> None:
    known = person_of(get_user(request)) if SESSION_KEY in request.session else None
    found = organisation(known.account) if known is not None and known.account is not None else None
    if known is None or found is None:
        return
    note_account(found.id)
    permissions = PERMISSIONS.get(known.role, frozenset())
    ctx = Context(Actor(known.role, known.id, VIA), found.id, found.now, origin=address_of(request))
    role = gettext(ROLES[known.role]) if known.role in ROLES else known.role
    request.signed = Signed(ctx, found, permissions, known.preferences)  # type: ignore[attr-defined]
    request.ctx = ctx  # type: ignore[attr-defined]
    request.people_by_permission = People(found.id)  # type: ignore[attr-defined]
    request.reader = Reader(  # type: ignore[attr-defined]
        known.name or known.email, known.email, found.name, found.seller_name, role, permissions
    )


def address_of(request: HttpRequest) -> str:
    """The network address that a request came from; empty where it is none.

    Behind HTTPS there is a proxy, which adds what it saw as the last of X-Forwarded-For. Elsewhere anybody could
    write that header, so it is not read.
    """
    text = str(request.META.get("REMOTE_ADDR", ""))
    if settings.HTTPS:
        text = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or text
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def signed(request: HttpRequest) -> Signed:
    """What the middleware found. Only views that are behind `sees` ask."""
    found = getattr(request, "signed", None)
    assert isinstance(found, Signed), "this page is for signed-in readers"
    return found


def keep_preference(request: HttpRequest, name: str, value: object) -> None:
    """Keep how the reader likes to see something; None: as by default."""
    user = signed(request).ctx.actor.user
    assert user is not None, "readers are users"
    operations.keep_preference(user, name, value)


def sign_in(request: HttpRequest, token: str) -> str | None:
    """Use up a one-time link and start a session of its own; the person's language, or None for any other token."""
    user = operations.use_link(token, now=system_now())
    if user is None:
        return None
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.user = user
    note_proof(request, "link")
    return user.language


def sign_out_everywhere(request: HttpRequest) -> None:
    """End every session of the reader, this one included."""
    user = signed(request).ctx.actor.user
    assert user is not None, "readers are users"
    operations.end_sessions(user)
    logout(request)


def is_new(request: HttpRequest) -> bool:
    """Whether the person who has just signed in came by an invitation and has no password yet."""
    known = person_of(request.user)
    return known is not None and known.invited and not known.has_password


def fresh_link(request: HttpRequest) -> str:
    """The path of a new sign-in link for the reader."""
    user = signed(request).ctx.actor.user
    assert user is not None, "readers are users"
    return f"/sign-in/{operations.make_link(user, now=system_now())}"


def sign_out(request: HttpRequest) -> None:
    """End the session."""
    logout(request)


def keep_cookie(response: HttpResponse, name: str, value: str) -> None:
    """Keep a display choice for a year, as safely as the connection allows."""
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
