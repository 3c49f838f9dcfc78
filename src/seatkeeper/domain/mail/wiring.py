"""From the settings to what carries mail and what prints documents."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from seatkeeper.domain.invoicing import rendering
from seatkeeper.domain.mail.ports import Carrier, File


def carrier() -> Carrier:
    """What SEATKEEPER_EMAIL_URL names."""
    found: Carrier = import_string(settings.CARRIERS["file" if settings.MAIL.folder else "smtp"])(settings.MAIL)
    return found


def files(account: int, documents: tuple[int, ...], kinds: tuple[str, ...]) -> tuple[File, ...]:
    """The documents as files; without an XML that the standard has no way to say."""
    return tuple(File(*one) for one in rendering.attachments(account, documents, kinds))
