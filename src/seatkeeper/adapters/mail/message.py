"""A parcel as a MIME message: plain and HTML side by side, with attachments."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from django.conf import settings

from seatkeeper.domain.mail.ports import Parcel


def sender_address() -> str:
    """The bare address that mail comes from."""
    return parseaddr(settings.MAIL_FROM)[1]


def message(parcel: Parcel) -> EmailMessage:
    """The whole message. Header injection is impossible: the policy refuses line breaks, and they become spaces."""
    found = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    found["Message-ID"] = parcel.message_id
    found["Subject"] = " ".join(parcel.letter.subject.split())
    found["From"] = Address(" ".join(parcel.sender_name.split()), addr_spec=sender_address())
    found["To"] = tuple(Address(addr_spec=one) for one in parcel.recipients)
    found["Content-Language"] = parcel.letter.language
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(parcel.letter.text)
    found.add_alternative(parcel.letter.html, subtype="html")
    for file in parcel.files:
        main, _, sub = file.kind.partition("/")
        found.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return found
