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


@lru_cache(maxsize=256)
def catalog(seller: int, version: int) -> Catalog:
    """The seller's catalogue at a version. A new version is a new entry; old ones fall out by themselves."""
    prices: dict[str, list[DatedPrice]] = {}
    for row in PriceRow.objects.filter(seller_id=seller).order_by("since", "id"):
        tiers = tuple((tier[0], tier[1]) for tier in row.tiers)
        prices.setdefault(row.plan_key, []).append(DatedPrice(row.since, Price(row.currency, row.model, tiers)))
    plans = {
        row.key: _plan(row, tuple(prices.get(row.key, ())))
        for row in PlanRow.objects.filter(seller_id=seller).order_by("position", "id")
    }
    products = {
        row.key: Product(
            id=row.key,
            name=row.name,
            requires=tuple(row.requires),
            excludes=tuple(row.excludes),
            plans=tuple(plan.id for plan in plans.values() if plan.product == row.key),
            sku=row.sku,
            sku_id=row.sku_id,
            category=row.category,
            summary=row.summary,
            features=tuple(row.features),
        )
        for row in ProductRow.objects.filter(seller_id=seller).order_by("position", "id")
    }
    return Catalog(products, plans)


def _plan(row: PlanRow, prices: tuple[DatedPrice, ...]) -> Plan:
    trial = None
    if row.trial_days is not None and row.trial_seats is not None:
        trial = TrialTerms(row.trial_days, row.trial_seats)
    return Plan(
        id=row.key,
        product=row.product_key,
        term=row.term,
        billing=row.billing,
        policy=Policy(**row.policy),
        prices=prices,
        min_seats=row.min_seats,
        max_seats=row.max_seats,
        grace_days=row.grace_days,
        retention_days=row.retention_days,
        trial=trial,
        name=row.name,
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
    PriceRow.objects.bulk_create(
        PriceRow(
            seller_id=seller,
            plan_key=plan.id,
            currency=dated.price.currency,
            since=dated.since,
            model=dated.price.model,
            tiers=[list(tier) for tier in dated.price.tiers],
        )
        for plan in found.plans.values()
        for dated in plan.prices
    )
    row = Seller.objects.select_for_update().get(id=seller)
    row.catalog_version += 1
    row.save(update_fields=["catalog_version"])


def insert_catalog(seller: int, found: Catalog) -> None:
    """Write a new seller's first catalogue in three statements."""
    ProductRow.objects.bulk_create(
        ProductRow(seller_id=seller, key=product.id, **_product_values(product, position))
        for position, product in enumerate(found.products.values())
    )
    PlanRow.objects.bulk_create(
        PlanRow(seller_id=seller, key=plan.id, **_plan_values(plan, position))
        for position, plan in enumerate(found.plans.values())
    )
    PriceRow.objects.bulk_create(
        PriceRow(
            seller_id=seller,
            plan_key=plan.id,
            currency=dated.price.currency,
            since=dated.since,
            model=dated.price.model,
            tiers=[list(tier) for tier in dated.price.tiers],
        )
        for plan in found.plans.values()
        for dated in plan.prices
    )


def _product_values(product: Product, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "name": product.name,
        "sku": product.sku,
        "sku_id": product.sku_id,
        "category": product.category,
        "summary": product.summary,
        "features": list(product.features),
        "requires": list(product.requires),
        "excludes": list(product.excludes),
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
