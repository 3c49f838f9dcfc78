"""A story whose member pays by Stripe, and Stripe's calls as it makes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import stripe
from django.test import Client

from seatkeeper.adapters.gateways.stripe.books import book
from seatkeeper.adapters.gateways.stripe.models import StripeCharge
from seatkeeper.domain.payments.models import Attempt
from tests.adapters.stripes import SECRET, point_at
from tests.cast import Story
from tests.support.stripe_server import StripeServer

HOOK = "/hooks/stripe"


class StripeStory(Story):
    """De Linde pays by a card or account at Stripe."""

    server: StripeServer
    customer: str

    def pays_with(self, behaviour: str) -> int:
        """Replace the member's method by one at Stripe that behaves so; its id."""
        debit = behaviour.startswith("slow")
        card = self.server.card(behaviour, self.customer, "sepa_debit" if debit else "card")
        token = f"stripe_{self.customer}.{card}" + (".sepa_debit" if debit else "")
        old = self.members[self.who].current_method()
        kind = "direct_debit" if debit else "card"
        self.give("replace_card", old=old, token=token, kind=kind, label=behaviour)
        return max(self.state().methods)

    def last_attempt(self) -> Attempt:
        """The member's newest attempt."""
        return Attempt.objects.filter(account_id=self.account).latest("id")

    def intent(self, attempt: Attempt | None = None) -> dict[str, Any]:
        """What Stripe knows of an attempt."""
        one = attempt or self.last_attempt()
        return self.server.objects[StripeCharge.objects.get(key=f"{one.account_id}-{one.id}").intent]

    def last_event(self, kind: str) -> dict[str, Any]:
        """Stripe's newest event of a kind."""
        return [one for one in self.server.events if one["type"] == kind][-1]

    def refund_mark(self, attempt: Attempt) -> dict[str, str]:
        """The metadata of a refund of ours."""
        return {"seatkeeper": f"{book()}-{attempt.account_id}-{attempt.id}"}


@contextmanager
def told(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[StripeStory]:
    """The story, with a stand-in for Stripe behind it."""
    with StripeServer() as server:
        point_at(server.address, monkeypatch, settings)
        story = StripeStory("linde")
        story.server = server
        server.began = story.now
        story.customer = server.new("cus", "customer")["id"]
        yield story


def signed(body: str, secret: str = SECRET, at: int | None = None) -> str:
    """Stripe's signature of a body."""
    return str(stripe.WebhookSignature.generate_signature_header(body, secret, at))


def call(event: Mapping[str, Any] | str, *, signature: str | None = None) -> tuple[int, str]:
    """Stripe calls: status and result. No cookie and no token of ours comes along."""
    body = event if isinstance(event, str) else json.dumps(event)
    headers = {"Stripe-Signature": signed(body) if signature is None else signature}
    client = Client(enforce_csrf_checks=True)
    answer = client.post(HOOK, body, content_type="application/json", headers=headers)
    assert not answer.cookies
    return answer.status_code, answer.json()["result"]
