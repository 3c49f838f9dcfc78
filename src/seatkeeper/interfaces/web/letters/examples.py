"""A mail of every kind with an account's own data, to look at before one is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import Any

from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import PERMISSIONS
from seatkeeper.domain.accounts.queries import Organisation, organisation
from seatkeeper.domain.licensing.requests import newest
from seatkeeper.domain.mail.ports import Letter, Told
from seatkeeper.domain.mail.queries import facts_of
from seatkeeper.domain.subscriptions.people import people_page
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.queries import shelf
from seatkeeper.interfaces.web.letters.compose import worded

Facts = dict[str, Any]
MOST = 24
"""So many things of an account are tried, likeliest first, until one makes a letter."""


def example(
    found: Organisation, kind: str, *, language: str | None = None, seen: Shelf | None = None
) -> tuple[Letter, Facts] | None:
    """The newest mail of the kind that still is true, else one made up from the account's own things; its facts.

    None where the account has nothing that a mail of the kind could tell of. seen: the account, where a reader who
    sees its money has read it already; the letter is that of an owner all the same.
    """
    seen = as_owner(seen) if seen is not None else shelf(found, PERMISSIONS["owner"])
    for facts in islice(chain(facts_of(found.id, kind), _made_up(seen, kind)), MOST):
        try:
            letter = worded(found, seen, Told(found.id, kind, facts), language)
        except LookupError:  # an example that lacks what this kind tells of
            continue
        if letter is not None:
            return letter, facts
    return None


def as_owner(seen: Shelf) -> Shelf:
    """The same account for a reader who may do everything."""
    return replace(seen, account=replace(seen.account, permissions=PERMISSIONS["owner"]))


def example_facts(account: int, kind: str) -> tuple[Facts, ...]:
    """Facts of the account's own with which a kind of mail can be shown, likeliest first."""
    found = organisation(account)
    assert found is not None
    return tuple(_made_up(shelf(found, PERMISSIONS["owner"]), kind))


def _made_up(seen: Shelf, kind: str) -> Iterator[Facts]:
    state, account = seen.state, seen.account.id
    if kind in ("payment_failed", "payment_reminder", "disabled_unpaid"):
        for document in state.documents:
            yield {"document": document.id, "method": document.method, "reason": "insufficient_funds", "hard": False}
    elif kind in ("suspended", "suspended_removed"):
        for pool in state.pools.values():
            yield {"product": pool.product, "count": max(pool.suspended, 1)}
    elif kind == "card_expiring":
        yield from ({"method": id_} for id_ in state.methods)
    elif kind == "order":
        yield from ({"subscriptions": [id_], "documents": []} for id_ in reversed(state.subscriptions))
    elif kind.startswith("licence_request"):
        yield from ({"request": id_, "user": user, "product": product} for id_, user, product in newest(account))
    elif kind == "invitation":
        people = people_page(account).rows
        by = next((one.id for one in people if one.role == "owner"), None)
        for one in sorted(people, key=lambda person: (person.state != "invited", person.id == by)):
            yield {"user": one.id, "by": by}
    else:
        for found in state.subscriptions.values():
            yield {"subscription": found.id, "on": str(_end(found, seen.today)), "count": 1}


def _end(found: Subscription, today: date) -> date:
    return found.term_end or found.trial_end or today
