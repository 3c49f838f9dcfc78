"""Mail that signs people in: an invitation, a link, a new password. One plain text to one address."""

from __future__ import annotations

from django.core.mail import send_mail


def send(address: str, subject: str, text: str) -> None:
    """Send a plain mail. Raises what the mail server answers; nothing of it is kept or logged."""
    send_mail(subject, text, None, [address])
