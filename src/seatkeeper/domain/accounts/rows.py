"""What pages read about the buying organisation and what its people may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AccountRow:
    """The buying organisation as a page needs it. permissions: what the reader may do, see core.tables.PERMISSIONS."""

    id: int
    name: str
    currency: str
    timezone: str
    today: date
    now: datetime
    permissions: frozenset[str]
    seller_name: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """Whether a command is possible now; else the refusal that it would give, with its facts."""

    command: str
    code: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        """Whether the control does something."""
        return self.code is None
