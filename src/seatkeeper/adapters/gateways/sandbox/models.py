"""What the sandbox gateway remembers: every charge and refund by its idempotency key."""

from __future__ import annotations

from django.db import models


class SandboxCharge(models.Model):
    """A charge or refund asked of the sandbox, and its answer; asked again with the same key it answers the same.

    kind: charge or refund; refunds: the charge that a refund gives back. at: the instant at which it was asked.
    confirmed: what the person did at the page that stands for the bank's: yes, no, or nothing yet.
    reversed: given back whole; a charge that was, before it came, has no amount and never takes any.
    """

    key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=8)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    outcome = models.CharField(max_length=16)
    reversed = models.BooleanField(default=False)
    refunds = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField(null=True, db_index=True)
    confirmed = models.CharField(max_length=3, blank=True)
    return_to = models.CharField(max_length=500, blank=True)


class SandboxSetup(models.Model):
    """A visit to the sandbox's page for new payment methods. status: open, chosen, left or taken.

    kinds: of payment methods that it offers; empty: all.
    """

    id = models.CharField(max_length=64, primary_key=True)
    reference = models.CharField(max_length=64)
    return_to = models.CharField(max_length=500)
    choice = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=8, default="open")
    kinds = models.JSONField(default=list)
