"""Which of Stripe's objects is ours: ids only, no secrets and no numbers of cards."""

from __future__ import annotations

from django.db import models


class StripeBook(models.Model):
    """The name of this installation at Stripe, made once: two that share an account there never meet in a key."""

    id = models.IntegerField(primary_key=True)
    name = models.CharField(max_length=16)


class StripeCharge(models.Model):
    """The payment intent of a charge, kept before it is confirmed: money moves by that one and by no other.

    intent: empty where the charge was given back before it came; it never takes money then.
    """

    key = models.CharField(max_length=64, primary_key=True)
    intent = models.CharField(max_length=64, blank=True, db_index=True)


class StripeCustomer(models.Model):
    """The customer at Stripe that an organisation's cards belong to."""

    reference = models.CharField(max_length=64, primary_key=True)
    customer = models.CharField(max_length=64)


class StripeVisit(models.Model):
    """A visit to Stripe's page for a new card. session: Stripe's id of it. taken: its card was added."""

    id = models.CharField(max_length=64, primary_key=True)
    reference = models.CharField(max_length=64)
    session = models.CharField(max_length=200)
    taken = models.BooleanField(default=False)
