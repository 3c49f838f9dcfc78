"""The worst thing, above every page (SCREENS.md, Banners): unpaid and disabled, past due, a declined charge that is
tried again or is not, suspended licences, a card that ends before its next charge.

Pure, on the account's state: its cost does not grow with what the page shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from seatkeeper.core.forecast import charges, documents
from seatkeeper.core.payments.tries import next_try_on
from seatkeeper.core.settle import next_charge
from seatkeeper.core.state import OpenDocument, Subscription
from seatkeeper.core.tables import ACTIVE, CHARGED_AT_ONCE, DISABLED
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.picture import Shelf, disabled_on, milestone
from seatkeeper.domain.subscriptions.rows import BannerRow
from seatkeeper.kit.refs import reference

DISABLED_UNPAID, PAST_DUE, HARD, FAILED, SUSPENDED, CARD_EXPIRES = (
    "disabled_unpaid", "past_due", "hard_decline", "failed", "suspended", "card_expires",
)
CARD_DAYS = 60
"""So many days before a card expires it is named, where it will be charged afterwards."""


class _Found(NamedTuple):
    """One thing: its kind, and what it is about."""

    kind: str
    about: Subscription | OpenDocument | MethodRow


def worst(shelf: Shelf, *, money: bool) -> BannerRow | None:
    """The worst of them, with how many more there are. money: the reader may see what is owed."""
    found = [*(_debts(shelf) if money else ()), *_suspended(shelf), *(_cards(shelf) if money else ())]
    if not found:
        return None
    kind, about = found[0]
    if isinstance(about, Subscription):
        facts = _FACTS[kind](shelf, about) | {"product": _name(shelf, about), "reference": reference(about.id)}
    elif isinstance(about, OpenDocument):
        facts = _declined(shelf, about)
    else:
        facts = _ending(shelf, about)
    return BannerRow(kind, facts, more=len(found) - 1)


def _debts(shelf: Shelf) -> list[_Found]:
    """What is owed: until the first step of the table a declined charge is told of, then what it will lead to."""
    declined = {one.id: kind for one in shelf.overdue if (kind := _stage(shelf, one)) is not None}
    owing = {pair[0] for document in shelf.overdue if document.id not in declined for pair in document.covers}
    mine = [one for one in shelf.state.subscriptions.values() if one.id in owing]
    disabled = [_Found(DISABLED_UNPAID, one) for one in mine if one.status == DISABLED and one.reason == "unpaid"]
    late = [_Found(PAST_DUE, one) for one in mine if one.status == ACTIVE]
    early = [_Found(kind, one) for kind in (HARD, FAILED) for one in shelf.overdue if declined.get(one.id) == kind]
    return disabled + late + early


def _stage(shelf: Shelf, document: OpenDocument) -> str | None:
    """Whether the invoice's charge was declined just now, and is tried again by itself or not."""
    method = shelf.state.methods.get(document.method) if document.method is not None else None
    if document.steps_done or document.overdue_from is None or method is None or method.kind not in CHARGED_AT_ONCE:
        return None
    if next_try_on(shelf.state, document) is not None:
        return FAILED
    return HARD if document.blocked or method.blocked else None


def _suspended(shelf: Shelf) -> list[_Found]:
    """One for each product with an active subscription: only there can licences be added."""
    short = {product for product, pool in shelf.state.pools.items() if pool.suspended}
    of_product: dict[str, Subscription] = {}
    for one in shelf.state.subscriptions.values():
        if one.product in short and one.status == ACTIVE:
            of_product.setdefault(one.product, one)
    return [_Found(SUSPENDED, one) for one in of_product.values()]


def _cards(shelf: Shelf) -> list[_Found]:
    """Cards whose last day comes before their next charge."""
    until = shelf.today + timedelta(days=CARD_DAYS)
    ending = [one for one in shelf.methods.values() if one.expires_on is not None and one.expires_on <= until]
    return [_Found(CARD_EXPIRES, one) for one in ending if not one.blocked and _ending(shelf, one)]


def _paid_by(shelf: Shelf, method: MethodRow) -> Iterable[Subscription]:
    return (one for one in shelf.state.subscriptions.values() if one.method == method.id)


def _ending(shelf: Shelf, method: MethodRow) -> dict[str, object]:
    """The card's next charge, where it comes after its last day; nothing where it does not. Worked out once."""
    key = ("ending", method.id)
    if key not in shelf.memo:
        shelf.memo[key] = _worked_out(shelf, method)
    found: dict[str, object] = shelf.memo[key]
    return found


def _worked_out(shelf: Shelf, method: MethodRow) -> dict[str, object]:
    state, paid = shelf.state, list(_paid_by(shelf, method))
    first = min((found.on for one in paid if (found := next_charge(state, one)) is not None), default=None)
    if first is None or method.expires_on is None or first <= method.expires_on:
        return {}
    coming = (charge for one in paid for charge in charges(state, one, until=first + timedelta(days=1)))
    total = sum(one.gross_minor for one in documents(state, coming))
    return {
        "method": method, "sum_minor": total, "date": first, "month": method.expires_on,
        "past": method.expires_on < shelf.today,
    }


def _name(shelf: Shelf, one: Subscription) -> str:
    return shelf.state.catalog.products[one.product].name


def _owed(shelf: Shelf, one: Subscription) -> list[OpenDocument]:
    """What is overdue for a subscription, the oldest first."""
    found = [document for document in shelf.overdue if document.holds(one.id)]
    return sorted(found, key=lambda document: (document.due_on, document.id))


def _debt(shelf: Shelf, owed: list[OpenDocument]) -> dict[str, object]:
    """What these come to, and what the organisation owes: all of that is paid from the banner at once."""
    return {
        "sum_minor": sum(document.due_minor for document in owed),
        "invoices": tuple(document.number for document in shelf.overdue),
        "all_minor": sum(document.due_minor for document in shelf.overdue),
    }


def _declined(shelf: Shelf, document: OpenDocument) -> dict[str, object]:
    """An invoice whose charge was declined. pays: whether its method pays for anything else."""
    method = shelf.methods.get(document.method) if document.method is not None else None
    return _debt(shelf, [document]) | {
        "document": document.id, "invoice": document.number, "method": method, "method_id": document.method,
        "pays": method is not None and method.pays > 0, "date": next_try_on(shelf.state, document),
    }


def _disabled_unpaid(shelf: Shelf, one: Subscription) -> dict[str, object]:
    until = milestone(shelf, one)
    return _debt(shelf, _owed(shelf, one)) | {"date": one.since, "date2": until.on if until else None}


def _past_due(shelf: Shelf, one: Subscription) -> dict[str, object]:
    owed = _owed(shelf, one)
    pool = shelf.state.pools.get(one.product)
    return _debt(shelf, owed) | {
        "days": max((shelf.today - owed[0].due_on).days, 1),
        "date": disabled_on(shelf.state, owed),
        "users": min(pool.assigned, one.seats) if pool is not None else 0,
    }


def _suspension(shelf: Shelf, one: Subscription) -> dict[str, object]:
    pool = shelf.state.pools[one.product]
    return {"n": pool.suspended, "date": pool.remove_on}


_FACTS = {DISABLED_UNPAID: _disabled_unpaid, PAST_DUE: _past_due, SUSPENDED: _suspension}
