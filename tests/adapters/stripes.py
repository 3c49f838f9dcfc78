"""Rails of Stripe: the adapter against the stand-in of the tests, or against localstripe."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from seatkeeper.adapters.gateways.stripe.gateway import StripeGateway
from seatkeeper.adapters.gateways.stripe.models import StripeCharge
from seatkeeper.domain.payments.ports import Charge
from tests.adapters.gateways import BEGAN
from tests.support.localstripe import LocalStripe
from tests.support.stripe_server import KEY, StripeServer

SECRET = "whsec_only_for_tests"


def point_at(address: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Let the adapter talk to a stand-in."""
    monkeypatch.setenv("SEATKEEPER_STRIPE_KEY", KEY)
    monkeypatch.setenv("SEATKEEPER_STRIPE_WEBHOOK_SECRET", SECRET)
    settings.STRIPE_API = address


class _Line:
    """Trouble on the line, once."""

    server: StripeServer | LocalStripe

    def lose_next_answer(self, *, after: bool) -> None:
        moving = ("/confirm", "POST /v1/refunds")

        def trouble(number: int, when: str, path: str) -> str:
            if when == ("after" if after else "before") and (not after or path.endswith(moving)):
                self.server.trouble = lambda number, when, path: ""
                return "drop"
            return ""

        self.server.trouble = trouble


class StandInRail(_Line):
    """The stand-in, which behaves as Stripe in all that the contract asks."""

    def __init__(self, server: StripeServer) -> None:
        self.server = server
        server.began = BEGAN
        self.gateway = StripeGateway()
        self.customer = server.new("cus", "customer")["id"]

    def token(self, behaviour: str) -> str:
        debit = behaviour.startswith("slow")
        card = self.server.card(behaviour, self.customer, "sepa_debit" if debit else "card")
        return f"stripe_{self.customer}.{card}" + (".sepa_debit" if debit else "")

    def days_later(self, days: int) -> None:
        self.server.days_later(days)

    def confirm(self, charge: Charge, yes: bool) -> None:
        self.server.confirm_at_bank(StripeCharge.objects.get(key=charge.key).intent, yes)

    def taken_minor(self) -> int:
        return self.server.taken_minor()


NUMBERS = {"ok": "4242424242424242", "declined": "4000000000000341", "confirm": "4000002500003155"}


class LocalRail(_Line):
    """localstripe, with what it can."""

    def __init__(self, server: LocalStripe) -> None:
        self.server = server
        self.gateway = StripeGateway()
        self.customer = self._post("/v1/customers")["id"]

    def _post(self, path: str, **params: str) -> dict[str, Any]:
        status, content = self.server.ask("POST", path, urlencode(params))
        assert status == 200, content
        found: dict[str, Any] = json.loads(content)
        return found

    def token(self, behaviour: str) -> str:
        card = {"number": NUMBERS[behaviour], "exp_month": "2", "exp_year": "2030", "cvc": "123"}
        named = {f"card[{name}]": text for name, text in card.items()}
        method = self._post("/v1/payment_methods", type="card", **named)
        self._post(f"/v1/payment_methods/{method['id']}/attach", customer=self.customer)
        return f"stripe_{self.customer}.{method['id']}"

    def days_later(self, days: int) -> None:
        raise NotImplementedError("localstripe has no clock")

    def confirm(self, charge: Charge, yes: bool) -> None:
        intent = StripeCharge.objects.get(key=charge.key).intent
        _, content = self.server.ask("GET", f"/v1/payment_intents/{intent}")
        found = json.loads(content)
        if found["status"] == "requires_action":
            secret = found["client_secret"]
            self._post(f"/v1/payment_intents/{intent}/_authenticate", client_secret=secret, success=str(yes).lower())

    def taken_minor(self) -> int:
        """Over every intent and refund that the books of the test name."""
        total = 0
        for intent in StripeCharge.objects.exclude(intent="").values_list("intent", flat=True):
            found = json.loads(self.server.ask("GET", f"/v1/payment_intents/{intent}")[1])
            if found["status"] == "succeeded":
                total += found["amount"]
                refunds = json.loads(self.server.ask("GET", f"/v1/refunds?payment_intent={intent}&limit=100")[1])
                total -= sum(one["amount"] for one in refunds["data"])
        return total
