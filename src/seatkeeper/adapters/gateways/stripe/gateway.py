"""Payments by Stripe. Every charge is a payment intent that is made first, kept, and only then confirmed.

Making an intent moves no money, whatever becomes of the answer. Confirming moves it, once at most, and the intent that
is kept is the only one that is ever confirmed: so nothing is charged twice, however long this installation stands
still, though Stripe forgets idempotency keys after a day.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from seatkeeper.adapters.gateways.stripe import books
from seatkeeper.adapters.gateways.stripe.calls import happening
from seatkeeper.adapters.gateways.stripe.client import Declined, Said, ask, client, each
from seatkeeper.adapters.gateways.stripe.reading import (
    ABANDONED,
    EVENTS,
    MARK,
    REVERSAL,
    declined,
    key_in,
    of_intent,
    of_refund,
    to_stripe,
)
from seatkeeper.domain.payments.ports import (
    AUTHENTICATION,
    UNKNOWN,
    Answer,
    Charge,
    GatewayAway,
    Happening,
    Refund,
)

LOG = logging.getLogger("seatkeeper.payments")
PAGE = 100
GIVEN_BACK = "reversed"
CAN_BE_CALLED_OFF = ("requires_confirmation", "requires_action", "requires_payment_method")


class StripeGateway:
    """Implements the Gateway port; see the module."""

    def __init__(self) -> None:
        client()

    def charge(self, charges: Sequence[Charge]) -> list[Answer]:
        """Take money: make the intents, keep them, confirm them."""
        book = books.book()
        kept = books.intents(one.key for one in charges)
        new = [one for one in charges if one.key not in kept]
        made = dict(zip((one.key for one in new), each(lambda one: _made(one, book), new), strict=True))
        kept |= books.keep({key: intent for key, intent in made.items() if isinstance(intent, str)})
        refused = [answer for key, answer in made.items() if isinstance(answer, Answer) and key not in kept]

        def confirmed(one: Charge) -> Answer:
            intent = kept[one.key]
            return (None if made.get(one.key) == intent else _standing(one, intent)) or _confirmed(one, intent)

        return _some([*refused, *each(confirmed, [one for one in charges if one.key in kept])], charges)

    def outcome(self, charges: Sequence[Charge]) -> dict[str, Answer]:
        """What became of earlier charges: asked of Stripe, intent by intent."""
        kept = books.intents(one.key for one in charges)
        found = each(lambda one: _standing(one, kept[one.key]), [one for one in charges if one.key in kept])
        return {answer.key: answer for answer in found if answer is not None}

    def reverse(self, keys: Sequence[str]) -> None:
        """Call off what has taken nothing yet, and refund in full what has."""
        kept = books.intents(keys) | books.keep(dict.fromkeys(keys, books.NONE))
        book = books.book()
        for key in keys:
            if kept[key]:
                _given_back(key, kept[key], book)

    def refund(self, refunds: Sequence[Refund]) -> list[Answer]:
        """Give back, whole or in part. A refund that is there already is found by its key, and not made again."""
        book = books.book()
        kept = books.intents(one.charge_key for one in refunds)
        return _some(each(lambda one: _refunded(one, kept.get(one.charge_key, books.NONE), book), refunds), refunds)

    def happened(self, since: datetime, now: datetime) -> list[Happening]:
        """Stripe's events of the kinds that are listened to; it keeps them for 30 days."""
        book, found = books.book(), list[Said]()
        after: dict[str, str] = {}
        while True:
            page = ask(client().events.list, created={"gte": int(since.timestamp())}, types=list(EVENTS), limit=PAGE,
                       **after)  # fmt: skip
            rows = list(page.get("data") or ())
            found += rows
            if not rows or not page.get("has_more"):
                break
            after = {"starting_after": rows[-1]["id"]}
        told = [one for event in found if (one := happening(event, book)) is not None]
        return sorted(told, key=lambda one: (one.at, one.id))


def _some(answers: Sequence[Answer], asked: Sequence[object]) -> list[Answer]:
    """The answers; where there is nothing but silence the gateway is away."""
    if asked and all(answer.waits == UNKNOWN for answer in answers):
        raise GatewayAway("Stripe did not answer")
    return list(answers)


