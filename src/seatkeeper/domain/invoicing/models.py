"""Documents and their lines; numbers live in a small table of their own."""

from __future__ import annotations

from django.db import models


class Series(models.Model):
    """The last number given in a seller's series and year; this row is locked last."""

    seller_id = models.BigIntegerField()
    series = models.CharField(max_length=8)
    year = models.IntegerField()
    last_number = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller_id", "series", "year"], name="series_once")]


class DocumentNumber(models.Model):
    """A number that was given, and to which document: no number twice."""

    pk = models.CompositePrimaryKey("seller_id", "series", "year", "number")
    seller_id = models.BigIntegerField()
    series = models.CharField(max_length=8)
    year = models.IntegerField()
    number = models.IntegerField()
    account_id = models.BigIntegerField()
    document_id = models.BigIntegerField()

    class Meta:
        db_table = "invoicing_number"


class Document(models.Model):
    """An invoice or credit note. due = gross - balance used - credited - paid - written off, and never below zero.

    buyer, printed: what the document prints of the day of issue; form: the digest of the seller's facts of that day.
    """

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    seller_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    number = models.CharField(max_length=32)
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    due_on = models.DateField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    vat = models.JSONField()
    balance_used_minor = models.BigIntegerField(default=0)
    credited_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    written_off_minor = models.BigIntegerField(default=0, db_default=0)
    due_minor = models.BigIntegerField()
    status = models.CharField(max_length=16)
    method_id = models.BigIntegerField(null=True)
    overdue_from = models.DateField(null=True)
    blocked = models.BooleanField(default=False)
    steps_done = models.SmallIntegerField(default=0)
    last_step_on = models.DateField(null=True)
    settlement = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    form = models.CharField(max_length=64, blank=True, default="")
    printed = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(due_minor__gte=0), name="due_not_negative"),
            models.CheckConstraint(
                condition=models.Q(gross_minor=models.F("net_minor") + models.F("vat_minor")),
                name="gross_is_net_and_vat",
            ),
        ]
        indexes = [
            models.Index(fields=["account_id", "issued_on", "id"], name="document_by_date"),
            models.Index(fields=["account_id"], name="document_open", condition=models.Q(due_minor__gt=0)),
        ]


class SellerForm(models.Model):
    """A seller's facts as documents print them, found by what they are: kept for ever, written once, never changed."""

    pk = models.CompositePrimaryKey("seller_id", "digest")
    seller_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    facts = models.JSONField()

    class Meta:
        db_table = "invoicing_seller_form"


class ExchangeRate(models.Model):
    """How much of a currency one euro was worth, as published; beside those that come along."""

    pk = models.CompositePrimaryKey("currency", "published_on")
    currency = models.CharField(max_length=3)
    published_on = models.DateField()
    per_euro = models.CharField(max_length=24)
    source = models.CharField(max_length=100)

    class Meta:
        db_table = "invoicing_exchange_rate"


class Line(models.Model):
    """A document line. sequence counts the lines of one (subscription, billing period); left: still creditable."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    document_id = models.BigIntegerField()
    subscription_id = models.BigIntegerField()
    period_start = models.DateField()
    sequence = models.IntegerField()
    position = models.IntegerField()
    kind = models.CharField(max_length=16)
    product = models.CharField(max_length=64)
    plan = models.CharField(max_length=64)
    seats = models.IntegerField()
    start_on = models.DateField()
    end_on = models.DateField()
    amount_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()
    category = models.CharField(max_length=2)
    rate = models.CharField(max_length=8)
    arithmetic = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "subscription_id", "period_start", "sequence"], name="charged_once"
            ),
            models.CheckConstraint(condition=models.Q(left_minor__gte=0), name="left_not_negative"),
        ]
        indexes = [models.Index(fields=["account_id", "document_id"], name="line_by_document")]
