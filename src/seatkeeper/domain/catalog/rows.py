"""What pages read about plans."""

from __future__ import annotations

from dataclasses import dataclass

from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.periods import MONTHS


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One way to buy a product. price: the one that counts for this row (locked, or in force today)."""

    id: str
    product: str
    product_name: str
    name: str
    term: str
    billing: str
    policy: str
    fewer: str
    cancel: str
    price: Price | None
    min_seats: int = 1
    max_seats: int | None = None
    trial_days: int | None = None
    trial_seats: int | None = None
    grace_days: int = 0
    retention_days: int = 0

    @property
    def term_months(self) -> int:
        """Length of the term in months."""
        return MONTHS[self.term]

    @property
    def billing_months(self) -> int:
        """Length of a billing period in months."""
        return MONTHS[self.billing]
