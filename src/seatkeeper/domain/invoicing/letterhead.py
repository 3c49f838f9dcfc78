"""What a seller's documents print of it: looked at, changed, and checked before it is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from seatkeeper.domain.accounts.details import ADDRESS as PLACE
from seatkeeper.domain.accounts.models import Logo, Seller
from seatkeeper.domain.invoicing.form import Look
from seatkeeper.domain.invoicing.wiring import printer

FACTS = ("name", "vat_id", "registration_number")
"""Columns of the seller's own row."""
LETTERHEAD = (
    "iban", "bic", "holder", "email", "phone", "website", "colour", "note_en", "note_nl",
)  # fmt: skip
NAMES = (*FACTS, *PLACE, *LETTERHEAD)
LONGEST = {"note_en": 500, "note_nl": 500, "name": 200}
MOST_LOGO_BYTES = 100_000


class BadLetterhead(Exception):
    """What was given cannot be printed. name: of which fact; why: a sentence for who gave it."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


def shown(seller: int) -> dict[str, str]:
    """All that the seller's next document prints of it, by name; a logo as its digest."""
    row = Seller.objects.get(id=seller)
    own = {name: str(getattr(row, name)) for name in FACTS}
    own |= {name: str((row.address or {}).get(name, "")) for name in PLACE}
    return own | {name: str((row.letterhead or {}).get(name, "")) for name in (*LETTERHEAD, "logo")}


@transaction.atomic
def change(seller: int, facts: Mapping[str, str], *, logo: bytes | None = None) -> None:
    """Change what the next document prints; issued ones keep theirs. An empty text takes a fact away.

    logo: a PNG or SVG picture; b"" takes it away. Raises BadLetterhead, and then nothing is changed.
    """
    row = Seller.objects.select_for_update().get(id=seller)
    address, letterhead = dict(row.address or {}), dict(row.letterhead or {})
    for name, text in facts.items():
        value = _checked(name, " ".join(text.split()))
        if name in FACTS:
            setattr(row, name, value)
        else:
            (address if name in PLACE else letterhead)[name] = value
    if logo is not None:
        letterhead["logo"] = _kept(logo) if logo else ""
    row.address, row.letterhead = _filled(address), _filled(letterhead)
    row.save(update_fields=[*FACTS, "address", "letterhead"])


def _filled(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def _checked(name: str, text: str) -> str:
    if name not in NAMES:
        raise BadLetterhead(name, f"documents print {', '.join(NAMES)}")
    if len(text) > LONGEST.get(name, 100):
        raise BadLetterhead(name, f"at most {LONGEST.get(name, 100)} characters")
    if name == "name" and not text:
        raise BadLetterhead(name, "a seller has a name")
    check = _CHECKS.get(name)
    return check(text) if check is not None and text else text


def _iban(text: str) -> str:
    own = re.sub(r"[\s.\-]", "", text).upper()
    well = re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", own)
    if not well or int("".join(str(int(one, 36)) for one in own[4:] + own[:4])) % 97 != 1:
        raise BadLetterhead("iban", f"{text} is no IBAN: its check digits do not fit")
    return own


def _bic(text: str) -> str:
    own = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", own):
        raise BadLetterhead("bic", f"{text} is no BIC: it has 8 or 11 letters and digits")
    return own


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise BadLetterhead("colour", f"{text} is no colour such as #0f6c5c")
    return text.lower()


def _vat_id(text: str) -> str:
    own = re.sub(r"[\s.\-]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{2,15}", own):
        raise BadLetterhead("vat_id", f"{text} is no VAT id: it begins with the two letters of its country")
    return own


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise BadLetterhead("email", f"{text} is no e-mail address")
    return text


_CHECKS = {"iban": _iban, "bic": _bic, "colour": _colour, "vat_id": _vat_id, "email": _email}


def _kept(logo: bytes) -> str:
    """Keep a logo under its digest, after it was printed once to see that it can be."""
    if len(logo) > MOST_LOGO_BYTES:
        raise BadLetterhead("logo", f"at most {MOST_LOGO_BYTES // 1000} kB, as it stands in every document")
    kind = "png" if logo.startswith(b"\x89PNG\r\n\x1a\n") else "svg" if b"<svg" in logo[:2000] else ""
    if not kind or not printer().can_show(Look(logo=logo, logo_kind=kind)):
        raise BadLetterhead("logo", "a PNG or SVG picture is wanted, and this cannot be printed")
    digest = hashlib.sha256(logo).hexdigest()
    Logo.objects.get_or_create(digest=digest, defaults={"kind": kind, "content": logo})
    return digest
