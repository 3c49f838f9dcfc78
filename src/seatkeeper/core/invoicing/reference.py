"""The reference that a payer gives with a bank transfer: ISO 11649, with two check digits."""

from __future__ import annotations

MOST = 21
"""The most characters that a reference carries besides RF and its check digits."""


def _remainder(text: str) -> int:
    """The text modulo 97, letters read as 10 to 35 (ISO 7064)."""
    return int("".join(str(int(one, 36)) for one in text)) % 97


def creditor_reference(number: str) -> str:
    """The structured reference of a document number: INV-2026-000001 gives RF82INV2026000001."""
    own = "".join(one for one in number.upper() if one.isascii() and one.isalnum())
    assert 0 < len(own) <= MOST, "a document number fits into a structured reference"
    return f"RF{98 - _remainder(own + 'RF00'):02d}{own}"


def is_creditor_reference(text: str) -> bool:
    """Whether a text is such a reference with the right check digits; blanks do not matter."""
    own = text.replace(" ", "").upper()
    if not (own.isascii() and own.isalnum() and own.startswith("RF") and own[2:4].isdigit() and 5 <= len(own) <= 25):
        return False
    return _remainder(own[4:] + own[:4]) == 1
