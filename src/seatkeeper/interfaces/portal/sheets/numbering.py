"""The buyer's own number of a subscription: reading its form and saying what changes."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.core.subscriptions.order import MOST_ORDER_NUMBER
from seatkeeper.domain.subscriptions.rows import SubscriptionPage
from seatkeeper.interfaces.portal.sheets.parts import Change, Note, Pay
from seatkeeper.interfaces.portal.sheets.reading import Arguments, BadField, typed
from seatkeeper.interfaces.web.text import plain, say


def read_number(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """The number as it was typed; nothing before anything was."""
    if "number" not in data:
        return None
    text = " ".join(typed(data, "number").split())
    if len(text) > MOST_ORDER_NUMBER or not text.isprintable():
        raise BadField("number", plain(N_("A purchase order number has at most 64 characters.")))
    return {"number": text}


def number_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """The number before and after."""
    none = plain(N_("none"))
    becomes = str(arguments["number"]) or none
    return [Change(plain(N_("Purchase order number")), page.row.purchase_order or none, becomes)]


def number_notes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Note]:
    """From when it counts."""
    return [Note(say(N_("Issued invoices stay as they are; this counts from the next document.")))]


def number_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """Save."""
    return plain(N_("Save"))
