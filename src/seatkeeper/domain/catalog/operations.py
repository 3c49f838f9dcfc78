"""The catalogue as the core takes it, kept in memory by seller and version."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import transaction

from seatkeeper.core.catalog.plans import Catalog, Plan, Product, TrialTerms
from seatkeeper.core.catalog.prices import DatedPrice, Price
from seatkeeper.core.tables import Policy
from seatkeeper.domain.accounts.models import Seller
from seatkeeper.domain.catalog.models import PlanRow, PriceRow, ProductRow
from seatkeeper.kit.bulk import Table

PRODUCTS = Table(ProductRow)
PLANS = Table(PlanRow)
PRICES = Table(PriceRow)

PRODUCT_COLUMNS = (
    "key", "name", "requires", "excludes", "sku", "sku_id", "category", "summary", "features", "summary_nl",
    "category_nl", "features_nl", "requirements", "requirements_nl", "includes",
)
PLAN_COLUMNS = (
    "key", "product_key", "term", "billing", "policy", "min_seats", "max_seats", "grace_days", "retention_days",
    "trial_days", "trial_seats", "name",
)
PRICE_COLUMNS = ("plan_key", "currency", "since", "model", "tiers")


@lru_cache(maxsize=256)
def catalog(seller: int, version: int) -> Catalog:
    """The seller's catalogue at a version. A new version is a new entry; old ones fall out by themselves."""
    prices: dict[str, list[DatedPrice]] = {}
    dated = PRICES.select(PRICE_COLUMNS, [seller], key="seller_id", order="since, id")
    for plan_key, currency, since, model, steps in dated:
        tiers = tuple((tier[0], tier[1]) for tier in steps)
        prices.setdefault(plan_key, []).append(DatedPrice(since, Price(currency, model, tiers)))
    plans = {
        row[0]: _plan(*row, prices=tuple(prices.get(row[0], ())))
        for row in PLANS.select(PLAN_COLUMNS, [seller], key="seller_id", order="position, id")
    }
    of_product: dict[str, list[str]] = {}
    for plan in plans.values():
        of_product.setdefault(plan.product, []).append(plan.id)
    rows = PRODUCTS.select(PRODUCT_COLUMNS, [seller], key="seller_id", order="position, id")
    products = {row[0]: _product(*row, plans=tuple(of_product.get(row[0], ()))) for row in rows}
    return Catalog(products, plans)


def _product(
    key: str, name: str, requires: list[str], excludes: list[str], sku: str, sku_id: str, category: str, summary: str,
    features: list[str], summary_nl: str, category_nl: str, features_nl: list[str], requirements: list[str],
    requirements_nl: list[str], includes: list[str], *, plans: tuple[str, ...],
) -> Product:
    return Product(
        key, name, tuple(requires), tuple(excludes), plans, sku, sku_id, category, summary, tuple(features),
        summary_nl, category_nl, tuple(features_nl), tuple(requirements), tuple(requirements_nl), tuple(includes),
    )


def _plan(
    key: str, product: str, term: str, billing: str, policy: dict[str, str], min_seats: int, max_seats: int | None,
    grace_days: int, retention_days: int, trial_days: int | None, trial_seats: int | None, name: str,
    *, prices: tuple[DatedPrice, ...],
) -> Plan:
    trial = None
    if trial_days is not None and trial_seats is not None:
        trial = TrialTerms(trial_days, trial_seats)
    return Plan(
        key, product, term, billing, Policy(**policy), prices, min_seats, max_seats, grace_days, retention_days,
        trial, name,
    )


@transaction.atomic
def replace_catalog(seller: int, found: Catalog) -> None:
    """Apply a catalogue whole: rows are added and changed; products and plans that are not in it stay, unsold.

    Prices of a plan are replaced by the catalogue's; what was sold keeps the price that was locked with it.
    """
    for position, product in enumerate(found.products.values()):
        ProductRow.objects.update_or_create(
            seller_id=seller, key=product.id, defaults=_product_values(product, position)
        )
    for position, plan in enumerate(found.plans.values()):
        PlanRow.objects.update_or_create(seller_id=seller, key=plan.id, defaults=_plan_values(plan, position))
    PriceRow.objects.filter(seller_id=seller, plan_key__in=list(found.plans)).delete()
    _insert_prices(seller, found)
    row = Seller.objects.select_for_update().get(id=seller)
    row.catalog_version += 1
    row.save(update_fields=["catalog_version"])


def insert_catalog(seller: int, found: Catalog) -> None:
    """Write a new seller's first catalogue in three statements."""
    products = [{"seller_id": seller, "key": one.id, **_product_values(one, position)}
                for position, one in enumerate(found.products.values())]
    plans = [{"seller_id": seller, "key": one.id, **_plan_values(one, position)}
             for position, one in enumerate(found.plans.values())]
    for table, rows in ((PRODUCTS, products), (PLANS, plans)):
        if rows:
            table.insert(tuple(rows[0]), [tuple(row.values()) for row in rows])
    _insert_prices(seller, found)


def _insert_prices(seller: int, found: Catalog) -> None:
    PRICES.insert(
        ("seller_id", *PRICE_COLUMNS),
        [
            (seller, plan.id, dated.price.currency, dated.since, dated.price.model,
             [list(tier) for tier in dated.price.tiers])
            for plan in found.plans.values()
            for dated in plan.prices
        ],
    )


def _product_values(product: Product, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "name": product.name,
        "sku": product.sku,
        "sku_id": product.sku_id,
        "category": product.category,
        "summary": product.summary,
        "summary_nl": product.summary_nl,
        "category_nl": product.category_nl,
        "features": list(product.features),
        "features_nl": list(product.features_nl),
        "requirements": list(product.requirements),
        "requirements_nl": list(product.requirements_nl),
        "requires": list(product.requires),
        "excludes": list(product.excludes),
        "includes": list(product.includes),
    }


def _plan_values(plan: Plan, position: int) -> dict[str, Any]:
    policy = plan.policy
    return {
        "position": position,
        "product_key": plan.product,
        "name": plan.name,
        "term": plan.term,
        "billing": plan.billing,
        "policy": {
            "id": policy.id,
            "fewer": policy.fewer,
            "cancel": policy.cancel,
            "frequency": policy.frequency,
            "unpaid": policy.unpaid,
        },
        "min_seats": plan.min_seats,
        "max_seats": plan.max_seats,
        "grace_days": plan.grace_days,
        "retention_days": plan.retention_days,
        "trial_days": plan.trial.days if plan.trial else None,
        "trial_seats": plan.trial.seats if plan.trial else None,
    }
