"""What the pages of an order read: frozen rows of codes, dates and minor units, as in `rows`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from seatkeeper.domain.accounts.rows import AccountRow, Control
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.rows import OfferRow


@dataclass(frozen=True, slots=True)
class AlignRow:
    """A subscription that a purchase may be aligned with. on: the day on which it renews."""

    id: int
    name: str
    term: str
    billing: str
    on: date


@dataclass(frozen=True, slots=True)
class OfferPage:
    """One product with its plans, and what its order form needs. users_without: active users who have no licence."""

    account: AccountRow
    offer: OfferRow
    buy: Control
    trial: Control
    alignable: tuple[AlignRow, ...]
    methods: tuple[MethodRow, ...]
    users_without: int
    in_cart: int = 0


@dataclass(frozen=True, slots=True)
class CartLine:
    """An item of a person's cart. plan: at today's price, None where it is not sold any more. item: as ordered."""

    entry: int
    item: Mapping[str, Any]
    product: str
    name: str
    plan: PlanRow | None
    users_without: int = 0


@dataclass(frozen=True, slots=True)
class Billing:
    """Who an order is billed to, and how VAT is reckoned. vat: (category, rate in percent) of a document of today.

    missing: what an invoice needs and is not there: address.
    """

    name: str
    address: tuple[str, ...]
    country: str
    vat_id: str | None
    vat_confirmed: bool
    exempt: bool
    vat: tuple[str, str]
    purchase_order: str
    terms_days: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """What an order's products are charged together from a date on, every so many months, if all goes on."""

    on: date
    months: int
    items: int
    net_minor: int
    vat_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """A cart, or one item bought at once, with what it takes to order it."""

    account: AccountRow
    lines: tuple[CartLine, ...]
    buy: Control
    billing: Billing
    alignable: tuple[AlignRow, ...]
    methods: tuple[MethodRow, ...]
    default_method: int | None
