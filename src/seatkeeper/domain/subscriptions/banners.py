"""The worst thing, above every page: unpaid and disabled, past due, suspended licences (SCREENS.md, Banners).

Pure, on the account's state: its cost does not grow with what the page shows.
"""

from __future__ import annotations

from seatkeeper.core.state import OpenDocument, Subscription
from seatkeeper.core.tables import ACTIVE, DISABLED
from seatkeeper.domain.subscriptions.picture import Shelf, disabled_on, milestone
from seatkeeper.domain.subscriptions.rows import BannerRow
from seatkeeper.kit.refs import reference

DISABLED_UNPAID, PAST_DUE, SUSPENDED = "disabled_unpaid", "past_due", "suspended"


def worst(shelf: Shelf, *, money: bool) -> BannerRow | None:
    """The worst of them, with how many more there are. money: the reader may see what is owed."""
    found = _debts(shelf) if money else []
    found += _suspended(shelf)
    if not found:
        return None
    kind, one = found[0]
    facts = _FACTS[kind](shelf, one) | {"product": _name(shelf, one), "reference": reference(one.id)}
    return BannerRow(kind, facts, more=len(found) - 1)


def _debts(shelf: Shelf) -> list[tuple[str, Subscription]]:
    overdue = shelf.overdue
    owing = {pair[0] for document in overdue for pair in document.covers}
    mine = [one for one in shelf.state.subscriptions.values() if one.id in owing]
    disabled = [(DISABLED_UNPAID, one) for one in mine if one.status == DISABLED and one.reason == "unpaid"]
    return disabled + [(PAST_DUE, one) for one in mine if one.status == ACTIVE]


def _suspended(shelf: Shelf) -> list[tuple[str, Subscription]]:
    """One for each product with an active subscription: only there can licences be added."""
    short = {product for product, pool in shelf.state.pools.items() if pool.suspended}
    of_product: dict[str, Subscription] = {}
    for one in shelf.state.subscriptions.values():
        if one.product in short and one.status == ACTIVE:
            of_product.setdefault(one.product, one)
    return [(SUSPENDED, one) for one in of_product.values()]


def _name(shelf: Shelf, one: Subscription) -> str:
    return shelf.state.catalog.products[one.product].name


def _owed(shelf: Shelf, one: Subscription) -> list[OpenDocument]:
    """What is overdue for a subscription, the oldest first."""
    found = [document for document in shelf.overdue if document.holds(one.id)]
    return sorted(found, key=lambda document: (document.due_on, document.id))


def _debt(shelf: Shelf, one: Subscription) -> dict[str, object]:
    """What the subscription owes, and what the organisation does: all of that is paid from the banner at once."""
    owed = _owed(shelf, one)
    return {
        "sum_minor": sum(document.due_minor for document in owed),
        "invoices": tuple(document.number for document in shelf.overdue),
        "all_minor": sum(document.due_minor for document in shelf.overdue),
    }


def _disabled_unpaid(shelf: Shelf, one: Subscription) -> dict[str, object]:
    until = milestone(shelf, one)
    return _debt(shelf, one) | {"date": one.since, "date2": until.on if until else None}


def _past_due(shelf: Shelf, one: Subscription) -> dict[str, object]:
    owed = _owed(shelf, one)
    pool = shelf.state.pools.get(one.product)
    return _debt(shelf, one) | {
        "days": max((shelf.today - owed[0].due_on).days, 1),
        "date": disabled_on(shelf.state, owed),
        "users": min(pool.assigned, one.seats) if pool is not None else 0,
    }


def _suspension(shelf: Shelf, one: Subscription) -> dict[str, object]:
    pool = shelf.state.pools[one.product]
    return {"n": pool.suspended, "date": pool.remove_on}


_FACTS = {DISABLED_UNPAID: _disabled_unpaid, PAST_DUE: _past_due, SUSPENDED: _suspension}
