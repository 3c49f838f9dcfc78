"""Signing in by a link that works once, signing out, and the display choices kept in cookies."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from seatkeeper.interfaces.web import session
from seatkeeper.interfaces.web.context import THEMES


def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link. Opening it only asks, so that a mail scanner does not use it up; the button signs in."""
    if request.method == "POST":
        language = session.sign_in(request, token)
        if language is not None:
            response = redirect("/security/password/set" if session.is_new(request) else "/")
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and language in dict(settings.LANGUAGES):
                session.keep_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)
            return response
        sentence = gettext("This link was used already or is too old. Ask for a new one.")
        context = {"heading": gettext("This link does not work any more"), "sentence": sentence}
        return render(request, "web/signed_out.html", context, status=410)
    context = {"heading": gettext("Sign in"), "sentence": gettext("This link signs you in once."), "token": token}
    return render(request, "web/signed_out.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    session.sign_out(request)
    return redirect("/sign-in")


def _back(request: HttpRequest) -> str:
    address = request.GET.get("next", "/")
    allowed = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if allowed and address.startswith("/") else "/"


def language(request: HttpRequest, language: str) -> HttpResponse:
    """Keep the language choice in a cookie and come back."""
    response = redirect(_back(request))
    if language in dict(settings.LANGUAGES):
        session.keep_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


def theme(request: HttpRequest, theme: str) -> HttpResponse:
    """Keep the choice between light, dark and the system's in a cookie and come back."""
    response = redirect(_back(request))
    if theme in THEMES:
        session.keep_cookie(response, settings.THEME_COOKIE_NAME, theme)
    else:
        response.delete_cookie(settings.THEME_COOKIE_NAME)
    return response
