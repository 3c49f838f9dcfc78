"""A scenario as values: what a file says, checked, with its names still names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seatkeeper.core.catalog.plans import Catalog


@dataclass(frozen=True, slots=True)
class SellerPart:
    """The seller of a scenario."""

    country: str = "NL"
    timezone: str = "Europe/Amsterdam"
    credit_to: str = "balance"


@dataclass(frozen=True, slots=True)
class AccountPart:
    """A buying organisation of a scenario, with users u1 ... un. Its credit limit is in its currency's minor units."""

    key: str
    country: str
    currency: str
    timezone: str
    payment: str
    vat_id: str | None = None
    vat_confirmed: bool = False
    terms_days: int = 30
    credit_limit_minor: int | None = None
    users: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step: an instant (UTC), a command's name and its arguments, with names as the file has them.

    arguments: dates are `date`; users a tuple of keys. line: of the step in its file, from 1.
    """

    at: datetime
    command: str
    arguments: dict[str, Any] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole file. begins_at: the first step's instant, or the epoch of a file without steps."""

    title: str
    file: str
    seller: SellerPart
    catalog: Catalog
    accounts: tuple[AccountPart, ...]
    steps: tuple[Step, ...]
    begins_at: datetime
    expect: dict[str, Any] = field(default_factory=dict)
