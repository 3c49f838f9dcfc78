"""From a mail of the outbox to its letter: the one table of kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import translation

from seatkeeper.core.tables import PERMISSIONS
from seatkeeper.domain.accounts.queries import language_of, organisation
from seatkeeper.domain.mail.ports import Letter, Told
from seatkeeper.domain.subscriptions.queries import shelf
from seatkeeper.interfaces.web.letters import life, money
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
}


def compose(told: Told, *, language: str | None = None) -> Letter | None:
    """A mail in words as things stand now; None where it is no longer true. language: else the account's own."""
    found = organisation(told.account)
    assert found is not None
    with translation.override(language or language_of(told.account)):
        scene = Scene(found, shelf(found, PERMISSIONS["owner"]), told.facts)
        sheet = KINDS[told.kind](scene)
        return written(sheet, scene) if sheet is not None else None


def example_facts(account: int, kind: str) -> tuple[dict[str, Any], ...]:
    """Facts of the account's own with which a kind of mail can be shown, likeliest first."""
    found = organisation(account)
    assert found is not None
    state = shelf(found, PERMISSIONS["owner"]).state
    today = state.today(found.now)
    if kind in ("payment_failed", "payment_reminder", "disabled_unpaid"):
        return tuple(
            {"document": one.id, "method": one.method, "reason": "insufficient_funds", "hard": False}
            for one in state.documents
        )
    if kind in ("suspended", "suspended_removed"):
        return tuple({"product": one.product, "count": max(one.suspended, 1)} for one in state.pools.values())
    if kind == "card_expiring":
        return tuple({"method": id_} for id_ in state.methods)
    if kind == "order":
        return tuple({"subscriptions": [id_], "documents": []} for id_ in reversed(state.subscriptions))
    return tuple(
        {"subscription": one.id, "on": str(_end(one, today)), "count": 1} for one in state.subscriptions.values()
    )


def _end(one: Any, today: date) -> date:
    found: date = one.term_end or one.trial_end or today
    return found
