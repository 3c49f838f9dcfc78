"""Mail that somebody waits for: a sign-in link, a new password. One letter to one address, at once."""

from __future__ import annotations

import logging
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from seatkeeper.domain.mail.ports import Letter

LOG = logging.getLogger(__name__)


def send(address: str, letter: Letter) -> bool:
    """Send a letter; False where the server does not take it. Nothing of the mail is kept or logged."""
    try:
        if settings.EMAIL_FILE_PATH:  # links that sign people in: for the owner of the folder only
            Path(settings.EMAIL_FILE_PATH).mkdir(parents=True, exist_ok=True, mode=0o700)
        send_mail(letter.subject, letter.text, None, [address], html_message=letter.html)
    except (OSError, SMTPException) as problem:
        LOG.error("mail that signs somebody in did not go: %s", type(problem).__name__)
        return False
    return True
