"""Reading a sheet's form, and what every action asks of a decision."""

from __future__ import annotations

import re
from datetime import date

from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.core.money import minor_from_text
from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import MOST_SEATS
from seatkeeper.domain.subscriptions.rows import SubscriptionPage
from seatkeeper.interfaces.web.formatting import long_date, money
from seatkeeper.interfaces.web.text import plain

Arguments = dict[str, object]
LABELS = {
    "seats": N_("Licences"),
    "start_on": N_("Start date"),
    "purchase_order": N_("Purchase order number"),
    "assign": N_("Assign licences"),
}
"""What forms call their fields, by name."""
MOST_DIGITS = 20


class BadField(Exception):
    """What was typed in a field cannot be read; message says what is right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message

    @property
    def label(self) -> str:
        """What the form calls the field, where its id is its name."""
        return gettext(LABELS[self.field]) if self.field in LABELS else ""


def typed(data: QueryDict, name: str) -> str:
    """What stands in a field; nothing where the form has none of that name."""
    return str(data.get(name) or "")


def kept(data: QueryDict, *left_out: str) -> tuple[tuple[str, str], ...]:
    """All values of the form's fields but some, to be sent again with the command."""
    dropped = {"token", "csrfmiddlewaretoken", *left_out}
    return tuple((name, str(value)) for name, values in data.lists() if name not in dropped for value in values)


def read_seats(text: str, field: str = "seats") -> int:
    """A whole number of licences. Anything else is answered with what is right."""
    cleaned = text.strip().replace("\u00a0", "")
    if not cleaned.isascii() or not cleaned.isdigit() or len(cleaned) > 9 or int(cleaned) > MOST_SEATS:
        raise BadField(field, plain(N_("Enter a whole number, such as 12.")))
    return int(cleaned)


def read_day(text: str) -> date | None:
    """A day of an address, by which something is narrowed; None for what is none, or none that anybody means."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year < 9000 else None


def read_amount(text: str, currency: str, most: int, field: str = "amount") -> int | None:
    """An amount in minor units, at most what is due, as the reader's language writes it; None where nothing is typed.

    What can only mean one thing is taken in the other language's form, too: 12.50 in Dutch, but never 1.250.
    """
    cleaned = re.sub(r"[\s\u00a0\u202f€$£]|EUR|USD|GBP", "", text)
    if not cleaned:
        return None
    group, point = (".", ",") if get_language() == "nl" else (",", ".")
    found = _decimal(cleaned, group, point) or _swapped(cleaned, group)
    example = money(most, currency)
    if found is None:
        raise BadField(field, plain(N_("Enter an amount, such as {sum}."), sum=example))
    try:
        minor = minor_from_text(found, currency)
    except ValueError:
        raise BadField(field, plain(N_("Enter an amount, such as {sum}."), sum=example)) from None
    if minor <= 0 or minor > most:
        raise BadField(field, plain(N_("Enter an amount above zero and at most {sum}."), sum=example))
    return minor


def _decimal(text: str, group: str, point: str) -> str | None:
    """The number in plain form where it is written with these signs; groups are of three digits."""
    form = rf"(\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d{{1,12}})(?:{re.escape(point)}(\d{{1,3}}))?"
    match = re.fullmatch(form, text, re.ASCII)
    if match is None or len(text) > MOST_DIGITS:
        return None
    whole = match[1].replace(group, "")
    return f"{whole}.{match[2]}" if match[2] else whole


def _swapped(text: str, sign: str) -> str | None:
    """A number whose grouping sign stands before one or two last digits: it can only be the point."""
    match = re.fullmatch(rf"(\d{{1,12}}){re.escape(sign)}(\d{{1,2}})", text, re.ASCII)
    return f"{match[1]}.{match[2]}" if match else None


def after(decision: Decision, page: SubscriptionPage) -> Subscription:
    """The subscription as the decision leaves it."""
    return next(new for _, new in decision.subscriptions if new.id == page.row.id)


def fact(decision: Decision, name: str) -> object:
    """A fact of the decision, or None."""
    return dict(decision.facts).get(name)


def on_date(decision: Decision, name: str) -> str:
    """A date among the decision's facts, for a sentence."""
    found = fact(decision, name)
    return long_date(found) if isinstance(found, date) else ""


def read_method(data: QueryDict, page: SubscriptionPage) -> int | None:
    """The chosen payment method's id, where the organisation has it."""
    text = typed(data, "method")
    known = {str(one.id): one.id for one in page.methods}
    return known.get(text)
