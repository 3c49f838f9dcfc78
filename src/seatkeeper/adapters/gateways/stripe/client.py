"""Stripe's own SDK, set up once; and one place that says what its errors mean.

The secret key comes from the environment and goes to Stripe only. No message of Stripe's is logged or kept, as it may
quote what it was sent: only the error's class and code are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

import stripe
from django.conf import settings

from seatkeeper.domain.payments.ports import GatewayAway

Said = Mapping[str, Any]
Asked = TypeVar("Asked")
Found = TypeVar("Found")
AT_ONCE = 8
"""Questions on the way at the same time: far below what Stripe allows."""
CONNECT_SECONDS, ANSWER_SECONDS = 5, 25
KEY, SIGNING_SECRET = "stripe_key", "stripe_webhook_secret"


class Declined(Exception):
    """Stripe understood, and will not. code: its own word for why; param: what of the question it is about."""

    def __init__(self, code: str, param: str) -> None:
        super().__init__(code)
        self.code, self.param = code, param


def client() -> Any:
    """The SDK's client; the services of its first version. Raises GatewayAway where no key is set."""
    key = settings.ENVIRONMENT.secret_of(KEY)
    if not key:
        raise GatewayAway(f"SEATKEEPER_{KEY.upper()} is not set in the environment")
    return _client(key, settings.STRIPE_API).v1


@lru_cache(maxsize=4)
def _client(key: str, address: str) -> stripe.StripeClient:
    stripe.enable_telemetry = False
    return stripe.StripeClient(
        key,
        base_addresses={"api": address} if address else None,
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS)),
    )


def ask(question: Callable[..., Any], *given: Any, key: str = "", **params: Any) -> Said:
    """What Stripe says, in plain data. key: an idempotency key.

    Raises Declined where it understood and will not, else GatewayAway: nothing is known then of what it did.
    """
    options = {"idempotency_key": key} if key else {}
    try:
        found = question(*given, params=params, options=options).to_dict()
    except stripe.CardError as error:
        decline = error.error.decline_code if error.error is not None else None
        raise Declined(str(decline or error.code or ""), str(error.param or "")) from None
    except stripe.InvalidRequestError as error:
        raise Declined(str(error.code or ""), str(error.param or "")) from None
    except stripe.StripeError as error:
        raise GatewayAway(f"Stripe: {type(error).__name__} {error.code or error.http_status or ''}".strip()) from None
    except Exception as error:  # an answer that the SDK cannot read
        raise GatewayAway(f"Stripe said nothing that can be understood: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise GatewayAway("Stripe said nothing that can be understood")
    return found


def each(work: Callable[[Asked], Found], asked: Iterable[Asked]) -> list[Found]:
    """The work for each, several at a time. It must not use the database: threads have no transaction."""
    todo = list(asked)
    if len(todo) < 2:
        return [work(one) for one in todo]
    with ThreadPoolExecutor(min(AT_ONCE, len(todo))) as pool:
        return list(pool.map(work, todo))
