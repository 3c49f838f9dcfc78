"""From a payment method's kind to its gateway, as the settings name it."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from seatkeeper.domain.payments.ports import Gateway, MethodPages


@lru_cache(maxsize=16)
def gateway(kind: str) -> Gateway:
    """The gateway that charges methods of a kind."""
    found: Gateway = import_string(settings.GATEWAYS[kind])()
    return found


@lru_cache(maxsize=1)
def method_pages() -> MethodPages:
    """The provider's page for new payment methods."""
    found: MethodPages = import_string(settings.METHOD_PAGES)()
    return found
