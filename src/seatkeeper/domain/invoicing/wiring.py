"""From a port to the adapter that the settings name."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from seatkeeper.domain.invoicing.ports import EInvoice, Printer, Rates


@lru_cache(maxsize=1)
def printer() -> Printer:
    """Who puts documents on paper."""
    found: Printer = import_string(settings.DOCUMENTS["pdf"])()
    return found


@lru_cache(maxsize=4)
def e_invoice(syntax: str) -> EInvoice:
    """Who writes documents in an electronic syntax: ubl or cii."""
    found: EInvoice = import_string(settings.DOCUMENTS[syntax])()
    return found


@lru_cache(maxsize=1)
def shipped_rates() -> Rates:
    """The rates that come along with the program."""
    found: Rates = import_string(settings.EXCHANGE_RATES)()
    return found
