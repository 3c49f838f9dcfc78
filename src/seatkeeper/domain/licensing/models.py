"""Pools and assignments. The database itself forbids more active assignments than seats."""

from __future__ import annotations

from django.db import models


class Pool(models.Model):
    """All seats of an account on one product."""

    pk = models.CompositePrimaryKey("account_id", "product")
    account_id = models.BigIntegerField()
    product = models.CharField(max_length=64)
    bought = models.IntegerField(default=0)
    assigned = models.IntegerField(default=0)
    suspended = models.IntegerField(default=0)
    remove_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(assigned__lte=models.F("bought")), name="assigned_within_bought"
            ),
            models.CheckConstraint(condition=models.Q(assigned__gte=0), name="assigned_not_negative"),
        ]


class Assignment(models.Model):
    """A user holding one licence of a product; suspended: without access, holding no seat."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    product = models.CharField(max_length=64)
    assigned_at = models.DateTimeField()
    suspended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "product", "user_id"], name="held_once"),
        ]


class PoolUse(models.Model):
    """How many licences of a product were held at most around one decision that changed that number.

    Between two rows the number stands still, so the most of any span is found from the rows in it and today's.
    version: the account's, which the decision made.
    """

    pk = models.CompositePrimaryKey("account_id", "product", "version")
    account_id = models.BigIntegerField()
    product = models.CharField(max_length=64)
    version = models.BigIntegerField()
    on = models.DateField()
    most = models.IntegerField()


class LicenceRequest(models.Model):
    """A user who asks for a licence. status: open, approved, declined or withdrawn; one may be open for each product.

    note, answer: what the user and whoever answered wrote; they stand here only, where they can be erased.
    """

    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    product = models.CharField(max_length=64)
    status = models.CharField(max_length=16, default="open")
    note = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "licensing_request"
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "user_id", "product"], condition=models.Q(status="open"), name="requested_once"
            ),
        ]
        indexes = [models.Index(fields=["account_id", "status", "product", "id"], name="requests_to_answer")]
