"""The way down for payment methods: the commands on them, and visits to the provider's page. As `calls`, for views.

Every function takes the request, whose `ctx` (actor, account, instant) the session middleware has put there.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from seatkeeper.domain.payments.ports import Offered
from seatkeeper.domain.payments.wiring import SANDBOX, chosen, method_pages, pages_of
from seatkeeper.domain.subscriptions import confirming
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.web.session import signed
from seatkeeper.kit.commands import call


def preview(request: HttpRequest, command: str, /, **arguments: Any) -> Previewed:
    """Decide a command on a payment method without applying it. Raises Refused."""
    outcome = call(f"payment_method.{command}", signed(request).ctx.previewing(), **arguments)
    return Previewed(outcome.decision, outcome.token)


def perform(request: HttpRequest, command: str, token: str | None, /, **arguments: Any) -> str:
    """Give a command on a payment method; the reference of its receipt. token None: it showed no preview."""
    shown = token or preview(request, command, **arguments).token
    return str(call(f"payment_method.{command}", signed(request).ctx, **arguments, preview=shown).reference)


def ways(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """The gateways on whose pages a method can be added, and the kinds that each is for."""
    return chosen(signed(request).ctx.account)


def origins(request: HttpRequest) -> list[str]:
    """Where a browser may be sent from the form that begins a visit: the gateways' own pages, outside this site."""
    return [settings.METHOD_PAGE_ORIGINS[name] for name in ways(request) if name in settings.METHOD_PAGE_ORIGINS]


def begin(request: HttpRequest, back: str, gateway: str = "") -> str:
    """Begin a visit to a gateway's page; its address. The browser comes back to us with the visit's id.

    gateway: one of `ways`; the first of them where it is none. Raises GatewayAway.
    """
    offered = ways(request)
    name = gateway if gateway in offered else next(iter(offered))
    return_to = f"/bills/methods/added/{{setup}}?{urlencode({'back': back})}"
    return method_pages(name).begin(str(signed(request).ctx.account), return_to, offered[name])


def add(request: HttpRequest, setup: str) -> int | None:
    """Add what was entered at the provider; the new method's id. Raises Refused."""
    method: int | None = call("payment_method.add", signed(request).ctx, setup=setup).method
    return method


def offered(request: HttpRequest, setup: str) -> tuple[Offered, ...]:
    """What the page for tests offers in an open visit of this organisation; empty where it is none."""
    return pages_of(setup).offered(setup, str(signed(request).ctx.account))


def choose(setup: str, name: str) -> str | None:
    """Choose on the page for tests; the address to go back to."""
    return pages_of(setup).choose(setup, name)


def bank_address(request: HttpRequest, attempt: int) -> str:
    """The bank's page for a payment that waits to be confirmed; empty for none. Raises GatewayAway."""
    ctx = signed(request).ctx
    return confirming.bank_address(ctx.account, attempt, ctx.now)


def confirmed(request: HttpRequest, attempt: int) -> str | None:
    """Back from the bank's page: apply what came of it; the reference of the receipt, empty where there is none.

    None where the organisation has no such payment. Raises GatewayAway.
    """
    ctx = signed(request).ctx
    return confirming.finish(ctx.account, attempt, ctx.now)


def bank_asks(request: HttpRequest, key: str) -> bool:
    """Whether the page for tests that stands for a bank's asks about a charge of this organisation."""
    return key.startswith(f"{signed(request).ctx.account}-") and method_pages(SANDBOX).bank_asks(key)


def tell_bank(key: str, yes: bool) -> str | None:
    """Confirm or refuse a charge on that page; the path to go back to."""
    address = method_pages(SANDBOX).tell_bank(key, yes)
    return None if address is None else address.removeprefix(settings.PUBLIC_ADDRESS)
