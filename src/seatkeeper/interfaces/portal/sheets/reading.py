"""Reading a sheet's form, and what every action asks of a decision."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import MOST_SEATS
from seatkeeper.domain.subscriptions.rows import SubscriptionPage
from seatkeeper.interfaces.web.formatting import long_date
from seatkeeper.interfaces.web.text import plain

Arguments = dict[str, object]
LABELS = {
    "seats": N_("Licences"),
    "start_on": N_("Start date"),
    "purchase_order": N_("Purchase order number"),
    "assign": N_("Assign licences"),
}
"""What forms call their fields, by name."""


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


def kept(data: QueryDict) -> tuple[tuple[str, str], ...]:
    """The form's fields, to be sent again with the command."""
    return tuple((name, typed(data, name)) for name in data if name not in ("token", "csrfmiddlewaretoken"))


def read_seats(text: str, field: str = "seats") -> int:
    """A whole number of licences. Anything else is answered with what is right."""
    cleaned = text.strip().replace("\u00a0", "")
    if not cleaned.isascii() or not cleaned.isdigit() or len(cleaned) > 9 or int(cleaned) > MOST_SEATS:
        raise BadField(field, plain(N_("Enter a whole number, such as 12.")))
    return int(cleaned)


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
