"""The catalogue as rows: what is applied from a catalogue file, and what has been sold once stays."""

from __future__ import annotations

from django.db import models

from seatkeeper.domain.accounts.models import Seller


class ProductRow(models.Model):
    """A product of a seller's catalogue."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    position = models.IntegerField(default=0)
    name = models.CharField(max_length=200)
    sku = models.CharField(max_length=64, blank=True)
    sku_id = models.CharField(max_length=64, blank=True)
    category = models.CharField(max_length=64, blank=True)
    summary = models.TextField(blank=True)
    summary_nl = models.TextField(blank=True, default="")
    category_nl = models.CharField(max_length=64, blank=True, default="")
    features = models.JSONField(default=list)
    features_nl = models.JSONField(default=list)
    requirements = models.JSONField(default=list)
    requirements_nl = models.JSONField(default=list)
    requires = models.JSONField(default=list)
    excludes = models.JSONField(default=list)
    includes = models.JSONField(default=list)

    class Meta:
        db_table = "catalog_product"
        constraints = [models.UniqueConstraint(fields=["seller", "key"], name="product_key_once")]


class PlanRow(models.Model):
    """A plan. policy holds the row of rules itself: {id, fewer, cancel, frequency, unpaid}."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    position = models.IntegerField(default=0)
    product_key = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    term = models.CharField(max_length=4)
    billing = models.CharField(max_length=4)
    policy = models.JSONField()
    min_seats = models.IntegerField(default=1)
    max_seats = models.IntegerField(null=True)
    grace_days = models.IntegerField(default=30)
    retention_days = models.IntegerField(default=90)
    trial_days = models.IntegerField(null=True)
    trial_seats = models.IntegerField(null=True)

    class Meta:
        db_table = "catalog_plan"
        constraints = [models.UniqueConstraint(fields=["seller", "key"], name="plan_key_once")]


class PriceRow(models.Model):
    """A plan's price in one currency from a date on. tiers: [[last seat or null, micro units], ...]."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE)
    plan_key = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    since = models.DateField()
    model = models.CharField(max_length=16)
    tiers = models.JSONField()

    class Meta:
        db_table = "catalog_price"
        constraints = [
            models.UniqueConstraint(fields=["seller", "plan_key", "currency", "since"], name="price_once")
        ]
