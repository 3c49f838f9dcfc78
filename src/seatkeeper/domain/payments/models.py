"""Payment methods, tries to move money, what gateways tell by themselves, what came to the seller's bank account."""

from __future__ import annotations

from django.db import models


class Method(models.Model):
    """A payment method: a token of the gateway, never a card number. blocked: hard declined.

    gateway: whose token it is; empty for bank transfer. removed_at: it is kept for what it has paid, without its token.
    """

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    label = models.CharField(max_length=100)
    token = models.CharField(max_length=200, blank=True)
    brand = models.CharField(max_length=32, blank=True)
    last_four = models.CharField(max_length=4, blank=True)
    expires_on = models.DateField(null=True)
    blocked = models.BooleanField(default=False)
    replaced_by = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    gateway = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "payments_method"
        indexes = [
            models.Index(
                fields=["expires_on"], name="method_expires",
                condition=models.Q(expires_on__isnull=False, replaced_by__isnull=True),
            )
        ]


class Attempt(models.Model):
    """A try to charge, refund or note received money. Its key is the gateway's idempotency key.

    purpose: command (charged before a command is applied), reversal (a command's charge that is given back),
    document, received or refund.
    status: pending (outcome not known yet), succeeded, declined, reversed. turn: of a charge by itself, first (the
    document's own method; once declined, the account's backup is charged) or backup.
    """

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    purpose = models.CharField(max_length=16)
    document_id = models.BigIntegerField(null=True)
    method_id = models.BigIntegerField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=16)
    reason = models.CharField(max_length=64, blank=True)
    hard = models.BooleanField(default=False)
    refunded_minor = models.BigIntegerField(default=0)
    refunds = models.BigIntegerField(null=True)
    account_version = models.BigIntegerField(default=0)
    frozen = models.JSONField(null=True)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    turn = models.CharField(max_length=8, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="attempt_positive"),
            models.CheckConstraint(
                condition=models.Q(refunded_minor__lte=models.F("amount_minor")), name="refund_within_payment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account_id", "id"], name="attempt_pending", condition=models.Q(status="pending")
            ),
            models.Index(
                fields=["settled_at", "status"], name="attempt_outcome", condition=models.Q(settled_at__isnull=False)
            ),
        ]


class BankEntry(models.Model):
    """Money that came to the seller's bank account, as its statement tells it; known by its reference for ever.

    status: new (just read), matched, waiting (for a person, see reason), ignored. how: reference, amount_and_iban or
    person. account, document: whose it was; no document where it paid what was open, oldest first.
    """

    pk = models.CompositePrimaryKey("seller_id", "reference")
    seller_id = models.BigIntegerField()
    reference = models.CharField(max_length=64)
    booked_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=140, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    text = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=16)
    reason = models.CharField(max_length=32, blank=True)
    how = models.CharField(max_length=16, blank=True)
    account_id = models.BigIntegerField(null=True)
    document_id = models.BigIntegerField(null=True)
    read_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_bank_entry"
        indexes = [
            models.Index(
                fields=["seller_id", "status", "booked_on", "reference"], name="bank_entry_waits",
                condition=models.Q(status__in=("new", "waiting")),
            ),
            models.Index(
                fields=["seller_id", "iban"], name="bank_entry_payer",
                condition=models.Q(account_id__isnull=False) & ~models.Q(iban=""),
            ),
        ]


class Told(models.Model):
    """Something that a gateway told by itself, kept once by the gateway's own id of it. See `ports.Happening`.

    id: the gateway's name, a dot, its id. state: new (not applied yet), done, unknown (no payment of ours), open (it
    says otherwise than what was booked, so a person must look), looked.
    """

    id = models.CharField(max_length=160, primary_key=True)
    gateway = models.CharField(max_length=16)
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=64, blank=True)
    said = models.CharField(max_length=16)
    at = models.DateTimeField()
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="new")

    class Meta:
        db_table = "payments_told"
        indexes = [
            models.Index(fields=["gateway", "at"], name="told_newest"),
            models.Index(fields=["received_at"], name="told_waits", condition=models.Q(state__in=("new", "open"))),
        ]


class Dispute(models.Model):
    """A payment that the payer's bank took or may take back. status: opened, won or lost; it never opens again."""

    pk = models.CompositePrimaryKey("account_id", "reference")
    account_id = models.BigIntegerField()
    reference = models.CharField(max_length=140)
    attempt = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_dispute"
        indexes = [models.Index(fields=["opened_at"], name="dispute_newest")]
