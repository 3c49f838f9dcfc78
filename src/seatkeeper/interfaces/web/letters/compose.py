"""From a mail of the outbox to its letter: the one table of kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils import translation

from seatkeeper.core.tables import PERMISSIONS
from seatkeeper.domain.accounts.queries import Organisation, organisation
from seatkeeper.domain.mail.ports import Letter, Told
from seatkeeper.domain.mail.recipients import language_for
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.queries import shelf
from seatkeeper.interfaces.web.letters import life, money, people
from seatkeeper.interfaces.web.letters.sheet import Scene, Sheet, written

KINDS: Mapping[str, Callable[[Scene], Sheet | None]] = {
    "order": life.order,
    "invoice": money.invoice,
    "receipt": money.receipt,
    "credit_note": money.credit_note,
    "payment_failed": money.payment_failed,
    "payment_reminder": money.payment_reminder,
    "disabled_unpaid": money.disabled_unpaid,
    "card_expiring": money.card_expiring,
    "renewal": life.renewal,
    "expiring": life.expiring,
    "trial_ending": life.trial_ending,
    "cancelled": life.cancelled,
    "expired": life.expired,
    "losing_access": life.losing_access,
    "disabled": life.disabled,
    "deletion": life.deletion,
    "deleted": life.deleted,
    "suspended": life.suspended,
    "suspended_removed": life.suspended_removed,
    "will_suspend": life.will_suspend,
    "licence_requested": people.licence_requested,
    "licence_request_approved": people.licence_answered,
    "licence_request_declined": people.licence_answered,
    "invitation": people.invitation,
}


def compose(told: Told, *, language: str | None = None) -> Letter | None:
    """A mail in words as things stand now; None where it is no longer true. language: else its recipients' own."""
    found = organisation(told.account)
    assert found is not None
    return worded(found, shelf(found, PERMISSIONS["owner"]), told, language)


def worded(found: Organisation, seen: Shelf, told: Told, language: str | None) -> Letter | None:
    """The same of an account that was read before."""
    with translation.override(language or language_for(told.account, told.kind, told.facts)):
        scene = Scene(found, seen, told.facts, told.going)
        sheet = KINDS[told.kind](scene)
        return written(sheet, scene) if sheet is not None else None
