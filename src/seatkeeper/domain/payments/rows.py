"""What pages read about payment methods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A payment method. label: "Visa 4242" or "NL91 ... 4300"; empty for bank transfer. expires_on: its last day.

    brand and last_four: of a card, where they are known. is_backup: charged where a charge by itself is declined.
    """

    id: int
    kind: str
    label: str
    expires_on: date | None = None
    blocked: bool = False
    is_default: bool = False
    pays: int = 0
    brand: str = ""
    last_four: str = ""
    is_backup: bool = False
