"""The seller and its accounts. The account's row is what commands lock, one after the other."""

from __future__ import annotations

from django.db import models


class Seller(models.Model):
    """The legal entity that sells. clock_at: a test seller's own clock, for ever; None: the system's.

    tolerance_minor: what a payment leaves due under this is written off, in minor units of the account's currency.
    letterhead: what its documents print besides: bank account, colour, logo, ways to reach it, words at the foot.
    gateways: which charges new payment methods, by their kind, where it is not the installation's choice.
    """

    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    vat_id = models.CharField(max_length=32, blank=True)
    registration_number = models.CharField(max_length=64, blank=True)
    address = models.JSONField(default=dict)
    timezone = models.CharField(max_length=64)
    credit_to = models.CharField(max_length=16, default="balance")
    dunning = models.JSONField(null=True)
    tolerance_minor = models.IntegerField(default=0, db_default=0)
    catalog_version = models.IntegerField(default=0)
    is_test = models.BooleanField(default=False)
    clock_at = models.DateTimeField(null=True)
    letterhead = models.JSONField(default=dict)
    gateways = models.JSONField(default=dict)


class Logo(models.Model):
    """A seller's logo, found by what it is: an issued document names it, so it is never changed or deleted."""

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=8)
    content = models.BinaryField()


class Account(models.Model):
    """A buying organisation.

    version grows with every applied decision; last_id counts the ids of its rows; due_at is the next instant at
    which something is due by itself; journal_sequence and journal_head end its chain of events. name: the legal one.
    next_timezone counts from next_timezone_at on, when the next billing period has begun in both zones (DOMAIN.md 12).
    notices: which mails warn, see `details`.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT)
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    address = models.JSONField(default=dict)
    vat_id = models.CharField(max_length=32, null=True)
    vat_confirmed = models.BooleanField(default=False)
    exempt_reason = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="en")
    terms_days = models.IntegerField(default=30)
    credit_limit_minor = models.BigIntegerField(null=True)
    purchase_order = models.CharField(max_length=64, blank=True)
    default_method = models.BigIntegerField(null=True)
    backup_method = models.BigIntegerField(null=True)
    balance_minor = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    parked_reason = models.TextField(blank=True)
    journal_sequence = models.BigIntegerField(default=0)
    journal_head = models.CharField(max_length=64, blank=True)
    display_name = models.CharField(max_length=200, blank=True)
    next_timezone = models.CharField(max_length=64, blank=True)
    next_timezone_at = models.DateTimeField(null=True)
    notices = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "key"], name="account_key_once"),
            models.CheckConstraint(condition=models.Q(balance_minor__gte=0), name="balance_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["seller", "due_at", "id"],
                name="account_due",
                condition=models.Q(due_at__isnull=False, parked_reason=""),
            ),
            models.Index(
                fields=["seller", "next_timezone_at"],
                name="account_next_timezone",
                condition=models.Q(next_timezone_at__isnull=False),
            ),
            models.Index(fields=["seller", "id"], name="account_parked", condition=~models.Q(parked_reason="")),
        ]


class VatConfirmation(models.Model):
    """A VAT id that was confirmed, and how: kept as evidence, also after the id has changed. by: who looked."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    vat_id = models.CharField(max_length=32)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    evidence = models.TextField()

    class Meta:
        db_table = "accounts_vat_confirmation"


class Recipient(models.Model):
    """An address that gets an account's mails. mails: codes of `details.MAILS`. Personal, so it can be erased."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    address = models.EmailField()
    mails = models.JSONField(default=list)
    pdf = models.BooleanField(default=True)
    xml = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "address"], name="recipient_once")]
