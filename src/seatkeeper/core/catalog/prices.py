"""The four price models, and P(q): the exact price of q seats for one whole billing period (DOMAIN.md 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

PER_SEAT = "per_seat"
VOLUME = "volume"
GRADUATED = "graduated"
FLAT = "flat"
MODELS = (PER_SEAT, VOLUME, GRADUATED, FLAT)

Tier = tuple[int | None, int]
"""(last seat of the tier or None for the open one, price in micro units)."""


@dataclass(frozen=True, slots=True)
class Price:
    """A price in one currency from a date on, excluding VAT, per billing period. Tiers are in micro units."""

    currency: str
    model: str
    tiers: tuple[Tier, ...]

    def total_micro(self, seats: int) -> int:
        """P(q) in micro units: volume takes the reached tier's price for all seats, graduated each tier's own."""
        if self.model == PER_SEAT:
            return self.tiers[0][1] * seats
        if self.model == FLAT:
            return self.tiers[0][1] if seats else 0
        if self.model == VOLUME:
            return next(price for up_to, price in self.tiers if up_to is None or seats <= up_to) * seats
        total, below = 0, 0
        for up_to, price in self.tiers:
            top = seats if up_to is None else min(seats, up_to)
            if top > below:
                total += (top - below) * price
                below = top
        return total

    def seat_micro(self, seats: int) -> int | None:
        """The price of one seat where every seat costs the same at this number, else None."""
        if self.model == PER_SEAT:
            return self.tiers[0][1]
        if self.model == VOLUME:
            return self.total_micro(max(seats, 1)) // max(seats, 1)
        return None

    def encoded(self) -> list[object]:
        """A form of lists, strings and whole numbers, for storage."""
        return [self.currency, self.model, [list(tier) for tier in self.tiers]]


def price_from(data: list[Any]) -> Price:
    """The price that `encoded` wrote."""
    currency, model, tiers = data
    return Price(currency, model, tuple((tier[0], tier[1]) for tier in tiers))


@dataclass(frozen=True, slots=True)
class DatedPrice:
    """A price and the first date on which it is in force."""

    since: date
    price: Price


def inversions(price: Price) -> tuple[tuple[int, int], ...]:
    """Seat counts at a volume tier's edge where one seat more costs less in all: (seats, seats + 1) (DOMAIN.md 3.6)."""
    if price.model != VOLUME:
        return ()
    return tuple(
        (up_to, up_to + 1)
        for up_to, _ in price.tiers
        if up_to is not None and price.total_micro(up_to + 1) < price.total_micro(up_to)
    )
