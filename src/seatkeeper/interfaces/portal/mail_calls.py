"""The portal's way down for mail: as `calls`, of which it is a part."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from seatkeeper.domain.mail.ports import Letter
from seatkeeper.domain.mail.queries import MailLine, newest_to
from seatkeeper.domain.mail.recipients import recipients, wanted_files
from seatkeeper.interfaces.portal.calls import shelf
from seatkeeper.interfaces.web.letters.examples import example
from seatkeeper.interfaces.web.session import signed


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as it would go now, to whom, and with which files of its document."""

    letter: Letter
    to: tuple[str, ...]
    files: tuple[str, ...]


def letter(request: HttpRequest, kind: str, language: str | None) -> Shown | None:
    """A mail of a kind with the organisation's own data; None where it has nothing that such a mail could tell of."""
    own = signed(request).organisation
    found = example(own, kind, language=language, seen=shelf(request))
    if found is None:
        return None
    written, facts = found
    files = wanted_files(own.id, kind) if written.documents else ()
    return Shown(written, recipients(own.id, kind, facts), files)


def last_invitation(request: HttpRequest, user: int) -> MailLine | None:
    """What became of the newest invitation that was mailed to a person."""
    return newest_to(signed(request).ctx.account, "invitation", user)
