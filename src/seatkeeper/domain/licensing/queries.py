"""What pages read about who holds licences, and who can be given one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from seatkeeper.core.calendar import local_date
from seatkeeper.core.catalog.plans import Catalog
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.licensing.models import Assignment, Pool
from seatkeeper.domain.licensing.rows import Candidate, HolderRow, UserRow

HOLDERS_A_PAGE = 50
MOST_FOUND = 20
MOST_SEARCHED = 10
"""So many words are looked up as parts of names; more are taken as a pasted list of whole names."""

Held = dict[int, dict[str, date | None]]
"""By user: the products held, each with the day of its suspension."""


def short(account: int) -> QuerySet[Pool]:
    """The account's products of which licences are suspended."""
    return Pool.objects.filter(account_id=account, suspended__gt=0)


def holders(
    account: int, product: str, *, names: Mapping[str, str], timezone: str, search: str = "", after: str = ""
) -> tuple[tuple[HolderRow, ...], int, str | None]:
    """A page of those who hold a product, by name; how many match in all; the key of the next page.

    names: of products, for what else they hold. after: a key that an earlier page gave.
    """
    assigned = Assignment.objects.filter(account_id=account, product=product)
    people = User.objects.filter(account_id=account, id__in=assigned.values("user_id"))
    for word in search.split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    total = people.count()
    rows = list(_after(people, after).order_by("name", "id").values_list("id", "name", "email")[: HOLDERS_A_PAGE + 1])
    more, rows = len(rows) > HOLDERS_A_PAGE, rows[:HOLDERS_A_PAGE]
    since, held = _assignments(account, product, [row[0] for row in rows], timezone)
    found = tuple(
        HolderRow(
            user=id_,
            name=name or email,
            email=email,
            since=since[id_],
            suspended_on=held[id_][product],
            also=tuple(names.get(one, one) for one in held[id_] if one != product),
        )
        for id_, name, email in rows
        if id_ in since
    )
    return found, total, f"{rows[-1][0]}:{rows[-1][1]}" if more else None


def _after(people: QuerySet[User], after: str) -> QuerySet[User]:
    id_, _, name = after.partition(":")
    if not (id_.isascii() and id_.isdigit() and len(id_) < 19):
        return people
    return people.filter(Q(name__gt=name) | Q(name=name, id__gt=int(id_)))


def _assignments(account: int, product: str, users: list[int], timezone: str) -> tuple[dict[int, date], Held]:
    since: dict[int, date] = {}
    held: Held = {}
    rows = Assignment.objects.filter(account_id=account, user_id__in=users).order_by("id")
    for user, one, at, suspended_on in rows.values_list("user_id", "product", "assigned_at", "suspended_on"):
        held.setdefault(user, {})[one] = suspended_on
        if one == product:
            since[user] = local_date(at, timezone)
    return since, held


def candidates(
    account: int, product: str, catalog: Catalog, *, typed: Iterable[str], users: Iterable[int]
) -> tuple[tuple[Candidate, ...], tuple[UserRow, ...]]:
    """What is known of typed addresses and names and of chosen users; and whom a part of a name may mean.

    Four queries, however many were typed. A name that several people have is not guessed: all of them are offered.
    """
    wanted = list(dict.fromkeys(one.strip() for one in typed if one.strip()))
    people = User.objects.filter(account_id=account)
    known = _by_name_or_address(people, wanted)
    chosen = {one.id: one for one in people.filter(id__in=list(users))}
    unclear = [text for text in wanted if len(known.get(text.lower(), ())) != 1]
    offered = _search(people, unclear)
    everyone = {one.id: one for found in known.values() for one in found} | chosen
    held = _held(account, product, catalog, everyone)
    found = [
        Candidate(text, *_outcome(known[text.lower()][0], product, catalog, held))
        for text in wanted
        if len(known.get(text.lower(), ())) == 1
    ]
    found += [Candidate("", *_outcome(one, product, catalog, held)) for one in chosen.values()]
    meant = " ".join(f"{one.name} {one.email}".lower() for one in offered)
    found += [Candidate(text, "unknown") for text in unclear if text.lower() not in meant]
    taken = {one.user.user for one in found if one.user is not None and one.typed}
    return tuple(found), tuple(_user(one) for one in offered if one.id not in taken)


def _user(one: User) -> UserRow:
    return UserRow(one.id, one.name or one.email, one.email)


def _by_name_or_address(people: QuerySet[User], wanted: list[str]) -> dict[str, list[User]]:
    """The users with exactly such a name or address, by what was typed in small letters."""
    low = [text.lower() for text in wanted]
    if not low:
        return {}
    rows = people.annotate(low_name=Lower("name"), low_email=Lower("email"))
    found: dict[str, list[User]] = {}
    for one in rows.filter(Q(low_email__in=low) | Q(low_name__in=low)).order_by("id"):
        for text in {one.email.lower(), one.name.lower()}:
            found.setdefault(text, []).append(one)
    return found


def _search(people: QuerySet[User], texts: list[str]) -> list[User]:
    """Active users of whose name or address one of the texts is a part."""
    parts = [text for text in texts[:MOST_SEARCHED] if len(text) > 1]
    if not parts:
        return []
    condition = Q()
    for text in parts:
        condition |= Q(name__icontains=text) | Q(email__icontains=text)
    return list(people.filter(condition, is_active=True).order_by("name", "id")[:MOST_FOUND])


def _held(account: int, product: str, catalog: Catalog, everyone: Mapping[int, User]) -> Held:
    products = [product, *catalog.products[product].requires, *catalog.excluded(product)]
    rows = Assignment.objects.filter(account_id=account, user_id__in=list(everyone), product__in=products)
    held: Held = {}
    for user, one, suspended_on in rows.values_list("user_id", "product", "suspended_on"):
        held.setdefault(user, {})[one] = suspended_on
    return held


def _outcome(one: User, product: str, catalog: Catalog, held: Held) -> tuple[str, UserRow, str]:
    """(outcome, user, the other product's name), as `assign_users` of the core decides."""
    user, own = _user(one), held.get(one.id, {})
    if product in own:
        return "holds", user, ""
    if not one.is_active:
        return "inactive", user, ""
    for required in catalog.products[product].requires:
        if required not in own or own[required] is not None:
            return "requires", user, catalog.products[required].name
    for excluded in sorted(catalog.excluded(product)):
        if excluded in own:
            return "excluded", user, catalog.products[excluded].name
    return "ok", user, ""
