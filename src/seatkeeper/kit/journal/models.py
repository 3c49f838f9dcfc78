"""The append-only journal, hash-chained per account (DOMAIN.md 11)."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """What was done: who, when, what, and the whole outcome. hash covers the previous hash and this row."""

    pk = models.CompositePrimaryKey("account_id", "sequence")
    account_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    version = models.SmallIntegerField(default=1)
    payload = models.TextField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
