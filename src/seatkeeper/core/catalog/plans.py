"""Products, plans and the catalogue that holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from seatkeeper.core.catalog.prices import DatedPrice, Price
from seatkeeper.core.periods import MONTHS
from seatkeeper.core.tables import DEFAULT_GRACE_DAYS, DEFAULT_RETENTION_DAYS, Policy


@dataclass(frozen=True, slots=True)
class TrialTerms:
    """A free trial: its length in days and the most seats it may have."""

    days: int
    seats: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to buy a product. term and billing are keys of `periods.MONTHS`; prices are sorted by date."""

    id: str
    product: str
    term: str
    billing: str
    policy: Policy
    prices: tuple[DatedPrice, ...]
    min_seats: int = 1
    max_seats: int | None = None
    grace_days: int = DEFAULT_GRACE_DAYS
    retention_days: int = DEFAULT_RETENTION_DAYS
    trial: TrialTerms | None = None
    name: str = ""

    @property
    def term_months(self) -> int:
        """Length of the term in months."""
        return MONTHS[self.term]

    @property
    def billing_months(self) -> int:
        """Length of one billing period in months; divides the term."""
        return MONTHS[self.billing]

    def price_on(self, currency: str, on: date) -> Price | None:
        """The newest price in a currency whose date is on or before `on`; None when there is none."""
        found = None
        for dated in self.prices:
            if dated.since <= on and dated.price.currency == currency:
                found = dated.price
        return found


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold per user. `requires`, `excludes` and `includes` hold product ids; who holds this one has no need of
    those that it includes.

    category, summary, features and requirements (what it needs besides products) are the seller's words; those that
    end in _nl are the Dutch, empty where the seller gave none.
    """

    id: str
    name: str
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    sku: str = ""
    sku_id: str = ""
    category: str = ""
    summary: str = ""
    features: tuple[str, ...] = ()
    summary_nl: str = ""
    category_nl: str = ""
    features_nl: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    requirements_nl: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """All products and plans of one seller, by id."""

    products: dict[str, Product] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)

    def excluded(self, product: str) -> frozenset[str]:
        """The products that cannot be held beside this one, whichever of the two says so."""
        own = set(self.products[product].excludes)
        own.update(other.id for other in self.products.values() if product in other.excludes)
        return frozenset(own)

    def dependants(self, product: str) -> tuple[str, ...]:
        """The products that require this one."""
        return tuple(other.id for other in self.products.values() if product in other.requires)
