"""Letters that somebody waits for: a sign-in link, a link for a new password. They go at once, beside the outbox."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.mail.ports import Letter
from seatkeeper.interfaces.web.letters.sheet import Sheet, framed
from seatkeeper.interfaces.web.text import plain

UNASKED = N_("Sent by {seller} because somebody asked for it on the sign-in page")


def sign_in_link(seller: str, address: str) -> Letter:
    """A link that signs its reader in."""
    sheet = Sheet(
        plain(N_("Your sign-in link")), plain(N_("This link signs you in once, within a day.")),
        sentences=(plain(N_("If you did not ask for it, do nothing.")),), link=plain(N_("Sign in")),
    )
    return framed(sheet, sender=seller, address=address, sign_off=plain(UNASKED, seller=seller))


def new_password(seller: str, email: str, address: str) -> Letter:
    """A link for a new password."""
    sheet = Sheet(
        plain(N_("Choose a new password")),
        plain(N_("Somebody asked for a new password for {email}. Choose one within 3 days."), email=email),
        sentences=(plain(N_("If it was not you, do nothing: your password stays as it is.")),),
        link=plain(N_("Choose a new password")),
    )
    return framed(sheet, sender=seller, address=address, sign_off=plain(UNASKED, seller=seller))
