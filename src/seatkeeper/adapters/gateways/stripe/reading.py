"""Stripe's words in ours: amounts, statuses, decline codes, events. One table each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from seatkeeper.core.money import DECIMALS
from seatkeeper.core.payments.declines import is_hard
from seatkeeper.domain.payments.ports import (
    AUTHENTICATION,
    CHARGE,
    DISPUTE,
    LOST,
    OPENED,
    PROCESSING,
    REFUND,
    UNKNOWN,
    WON,
    Answer,
    Happening,
)

MARK: Final = "seatkeeper"
"""The name in Stripe's metadata under which our key stands."""
ABANDONED: Final = "abandoned"
REVERSAL: Final = "-reversal"
"""What the key of a charge that is given back whole ends with."""
HUNDREDFOLD: Final = frozenset({"ISK", "UGX"})
"""Currencies without decimals of which Stripe wants hundredths."""
THOUSANDTHS: Final = 3
"""Decimals of which Stripe wants the last to be zero."""

REASONS: Final[dict[str, str]] = {
    "card_declined": "card_declined",
    "insufficient_funds": "insufficient_funds",
    "lost_card": "lost",
    "lost_or_stolen_card": "lost",
    "stolen_card": "stolen",
    "expired_card": "expired_card",
    "expired_or_canceled_card": "closed",
    "invalid_account": "closed",
    "account_closed": "closed",
    "bank_account_closed": "closed",
    "resource_missing": "closed",
    "pickup_card": "refused_for_good",
    "restricted_card": "refused_for_good",
    "fraudulent": "refused_for_good",
    "merchant_blacklist": "refused_for_good",
    "card_not_supported": "refused_for_good",
    "currency_not_supported": "refused_for_good",
    "incorrect_number": "refused_for_good",
    "invalid_number": "refused_for_good",
    "revocation_of_all_authorizations": "refused_for_good",
    "revocation_of_authorization": "refused_for_good",
    "stop_payment_order": "refused_for_good",
    "bank_account_restricted": "refused_for_good",
    "debit_not_authorized": "mandate_ended",
    "payment_method_customer_decline": "mandate_ended",
    "mandate_canceled": "mandate_ended",
    "authentication_required": "authentication_required",
    "authentication_not_handled": "authentication_required",
    "payment_intent_authentication_failure": "authentication_required",
    ABANDONED: "authentication_required",
    "card_velocity_exceeded": "limit_exceeded",
    "withdrawal_count_limit_exceeded": "limit_exceeded",
    "charge_exceeds_source_limit": "limit_exceeded",
    "processing_error": "try_later",
    "issuer_not_available": "try_later",
    "try_again_later": "try_later",
    "reenter_transaction": "try_later",
    "amount_too_small": "amount_not_possible",
    "amount_too_large": "amount_not_possible",
    "charge_already_refunded": "nothing_taken",
}
"""Stripe's code of a decline or failure in ours; any other is declined, and tried again."""

EVENTS: Final = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.canceled",
    "payment_intent.requires_action",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
)
"""The events that are listened to; the set-up of the call-back names them."""

INTENT, REFUND_OBJECT, DISPUTE_OBJECT = "payment_intent", "refund", "dispute"
SAID: Final[dict[str, str]] = {"succeeded": "succeeded", "canceled": "declined", "failed": "declined"}
DISPUTES: Final[dict[str, str]] = {"won": WON, "warning_closed": WON, "prevented": WON, "lost": LOST}


def to_stripe(minor: int, currency: str) -> int | None:
    """An amount as Stripe takes it; None where it cannot be said there."""
    if currency in HUNDREDFOLD:
        return minor * 100
    return None if DECIMALS[currency] == THOUSANDTHS and minor % 10 else minor


def from_stripe(amount: int, currency: str) -> int:
    """Stripe's amount in our minor units."""
    return amount // 100 if currency in HUNDREDFOLD else amount


def reason(code: str) -> str:
    """Our reason for a code of Stripe's."""
    return REASONS.get(code, "declined")


def declined(key: str, code: str) -> Answer:
    """The answer that a code of Stripe's comes to."""
    found = reason(code)
    return Answer(key, False, found, is_hard(found))


def of_intent(key: str, intent: Mapping[str, Any]) -> Answer | None:
    """What a payment intent says; None where it was never confirmed, so that no money is asked for."""
    status = intent.get("status")
    if status == "succeeded":
        return Answer(key, True)
    if status == "requires_confirmation":
        return None
    if status == "processing":
        return Answer(key, False, waits=PROCESSING)
    if status == "requires_action":
        step = intent.get("next_action") or {}
        address = (step.get("redirect_to_url") or {}).get("url") or ""
        return Answer(key, False, waits=AUTHENTICATION, address=str(address))
    if status == "requires_payment_method":
        error = intent.get("last_payment_error") or {}
        return declined(key, str(error.get("decline_code") or error.get("code") or ""))
    if status == "canceled":
        told = intent.get("cancellation_reason")
        return Answer(key, False, reason(ABANDONED) if told == ABANDONED else "cancelled")
    return Answer(key, False, waits=UNKNOWN)


def of_refund(key: str, refund: Mapping[str, Any]) -> Answer:
    """What a refund says."""
    status = refund.get("status")
    if status == "succeeded":
        return Answer(key, True)
    if status in ("failed", "canceled"):
        return Answer(key, False, reason(str(refund.get("failure_reason") or "")))
    return Answer(key, False, waits=PROCESSING if status in ("pending", "requires_action") else UNKNOWN)


def key_in(found: Mapping[str, Any], book: str) -> str:
    """Our key in an object's metadata; empty where it is not of this installation."""
    mark = str((found.get("metadata") or {}).get(MARK) or "")
    return mark.removeprefix(f"{book}-") if mark.startswith(f"{book}-") else ""


def happening(event: Mapping[str, Any], book: str) -> Happening | None:
    """What an event tells; None where it is of a kind that is not listened to. The key is empty where it has none of
    ours. Raises KeyError, TypeError or ValueError for what is no event."""
    kind, found = str(event["type"]), event["data"]["object"]
    if kind not in EVENTS:
        return None
    about = {INTENT: CHARGE, REFUND_OBJECT: REFUND, DISPUTE_OBJECT: DISPUTE}[str(found["object"])]
    if key_in(found, book).endswith(REVERSAL):
        return None  # our own, of a charge whose command was not applied
    currency = str(found["currency"]).upper()
    status = str(found["status"])
    why = found.get("reason") if about == DISPUTE else found.get("failure_reason")
    if about == CHARGE:
        answer = of_intent("", found)
        said = "waits" if answer is None or answer.waits else "succeeded" if answer.succeeded else "declined"
        why = answer.reason if answer is not None else ""
    elif about == REFUND:
        said = SAID.get(status, "waits")
    else:
        said = DISPUTES.get(status, OPENED)
    return Happening(
        str(event["id"]), about, key_in(found, book), said, datetime.fromtimestamp(int(event["created"]), UTC),
        from_stripe(int(found["amount"]), currency), currency, str(why or ""),
        str(found["id"]) if about != CHARGE else "",
    )  # fmt: skip


def intent_of(event: Mapping[str, Any]) -> str:
    """The payment intent that an event's refund or dispute is about."""
    return str(event["data"]["object"].get("payment_intent") or "")
