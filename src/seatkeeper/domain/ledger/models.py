"""Postings: one row each, debit and credit, balanced by construction."""

from __future__ import annotations

from django.db import models


class Posting(models.Model):
    """amount_minor moves from the credit account to the debit account; never negative, never zero."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    at = models.DateTimeField()
    debit = models.CharField(max_length=32)
    credit = models.CharField(max_length=32)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    document_id = models.BigIntegerField(null=True)
    event = models.CharField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="posting_positive")]
