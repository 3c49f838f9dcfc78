"""Subscriptions as they stand. What the journal's events add up to (DOMAIN.md 11)."""

from __future__ import annotations

from django.db import models


class SubscriptionRow(models.Model):
    """One subscription. Dates are billing dates in the account's zone; `detail` is as `codec` writes it."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    product = models.CharField(max_length=64)
    plan = models.CharField(max_length=64)
    status = models.CharField(max_length=16)
    reason = models.CharField(max_length=16, null=True)
    seats = models.IntegerField()
    recurring = models.CharField(max_length=8)
    method_id = models.BigIntegerField(null=True)
    bought_at = models.DateTimeField()
    anchor_on = models.DateField(null=True)
    term_start_on = models.DateField(null=True)
    term_end_on = models.DateField(null=True)
    period_start_on = models.DateField(null=True)
    period_end_on = models.DateField(null=True)
    charged_minor = models.BigIntegerField(default=0)
    line_count = models.IntegerField(default=0)
    window_opened_at = models.DateTimeField(null=True)
    booked_seats = models.IntegerField(null=True)
    booked_plan = models.CharField(max_length=64, null=True)
    booked_plan_at = models.CharField(max_length=16, null=True)
    start_on = models.DateField(null=True)
    trial_start_on = models.DateField(null=True)
    trial_end_on = models.DateField(null=True)
    trial_extended = models.BooleanField(default=False)
    trial_product = models.CharField(max_length=64, null=True)
    since_on = models.DateField(null=True)
    grace_on = models.DateField(null=True)
    detail = models.TextField()
    notice_at = models.DateTimeField(null=True)
    """When its people are next told of what comes (core.notices); follows from the rest, so the journal has it not."""

    class Meta:
        db_table = "subscriptions_subscription"
        constraints = [models.CheckConstraint(condition=models.Q(seats__gt=0), name="seats_positive")]
        indexes = [
            models.Index(
                fields=["notice_at"], name="subscription_notice", condition=models.Q(notice_at__isnull=False)
            )
        ]


class Receipt(models.Model):
    """The outcome of a command that was given with a preview token: a repeat gets this one again."""

    token_id = models.CharField(max_length=64, primary_key=True)
    account_id = models.BigIntegerField()
    reference = models.CharField(max_length=32)
    command = models.CharField(max_length=32)
    arguments = models.JSONField(default=dict)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    status = models.CharField(max_length=16)
    outcome = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["account_id", "reference"], name="receipt_by_reference")]


class CartItem(models.Model):
    """Something that a person means to order for an account. item: as an order takes it, dates as text."""

    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    item = models.JSONField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "subscriptions_cart_item"
        indexes = [models.Index(fields=["account_id", "user_id"], name="cart_of_person")]


class NoticeRow(models.Model):
    """What a decision tells its people, for the page; `MailRow` is the outbox. facts hold no names."""

    pk = models.CompositePrimaryKey("account_id", "id")
    account_id = models.BigIntegerField()
    id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    facts = models.JSONField()
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "subscriptions_notice"


class MailRow(models.Model):
    """The outbox: a mail to an account's people, written with the decision that causes it and worded when it goes.

    state: waiting; claimed (a worker has it, nothing has left); handing (being given to the mail server); sent;
    unsure (killed or cut off while handing: a person decides); failed (refused for good); dropped (no longer true, or
    nobody to send it to); kept (a test clock's: never sent). due_at: of the next try. claim: who has it.
    once: what it tells of, where it may be told only once. document_id: dunning of a document waits for it.
    """

    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    facts = models.JSONField()
    document_id = models.BigIntegerField(null=True)
    once = models.CharField(max_length=100, null=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=8)
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    claim = models.CharField(max_length=32, default="")
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, default="")
    subject = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "subscriptions_mail"
        indexes = [
            models.Index(fields=["due_at", "id"], name="mail_waiting", condition=models.Q(state="waiting")),
            models.Index(
                fields=["claimed_at"], name="mail_in_hand", condition=models.Q(state__in=("claimed", "handing"))
            ),
            models.Index(fields=["account_id", "-id"], name="mail_of_account"),
            models.Index(
                fields=["account_id", "document_id"], name="mail_awaited",
                condition=models.Q(state__in=("waiting", "claimed", "handing"), document_id__isnull=False),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["account_id", "once"], name="mail_told_once")]


class Dismissal(models.Model):
    """An advice that an organisation does not want to see, by its key (core.advice)."""

    pk = models.CompositePrimaryKey("account_id", "key")
    account_id = models.BigIntegerField()
    key = models.CharField(max_length=200)


class RunPreview(models.Model):
    """A dry run of the billing run until the end of a date; the newest for each seller (None: all real ones) and date.

    totals: by currency, sums in minor units and counts.
    """

    seller_id = models.BigIntegerField(null=True)
    on_date = models.DateField()
    made_at = models.DateTimeField()
    totals = models.JSONField()

    class Meta:
        db_table = "subscriptions_run_preview"


class RunPreviewLine(models.Model):
    """What a dry run found for one account, so that the next one can say what became different."""

    pk = models.CompositePrimaryKey("account_id", "preview_id")
    account_id = models.BigIntegerField()
    preview_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    documents = models.IntegerField()
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()

    class Meta:
        db_table = "subscriptions_run_preview_line"
        indexes = [models.Index(fields=["preview_id", "account_id"], name="line_of_preview")]
