"""Which gateway: of a method the one that gave its token, of a new one the one that the seller chose for its kind.

A token begins with its gateway's name: sandbox_ok, stripe_cus_1.pm_2. So does the id of a visit to a gateway's page,
before a dot; those of the sandbox have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from seatkeeper.core.tables import CHARGED_AT_ONCE
from seatkeeper.domain.accounts.operations import gateway_choices, gateways_of
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.payments.ports import CallBacks, Gateway, GatewayAway, MethodPages

SANDBOX = "sandbox"


def gateway_of(kind: str, token: str) -> str:
    """The name of the gateway that gave a token; empty for bank transfer. The sandbox declines what nobody knows."""
    name = token.partition("_")[0]
    if kind not in CHARGED_AT_ONCE:
        return ""
    return name if name in settings.GATEWAYS else SANDBOX


@lru_cache(maxsize=16)
def gateway(name: str) -> Gateway:
    """The gateway of a name."""
    found: Gateway = import_string(settings.GATEWAYS[name])()
    return found


@lru_cache(maxsize=16)
def call_backs(name: str) -> CallBacks | None:
    """How the gateway of a name calls by itself; None where it does not, or is none."""
    path = settings.CALL_BACKS.get(name)
    return None if path is None else import_string(path)()


def chosen(account: int) -> dict[str, tuple[str, ...]]:
    """For new methods of an account: the gateways that its seller chose, and the kinds that each is for."""
    found: dict[str, tuple[str, ...]] = {}
    for kind, name in {**settings.METHOD_GATEWAYS, **gateways_of(account)}.items():
        found[name] = (*found.get(name, ()), kind)
    return found


def installation_choice() -> dict[str, str]:
    """The gateways of new methods by kind, where the seller chose none."""
    return dict(settings.METHOD_GATEWAYS)


def in_use() -> set[str]:
    """The gateways that new or known payment methods go to."""
    known = Method.objects.exclude(gateway="").values_list("gateway", flat=True).distinct()
    sellers = {name for one in gateway_choices() for name in one.values()}
    return {*settings.METHOD_GATEWAYS.values(), *sellers, *known} & set(settings.GATEWAYS)


def problems(choice: Mapping[str, str]) -> list[str]:
    """What is wrong with a choice of gateways by kind, in words."""
    kinds, names = sorted(settings.METHOD_GATEWAYS), sorted(settings.METHOD_PAGES)
    return [f"no such payment method: {kind}; there are {', '.join(kinds)}" for kind in choice if kind not in kinds] + [
        f"no such gateway: {name}; there are {', '.join(names)}" for name in choice.values() if name not in names
    ]


@dataclass(frozen=True, slots=True)
class GatewayRow:
    """A gateway, the kinds of new payment methods that go to it (unless a seller chose), and why it cannot be used."""

    name: str
    kinds: tuple[str, ...]
    problem: str = ""


def overview() -> list[GatewayRow]:
    """The gateways there are, without asking any."""
    return [GatewayRow(name, _kinds(name), _problem(name)) for name in settings.GATEWAYS]


def _kinds(name: str) -> tuple[str, ...]:
    return tuple(kind for kind, chosen in settings.METHOD_GATEWAYS.items() if chosen == name)


def _problem(name: str) -> str:
    try:
        gateway(name)
    except GatewayAway as away:
        return str(away)
    return ""


@lru_cache(maxsize=16)
def method_pages(name: str) -> MethodPages:
    """A gateway's page for new payment methods."""
    found: MethodPages = import_string(settings.METHOD_PAGES[name])()
    return found


def pages_of(setup: str) -> MethodPages:
    """The page that a visit was to."""
    name = setup.partition(".")[0]
    return method_pages(name if "." in setup and name in settings.METHOD_PAGES else SANDBOX)
