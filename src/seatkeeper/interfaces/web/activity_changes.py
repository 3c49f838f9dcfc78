"""What an event changed, field by field, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.subscriptions.activity import ActivityRow
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import country, number

FIELD_WORDS: Mapping[str, str] = {
    "plan": N_("Plan"),
    "status": N_("Status"),
    "seats": N_("Licences"),
    "recurring": N_("Recurring billing"),
    "booked_seats": N_("Booked licences"),
    "booked_plan": N_("Booked plan"),
    "country": N_("Country"),
    "language": N_("Language of invoices"),
    "timezone": N_("Time zone"),
    "currency": N_("Currency"),
    "renewal_days": N_("Days before a renewal"),
    "licences_below": N_("Few licences left"),
    "terms_days": N_("Days of payment terms"),
    "recipients": N_("Recipients"),
    "role": N_("Role"),
}


def differences(row: ActivityRow) -> list[tuple[str, str, str]]:
    """(label, before, after) of what an event changed and both sides are known of."""
    was, now = row.facts.get("was", {}), row.facts.get("is", {})
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        return []
    return [
        (gettext(FIELD_WORDS[name]), _value(row, name, was[name]), _value(row, name, now[name]))
        for name in was
        if name in FIELD_WORDS and name in now
    ]


def _value(row: ActivityRow, name: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    text = str(value)
    if name in ("plan", "booked_plan"):
        return row.plans.get(text, text)
    if name == "status" and text in words.STATUS:
        return gettext(words.STATUS[text].words)
    if name == "recurring" and text in words.RECURRING:
        return gettext(words.RECURRING[text])
    if name == "role" and text in words.ROLES:
        return gettext(words.ROLES[text])
    if name == "country":
        return country(text)
    return number(value) if isinstance(value, int) else text
