"""What every view shares: who may see, and pages that a sheet may show in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.tables import PERMISSIONS, ROLES
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import join
from seatkeeper.interfaces.web.signing import recently_proved
from seatkeeper.interfaces.web.text import say

View = Callable[..., Any]


def sees_any(view: View) -> View:
    """For signed-in people of every role."""

    @wraps(view)
    def seen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if getattr(request, "reader", None) is None:
            return signed_out(request)
        return view(request, *args, **kwargs)

    return seen


def recently_signed_in(view: View) -> View:
    """For what is sensitive: a POST asks for a proof of who it is, at most once in half an hour.

    What was typed comes back filled in; nothing is done by itself. Stands below `sees`.
    """

    @wraps(view)
    def seen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not recently_proved(request):
            return redirect(f"/security/prove?{urlencode({'next': filled(request)})}")
        return view(request, *args, **kwargs)

    return seen


NOT_KEPT = frozenset({"csrfmiddlewaretoken", "token", "password"})


def filled(request: HttpRequest) -> str:
    """The address of the page that a form stands on, with what was typed into it."""
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT and value
    ]
    return f"{request.path}?{urlencode(fields)}" if fields else request.path


def signed_out(request: HttpRequest) -> HttpResponse:
    """The way to sign in and back to where one was, with what was typed."""
    if request.method == "POST":
        return redirect(f"/sign-in?{urlencode({'said': 'kept', 'next': filled(request)})}")
    address = f"/sign-in?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address if request.get_full_path() != "/" else "/sign-in")


def sees(permission: str) -> Callable[[View], View]:
    """Only for signed-in readers with the permission: others are asked to sign in, or told who can see it."""

    def wrap(view: View) -> View:
        @wraps(view)
        def seen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            reader = getattr(request, "reader", None)
            if reader is None:
                return signed_out(request)
            if permission not in reader.permissions:
                roles = [words.word(words.ROLES, role) for role in ROLES if permission in PERMISSIONS[role]]
                sentence = say(N_("You cannot see this page. It needs one of these roles: {roles}."), roles=join(roles))
                return render(request, "403.html", {"sentence": sentence}, status=403)
            return view(request, *args, **kwargs)

        return seen

    return wrap


def may(request: HttpRequest, permission: str) -> bool:
    """Whether the reader has a permission."""
    reader = getattr(request, "reader", None)
    return reader is not None and permission in reader.permissions


def frame_of(request: HttpRequest) -> str:
    """The page's frame, or none where the script asks for a sheet to put into its dialog."""
    return "web/fragment.html" if request.headers.get("X-Sheet") else "web/base.html"


def not_there(request: HttpRequest) -> HttpResponse:
    """Not there, or another organisation's: the same words."""
    return render(request, "404.html", status=404)
