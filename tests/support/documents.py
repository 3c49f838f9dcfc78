"""A seller that has all that documents print, and the forms of what it issued."""

from __future__ import annotations

import hashlib
from typing import Any

from seatkeeper.domain.accounts.models import Account, Logo, Seller
from seatkeeper.domain.invoicing.form import Form
from seatkeeper.domain.invoicing.forms import load_forms
from seatkeeper.domain.invoicing.models import Document
from tests.cast import Story

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">'
    b'<rect width="48" height="48" rx="10" fill="#0f6c5c"/><path d="M12 32 24 12l12 20z" fill="#fff"/></svg>'
)
LETTERHEAD: dict[str, Any] = {
    "iban": "NL91ABNA0417164300", "bic": "ABNANL2A", "email": "billing@polder.example", "phone": "+31 20 000 0000",
    "website": "polder.example", "colour": "#0f6c5c", "logo": hashlib.sha256(LOGO).hexdigest(),
    "note_nl": "Vragen over deze factuur? Mail ons.", "note_en": "Questions about this invoice? Mail us.",
}  # fmt: skip
SELLER: dict[str, Any] = {
    "name": "Polder Software B.V.", "vat_id": "NL001234567B01", "registration_number": "00123456",
    "address": {"street": "Voorbeeldkade", "number": "12", "postcode": "1000 AA", "town": "Amsterdam"},
    "letterhead": LETTERHEAD,
}  # fmt: skip
ADDRESSES: dict[str, dict[str, str]] = {
    "linde": {"street": "Havenweg", "number": "1", "postcode": "3000 AA", "town": "Rotterdam"},
    "molenaar": {"street": "Molendijk", "number": "7", "postcode": "2611 AA", "town": "Delft"},
    "ravel": {"street": "Rue du Lac", "number": "4", "postcode": "1000", "town": "Bruxelles"},
    "harbor": {"street": "Pier", "number": "9", "postcode": "94105", "town": "San Francisco", "region": "CA"},
    "kanto": {"street": "Ginza", "number": "4-1", "postcode": "104-0061", "town": "Tokyo"},
}


def complete(story: Story, **seller: Any) -> Story:
    """Give the story's seller its letterhead and its members their addresses."""
    Logo.objects.get_or_create(digest=LETTERHEAD["logo"], defaults={"kind": "svg", "content": LOGO})
    Seller.objects.filter(id=story.seller).update(**{**SELLER, **seller})
    for key, member in story.members.items():
        Account.objects.filter(id=member.id).update(address=ADDRESSES[key])
    return story


def forms(account: int) -> list[Form]:
    """All documents of an account as forms, oldest first."""
    ids = list(Document.objects.filter(account_id=account).order_by("id").values_list("id", flat=True))
    found = load_forms(account, ids)
    return [found[id_] for id_ in ids]
