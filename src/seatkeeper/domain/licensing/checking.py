"""Who can be given a licence: typed addresses and names and chosen users, checked as `assign_users` will decide.

A fixed number of queries, whether one address was typed or ten thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from seatkeeper.core.catalog.plans import Catalog
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.licensing.models import Assignment
from seatkeeper.domain.licensing.rows import Candidate, UserRow

MOST_FOUND = 20
MOST_SEARCHED = 10
"""So many words are looked up as parts of names; more are taken as a pasted list of whole names."""
MOST_BY_NAME = 300
"""So many are asked for by name; of more, all users of the account are read."""

Held = dict[int, dict[str, date | None]]
"""By user: the products held, each with the day of its suspension."""


class _Person(NamedTuple):
    id: int
    key: str
    name: str
    email: str
    active: bool


_COLUMNS = ("id", "key", "name", "email", "is_active")


def candidates(
    account: int, product: str, catalog: Catalog, *, typed: Iterable[str], users: Iterable[int]
) -> tuple[tuple[Candidate, ...], tuple[UserRow, ...]]:
    """What is known of typed addresses, names and keys and of chosen users; and whom a part of a name may mean.

    A name that several people have is not guessed: all of them are offered.
    """
    wanted = list(dict.fromkeys(one.strip() for one in typed if one.strip()))
    chosen = list(dict.fromkeys(users))
    people = _people(account, wanted, chosen)
    known = _by_text(people, wanted)
    wished = set(chosen)
    picked = {one.id: one for one in people if one.id in wished}
    unclear = [text for text in wanted if len(known.get(text.lower(), ())) != 1]
    several = [text for text in unclear if text.lower() in known]
    offered = _search(account, unclear if len(unclear) <= MOST_SEARCHED else several[:MOST_SEARCHED])
    everyone = {one.id: one for found in known.values() for one in found} | picked
    held = _held(account, product, catalog, list(everyone))
    found: list[Candidate] = []
    seen: set[int] = set()
    for text in wanted:
        matches = known.get(text.lower(), ())
        if len(matches) == 1 and matches[0].id not in seen:
            seen.add(matches[0].id)
            found.append(_outcome(text, matches[0], product, catalog, held))
    found += [_outcome("", picked[id_], product, catalog, held) for id_ in chosen if id_ in picked and id_ not in seen]
    meant = " ".join(f"{one.name} {one.email}".lower() for one in offered)
    found += [Candidate(text, "unknown") for text in unclear if text.lower() not in meant]
    return tuple(found), tuple(one for one in offered if one.user not in seen)


def _people(account: int, wanted: Sequence[str], chosen: Sequence[int]) -> list[_Person]:
    """The users with such a name, address or key, and the chosen ones: one query."""
    if not wanted and not chosen:
        return []
    rows = User.objects.filter(account_id=account)
    if len(wanted) + len(chosen) <= MOST_BY_NAME:
        low = [text.lower() for text in wanted]
        rows = rows.annotate(low_name=Lower("name"), low_email=Lower("email"), low_key=Lower("key")).filter(
            Q(low_email__in=low) | Q(low_name__in=low) | Q(name__in=wanted) | Q(low_key__in=low) | Q(id__in=chosen)
        )
    return [_Person(*row) for row in rows.order_by("id").values_list(*_COLUMNS)]


def _by_text(people: Iterable[_Person], wanted: Iterable[str]) -> dict[str, list[_Person]]:
    """Whom each text means, in small letters: by address, else by key, else everybody of that name."""
    by: tuple[dict[str, list[_Person]], ...] = ({}, {}, {})
    for one in people:
        for index, text in enumerate((one.email, one.key, one.name)):
            by[index].setdefault(text.lower(), []).append(one)
    found = {}
    for text in wanted:
        low = text.lower()
        match = next((index[low] for index in by if low in index), None)
        if match is not None:
            found[low] = match
    return found


def _search(account: int, texts: Sequence[str]) -> list[UserRow]:
    """Active users of whose name or address one of the texts is a part."""
    parts = [text for text in texts if len(text) > 1]
    if not parts:
        return []
    condition = Q()
    for text in parts:
        condition |= Q(name__icontains=text) | Q(email__icontains=text)
    rows = User.objects.filter(condition, account_id=account, is_active=True).order_by("name", "id")
    found = rows.values_list("id", "name", "email")[:MOST_FOUND]
    return [UserRow(id_, name or email, email) for id_, name, email in found]


def _held(account: int, product: str, catalog: Catalog, everyone: list[int]) -> Held:
    products = [product, *catalog.products[product].requires, *catalog.excluded(product)]
    rows = Assignment.objects.filter(account_id=account, product__in=products)
    if len(everyone) <= MOST_BY_NAME:
        rows = rows.filter(user_id__in=everyone)
    held: Held = {}
    for user, one, suspended_on in rows.values_list("user_id", "product", "suspended_on"):
        held.setdefault(user, {})[one] = suspended_on
    return held


def _outcome(typed: str, one: _Person, product: str, catalog: Catalog, held: Held) -> Candidate:
    user, own = UserRow(one.id, one.name or one.email, one.email), held.get(one.id, {})
    if product in own:
        return Candidate(typed, "holds", user)
    if not one.active:
        return Candidate(typed, "inactive", user)
    needed = [name for name in catalog.products[product].requires if name not in own or own[name] is not None]
    lacks = tuple((id_, catalog.products[id_].name) for id_ in needed)
    excluded = tuple((id_, catalog.products[id_].name) for id_ in sorted(catalog.excluded(product)) if id_ in own)
    outcome = "excluded" if excluded else "requires" if lacks else "ok"
    return Candidate(typed, outcome, user, lacks, excluded, any(id_ in own for id_, _ in lacks))


def options(account: int, product: str, text: str, after: str = "") -> tuple[tuple[UserRow, ...], str]:
    """Active users without the product that a typed text may mean, by name; the key of the next ones, or nothing."""
    rows: QuerySet[User] = User.objects.filter(account_id=account, is_active=True)
    for word in text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    rows = rows.exclude(id__in=Assignment.objects.filter(account_id=account, product=product).values("user_id"))
    id_, _, name = after.partition(":")
    if id_.isascii() and id_.isdigit() and len(id_) < 19:
        rows = rows.filter(Q(name__gt=name) | Q(name=name, id__gt=int(id_)))
    found = list(rows.order_by("name", "id").values_list("id", "name", "email")[: MOST_FOUND + 1])
    key = f"{found[MOST_FOUND - 1][0]}:{found[MOST_FOUND - 1][1]}" if len(found) > MOST_FOUND else ""
    return tuple(UserRow(one, name or email, email) for one, name, email in found[:MOST_FOUND]), key


def needing(account: int, products: Mapping[str, str], users: Sequence[int]) -> tuple[tuple[str, str, int], ...]:
    """(id, name, how many) of the products, given by id and name, that some of the users hold: one query."""
    if not products or not users:
        return ()
    chosen = set(users)
    rows = Assignment.objects.filter(account_id=account, product__in=list(products))
    if len(users) <= MOST_BY_NAME:
        rows = rows.filter(user_id__in=list(users))
    counts: dict[str, int] = {}
    for user, product in rows.values_list("user_id", "product"):
        if user in chosen:
            counts[product] = counts.get(product, 0) + 1
    return tuple((id_, name, counts[id_]) for id_, name in products.items() if id_ in counts)
