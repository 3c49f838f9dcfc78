"""What pages read about the buying organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seatkeeper.core.calendar import local_date
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.kit.clock import system_now


@dataclass(frozen=True, slots=True)
class Organisation:
    """An account and its seller as a session needs them. now: the seller's test clock, else the system's."""

    id: int
    name: str
    seller: int
    seller_name: str
    currency: str
    timezone: str
    balance_minor: int
    now: datetime

    def row(self, permissions: frozenset[str]) -> AccountRow:
        """The organisation for a reader with these permissions."""
        return AccountRow(
            id=self.id,
            name=self.name,
            currency=self.currency,
            timezone=self.timezone,
            today=local_date(self.now, self.timezone),
            now=self.now,
            permissions=permissions,
            seller_name=self.seller_name,
        )


def organisation(account: int) -> Organisation | None:
    """An account with its seller, in one query."""
    columns = (
        "id", "name", "seller_id", "seller__name", "currency", "timezone", "balance_minor", "seller__clock_at",
    )  # fmt: skip
    row = Account.objects.filter(id=account).values_list(*columns).first()
    if row is None:
        return None
    id_, name, seller, seller_name, currency, timezone, balance, clock_at = row
    return Organisation(id_, name, seller, seller_name, currency, timezone, balance, clock_at or system_now())


def language_of(account: int) -> str:
    """The language that an account is written to in."""
    return str(Account.objects.values_list("language", flat=True).get(id=account))
