"""Mails that ask somebody who may do it: an address that opens one, filled in. Nothing is sent by us."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.translation import gettext_noop as N_

from seatkeeper.interfaces.web.text import plain


def mail_to(people: Iterable[tuple[str, str]], subject: str, body: str) -> str:
    """The address of a mail to (name, address) of some people."""
    to = ",".join(quote(address, safe="@") for _, address in people)
    return f"mailto:{to}?subject={quote(subject)}&body={quote(body)}"


def asking(request: HttpRequest, people: Iterable[tuple[str, str]]) -> str:
    """The address of a mail that asks to do what the reader's role does not allow, with the page's own in it."""
    reader = request.reader  # type: ignore[attr-defined]
    subject = plain(N_("Can you do this for {organisation}?"), organisation=reader.organisation)
    page = request.build_absolute_uri(request.get_full_path())
    return mail_to(people, subject, plain(N_("My role does not allow it. It is on this page: {page}"), page=page))
