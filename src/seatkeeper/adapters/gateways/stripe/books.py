"""What is kept of Stripe's objects: read and written in short transactions of the adapter's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from seatkeeper.adapters.gateways.stripe.models import StripeBook, StripeCharge, StripeCustomer
from seatkeeper.kit.tokens import random_token

NONE = ""
"""In place of a payment intent: the charge was given back before it came."""


def book() -> str:
    """This installation's name at Stripe."""
    found = StripeBook.objects.filter(id=1).values_list("name", flat=True).first()
    if found is None:
        with transaction.atomic():
            StripeBook.objects.bulk_create([StripeBook(id=1, name=token_of_letters())], ignore_conflicts=True)
        found = StripeBook.objects.values_list("name", flat=True).get(id=1)
    return found


def token_of_letters() -> str:
    """Twelve letters and digits by chance."""
    return "".join(letter for letter in random_token() if letter.isalnum())[:12].lower()


def intents(keys: Iterable[str]) -> dict[str, str]:
    """The payment intents of charges, by key."""
    return dict(StripeCharge.objects.filter(key__in=list(keys)).values_list("key", "intent"))


def keep(made: Mapping[str, str]) -> dict[str, str]:
    """Keep the intents of charges, by key. Where somebody else kept another one meanwhile, that one counts."""
    if not made:
        return {}
    with transaction.atomic():
        StripeCharge.objects.bulk_create(
            [StripeCharge(key=key, intent=intent) for key, intent in made.items()], ignore_conflicts=True
        )
    return intents(made)


def key_of(intent: str) -> str:
    """The charge that an intent was made for; empty for none of ours."""
    found = StripeCharge.objects.filter(intent=intent).values_list("key", flat=True).first() if intent else None
    return found or ""


def customer(reference: str) -> str:
    """The customer at Stripe of an organisation; empty where there is none yet."""
    return StripeCustomer.objects.filter(reference=reference).values_list("customer", flat=True).first() or ""


def keep_customer(reference: str, made: str) -> str:
    """Keep an organisation's customer; the one that counts, should there be another already."""
    with transaction.atomic():
        StripeCustomer.objects.bulk_create(
            [StripeCustomer(reference=reference, customer=made)], ignore_conflicts=True
        )
    return customer(reference)
