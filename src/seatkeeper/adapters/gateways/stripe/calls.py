"""Stripe's call-backs: signed by it, checked by its SDK, read into happenings of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import stripe
from django.conf import settings

from seatkeeper.adapters.gateways.stripe import books, reading
from seatkeeper.adapters.gateways.stripe.client import SIGNING_SECRET
from seatkeeper.domain.payments.ports import DISPUTE, REFUND, BadCall, Happening

TOLERANCE_SECONDS = 300
"""A signature that is older is refused: a call that was overheard cannot be made again later."""


class StripeCalls:
    """Implements the CallBacks port."""

    def read(self, body: bytes, signature: str) -> Happening | None:
        """What a call tells, if Stripe signed it. The secret may be two, by a comma, while it is being changed."""
        secrets = [one for one in settings.ENVIRONMENT.secret_of(SIGNING_SECRET).split(",") if one.strip()]
        if not secrets:
            raise BadCall(f"SEATKEEPER_{SIGNING_SECRET.upper()} is not set in the environment")
        if not any(_signed(body, signature, secret.strip()) for secret in secrets):
            raise BadCall("the signature is not Stripe's, or is too old")
        try:
            event = json.loads(body)
            return happening(event, books.book())
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
            raise BadCall("this is signed, but is no event") from None


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


def happening(event: Mapping[str, Any], book: str) -> Happening | None:
    """What an event tells. A dispute, and a refund that was made elsewhere, carry the key of the charge."""
    found = reading.happening(event, book)
    if found is None or found.key:
        return found
    if found.kind in (DISPUTE, REFUND):
        return replace(found, key=books.key_of(reading.intent_of(event)))
    return found
