"""Stripe's own page for new cards and mandates: a Checkout session that sets up, and takes no money."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from seatkeeper.adapters.gateways.stripe import books
from seatkeeper.adapters.gateways.stripe.client import Declined, ask, client
from seatkeeper.adapters.gateways.stripe.models import StripeVisit
from seatkeeper.adapters.gateways.stripe.reading import MARK
from seatkeeper.domain.payments.ports import GatewayAway, Offered, Registered
from seatkeeper.kit.tokens import random_token

TYPES = {"card": "card", "direct_debit": "sepa_debit"}
BRANDS = {
    "amex": "American Express", "cartes_bancaires": "Cartes Bancaires", "diners": "Diners Club",
    "discover": "Discover", "jcb": "JCB", "mastercard": "Mastercard", "unionpay": "UnionPay", "visa": "Visa",
}  # fmt: skip


class StripePages:
    """Implements the MethodPages port; see the module."""

    def begin(self, reference: str, return_to: str, kinds: Sequence[str]) -> str:
        """Begin a visit: a session at Stripe, which comes back with our own id of it."""
        setup = f"stripe.{random_token()[:40]}"
        back = f"{settings.PUBLIC_ADDRESS}{return_to.replace('{setup}', setup)}"
        try:
            session = ask(
                client().checkout.sessions.create, key=setup, mode="setup", customer=_customer(reference),
                payment_method_types=[TYPES[kind] for kind in kinds], success_url=back,
                cancel_url=f"{back}{'&' if '?' in back else '?'}left=yes", client_reference_id=reference,
            )  # fmt: skip
        except Declined as refusal:
            raise GatewayAway(f"Stripe will not begin a visit: {refusal.code or refusal.param}") from None
        address, id_ = session.get("url"), session.get("id")
        if not isinstance(address, str) or not isinstance(id_, str):
            raise GatewayAway("Stripe said nothing that can be understood")
        with transaction.atomic():
            StripeVisit.objects.create(id=setup, reference=reference, session=id_)
        return address

    def registered(self, setup: str) -> Registered | None:
        """What came of a visit, asked of Stripe."""
        visit = StripeVisit.objects.filter(id=setup).first()
        if visit is None:
            return None
        try:
            session = ask(client().checkout.sessions.retrieve, visit.session, expand=["setup_intent.payment_method"])
        except Declined:
            return None
        intent = session.get("setup_intent")
        if session.get("status") != "complete" or not isinstance(intent, dict) or intent.get("status") != "succeeded":
            return None
        return _registered(visit.reference, str(session.get("customer") or ""), intent.get("payment_method"))

    def take(self, setup: str) -> bool:
        """Mark as used, once."""
        with transaction.atomic():
            return bool(StripeVisit.objects.filter(id=setup, taken=False).update(taken=True))

    def give_back(self, setup: str) -> None:
        """Mark as not used."""
        with transaction.atomic():
            StripeVisit.objects.filter(id=setup).update(taken=False)

    def offered(self, setup: str, reference: str) -> tuple[Offered, ...]:
        """Nothing: the page is Stripe's."""
        return ()

    def choose(self, setup: str, name: str) -> str | None:
        """Nothing can be chosen here."""
        return None

    def bank_asks(self, key: str) -> bool:
        """No: the bank's page is the bank's."""
        return False

    def tell_bank(self, key: str, yes: bool) -> str | None:
        """Nothing can be confirmed here."""
        return None


def _customer(reference: str) -> str:
    """The organisation's customer at Stripe, made when it is needed; nothing is told of it but our number."""
    known = books.customer(reference)
    if known:
        return known
    book = books.book()
    made = ask(client().customers.create, key=f"{book}-customer-{reference}", metadata={MARK: f"{book}-{reference}"})
    if not isinstance(made.get("id"), str):
        raise GatewayAway("Stripe said nothing that can be understood")
    return books.keep_customer(reference, made["id"])


def _registered(reference: str, customer: str, method: object) -> Registered | None:
    """A payment method of Stripe's, as ours. None where it is of no kind that we charge."""
    if not isinstance(method, Mapping) or not method.get("id") or not customer:
        return None
    token = f"stripe_{customer}.{method['id']}"
    if method.get("type") == "card" and isinstance(method.get("card"), Mapping):
        card: Mapping[str, Any] = method["card"]
        brand, last_four = BRANDS.get(str(card.get("brand")), "Card"), str(card.get("last4") or "")[:4]
        return Registered(reference, token, "card", f"{brand} ending {last_four}", brand, last_four, _until(card))
    if method.get("type") == "sepa_debit" and isinstance(method.get("sepa_debit"), Mapping):
        account: Mapping[str, Any] = method["sepa_debit"]
        label = f"{account.get('country') or ''} ... {str(account.get('last4') or '')[:4]}".strip()
        return Registered(reference, f"{token}.sepa_debit", "direct_debit", label)
    return None


def _until(card: Mapping[str, Any]) -> date | None:
    """A card's last day."""
    year, month = card.get("exp_year"), card.get("exp_month")
    if not isinstance(year, int) or not isinstance(month, int) or not 1 <= month <= 12:
        return None
    return date(year, month, monthrange(year, month)[1])
