"""The letters of the organisation, each with its real data: to read before one is ever sent."""

from __future__ import annotations

from typing import cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from seatkeeper.interfaces.portal import mail_calls
from seatkeeper.interfaces.portal.mail_words import LETTERS, NAMES
from seatkeeper.interfaces.portal.views.frame import not_there, sees
from seatkeeper.interfaces.web.formatting import join

MOST_ADDRESSES = 3
FILES = {"pdf": "PDF", "ubl": "XML (UBL)"}
OF_A_LETTER = {
    "default-src": [NONE], "style-src": [UNSAFE_INLINE], "base-uri": [NONE], "form-action": [NONE],
    "frame-ancestors": [SELF], "sandbox": [True],
}  # fmt: skip
"""Mail programs take styles inside a letter only. Nothing else works in it: no script, form, picture or request."""


@sees("money.see")
def listing(request: HttpRequest) -> HttpResponse:
    """All kinds of letters, and when each goes."""
    groups = [
        (gettext(title), [(kind, gettext(name), gettext(when)) for kind, name, when in rows])
        for title, rows in LETTERS.items()
    ]
    return render(request, "portal/mail.html", {"groups": groups})


@csp_update({"frame-src": [SELF]})
@sees("money.see")
def letter(request: HttpRequest, kind: str) -> HttpResponse:
    """One letter: subject, recipients, both forms."""
    if kind not in NAMES:
        return not_there(request)
    language = _language(request)
    shown = mail_calls.letter(request, kind, language)
    name, when = NAMES[kind]
    context = {
        "kind": kind,
        "name": gettext(name),
        "when": gettext(when),
        "shown": shown,
        "to": join(list(shown.to[:MOST_ADDRESSES])) if shown else "",
        "others": max(len(shown.to) - MOST_ADDRESSES, 0) if shown else 0,
        "files": join([FILES[one] for one in shown.files]) if shown else "",
        "languages": settings.LANGUAGES,
        "drawn": f"/account/mail/{kind}/letter" + (f"?lang={language}" if language else ""),
    }
    return render(request, "portal/mail_letter.html", context)


@sees("money.see")
def drawn(request: HttpRequest, kind: str) -> HttpResponse:
    """The letter itself, as a mail program gets it."""
    shown = mail_calls.letter(request, kind, _language(request)) if kind in NAMES else None
    if shown is None:
        return not_there(request)
    html = shown.letter.html
    as_a_letter = csp(OF_A_LETTER)(xframe_options_sameorigin(lambda _: HttpResponse(html)))
    return cast("HttpResponse", as_a_letter(request))


def _language(request: HttpRequest) -> str | None:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else None