def _made(one: Charge, book: str) -> str | Answer | None:
    """Make a charge's intent: its id, the answer where it cannot be, None where Stripe did not say."""
    amount = to_stripe(one.amount_minor, one.currency)
    if amount is None or one.token.count(".") not in (1, 2):
        return declined(one.key, "amount_too_small" if amount is None else "resource_missing")
    customer, method, *kinds = one.token.removeprefix("stripe_").split(".")
    try:
        intent = ask(
            client().payment_intents.create, key=f"{book}-{one.key}", amount=amount, currency=one.currency.lower(),
            customer=customer, payment_method=method, metadata={MARK: f"{book}-{one.key}"},
            payment_method_types=kinds or ["card"],
        )  # fmt: skip
    except Declined as refusal:
        return declined(one.key, refusal.code)
    except GatewayAway as error:
        LOG.warning("charge %s: %s", one.key, error)
        return None
    return str(intent.get("id") or "") or None


def _confirmed(one: Charge, intent: str) -> Answer:
    """Confirm a charge's intent; how it stands then."""
    how = {"return_url": one.return_to} if one.return_to else {"off_session": True}
    try:
        found = of_intent(one.key, ask(client().payment_intents.confirm, intent, **how))
    except Declined as refusal:
        # Somebody else may have confirmed it meanwhile, or it was declined: the intent itself knows.
        return _standing(one, intent) or declined(one.key, refusal.code)
    except GatewayAway as error:
        LOG.warning("charge %s: %s", one.key, error)
        return Answer(one.key, False, waits=UNKNOWN)
    if found is None or found.waits == AUTHENTICATION:
        found = _standing(one, intent)
    return found or Answer(one.key, False, waits=UNKNOWN)


def _standing(one: Charge, intent: str) -> Answer | None:
    """How a charge stands; None where it was never confirmed. What nobody is there to confirm is called off."""
    if intent == books.NONE:
        return Answer(one.key, False, GIVEN_BACK)
    try:
        found = of_intent(one.key, ask(client().payment_intents.retrieve, intent))
        if found is not None and found.waits == AUTHENTICATION and not one.return_to:
            ask(client().payment_intents.cancel, intent, cancellation_reason=ABANDONED)
            return declined(one.key, ABANDONED)
    except Declined as refusal:
        LOG.warning("charge %s: Stripe does not know its intent or will not cancel it: %s", one.key, refusal.code)
        return Answer(one.key, False, waits=UNKNOWN)
    except GatewayAway as error:
        LOG.warning("charge %s: %s", one.key, error)
        return Answer(one.key, False, waits=UNKNOWN)
    return found


def _given_back(key: str, intent: str, book: str) -> None:
    """Call off an intent, or refund all that it took."""
    status = ask(client().payment_intents.retrieve, intent).get("status")
    if status == "canceled":
        return
    if status in CAN_BE_CALLED_OFF:
        ask(client().payment_intents.cancel, intent)
        return
    if status != "succeeded":
        raise GatewayAway(f"charge {key} is still on its way; it is given back when it has arrived")
    own = f"{book}-{key}{REVERSAL}"
    if any((one.get("metadata") or {}).get(MARK) == own for one in _refunds(intent)):
        return
    try:
        ask(client().refunds.create, key=own, payment_intent=intent, metadata={MARK: own})
    except Declined as refusal:
        if refusal.code != "charge_already_refunded":
            raise


def _refunds(intent: str) -> list[Said]:
    return list(ask(client().refunds.list, payment_intent=intent, limit=PAGE).get("data") or ())


def _refunded(one: Refund, intent: str, book: str) -> Answer:
    """Make a refund, unless it is there; how it stands."""
    if intent == books.NONE:
        return Answer(one.key, False, "nothing_taken")
    amount = to_stripe(one.amount_minor, one.currency)
    if amount is None:
        return declined(one.key, "amount_too_small")
    try:
        before = of_intent(one.charge_key, ask(client().payment_intents.retrieve, intent))
        if before is None or not before.succeeded:
            return Answer(one.key, False, "" if before and before.waits else "nothing_taken",
                          waits=before.waits if before else "")  # fmt: skip
        made = next((found for found in _refunds(intent) if key_in(found, book) == one.key), None)
        if made is None:
            made = ask(
                client().refunds.create, key=f"{book}-{one.key}", payment_intent=intent, amount=amount,
                metadata={MARK: f"{book}-{one.key}"},
            )  # fmt: skip
    except Declined as refusal:
        return Answer(one.key, False, "too_much") if refusal.param == "amount" else declined(one.key, refusal.code)
    except GatewayAway as error:
        LOG.warning("refund %s: %s", one.key, error)
        return Answer(one.key, False, waits=UNKNOWN)
    return of_refund(one.key, made)
