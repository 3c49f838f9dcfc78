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


class Activity(models.Model):
    """An event in brief, for lists: written with it, and to be made again from it.

    subjects: ids of what it is about, between commas (",3,7,"). facts: codes, ids and numbers for its sentence.
    """

    pk = models.CompositePrimaryKey("account_id", "sequence")
    account_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    user_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32)
    subjects = models.TextField(blank=True)
    amount_minor = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "journal_activity"


class Origin(models.Model):
    """The network address that an event came from. Personal: erased after some time, and no part of the chain."""

    pk = models.CompositePrimaryKey("account_id", "sequence")
    account_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    address = models.CharField(max_length=45)
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "journal_origin"
