"""What every view shares: who may see, and pages that a sheet may show in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.tables import PERMISSIONS, ROLES
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import join
from seatkeeper.interfaces.web.text import say

View = Callable[..., Any]


def sees(permission: str) -> Callable[[View], View]:
    """Only for signed-in readers with the permission: others are asked to sign in, or told who can see it."""

    def wrap(view: View) -> View:
        @wraps(view)
        def seen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            reader = getattr(request, "reader", None)
            if reader is None:
                return redirect("/sign-in")
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
