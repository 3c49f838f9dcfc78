"""How people and addresses call a subscription: S-10031 for the 31st thing of its account."""

from __future__ import annotations

REFERENCE_BASE = 10_000


def reference(number: int) -> str:
    """How a subscription is called on screens, documents and in addresses."""
    return f"S-{REFERENCE_BASE + number}"


def id_from_reference(text: str) -> int | None:
    """The subscription's id, or None where the text is no reference."""
    digits = text.removeprefix("S-")
    return int(digits) - REFERENCE_BASE if digits.isascii() and digits.isdigit() and len(digits) < 12 else None
