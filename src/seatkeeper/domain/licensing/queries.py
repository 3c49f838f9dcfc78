"""What pages read about who holds licences: by key, never by offset, with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from seatkeeper.core.calendar import local_date
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.licensing.models import Assignment, Pool
from seatkeeper.domain.licensing.rows import HolderRow, OwnLicence, Suspended, UserRow

HOLDERS_A_PAGE = 50
MOST_NAMED = 100
MOST_TO_CHOOSE = 25
MOST_BY_ID = 300
SORTS = ("name", "email", "since")
SHOWN: Mapping[str, Mapping[str, bool]] = {
    "all": {}, "active": {"suspended_on__isnull": True}, "suspended": {"suspended_on__isnull": False},
}  # fmt: skip
Held = dict[int, dict[str, date | None]]
"""By user: the products held, each with the day of its suspension."""


def short(account: int) -> QuerySet[Pool]:
    """The account's products of which licences are suspended."""
    return Pool.objects.filter(account_id=account, suspended__gt=0)


def _people(account: int, product: str, search: str, shown: str) -> QuerySet[User]:
    """Users who hold the product and match: each is looked up among the holders, so that a page stops early."""
    own = Assignment.objects.filter(account_id=account, product=product, user_id=OuterRef("id"))
    people = User.objects.filter(account_id=account)
    for word in search.split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return people.filter(Exists(own.filter(**SHOWN.get(shown, {}))))


def holders(
    account: int, product: str, *, names: Mapping[str, str], timezone: str, search: str = "", shown: str = "all",
    sort: str = "name", descending: bool = False, after: str = "", most: int | None = HOLDERS_A_PAGE,
    total: int | None = None,
) -> tuple[tuple[HolderRow, ...], int, str | None]:
    """A page of those who hold a product; how many match in all; the key of the next page.

    names: of products, for what else they hold. after: a key that an earlier page gave. most: None for all.
    total: how many match, where the caller knows without counting.
    """
    people = _people(account, product, search, shown)
    total = people.count() if total is None else total
    limit = None if most is None else most + 1
    if sort == "since":
        rows = _by_age(account, product, people if search.strip() else None, shown, descending, after, limit)
    else:
        column = "email" if sort == "email" else "name"
        sign = "-" if descending else ""
        ordered = _after(people, column, after, descending).order_by(f"{sign}{column}", f"{sign}id")
        rows = list(ordered.values_list("id", "name", "email", F(column))[:limit])
    more = most is not None and len(rows) > most
    rows = rows[:most] if most is not None else rows
    since, held = _assignments(account, product, [row[0] for row in rows], timezone)
    page = tuple(
        HolderRow(
            user=id_,
            name=name or email,
            email=email,
            since=since[id_],
            suspended_on=held[id_][product],
            also=tuple(names.get(one, one) for one in held[id_] if one != product),
        )
        for id_, name, email, _ in rows
        if id_ in since
    )
    return page, total, f"{rows[-1][0]}:{rows[-1][3]}" if more else None


def _by_age(
    account: int, product: str, people: QuerySet[User] | None, shown: str, descending: bool, after: str,
    limit: int | None,
) -> list[tuple[int, str, str, object]]:
    """(id, name, e-mail address, key) by the age of the licence. people: those who match, where some do not."""
    held = Assignment.objects.filter(account_id=account, product=product, **SHOWN.get(shown, {}))
    if people is not None:
        held = held.filter(user_id__in=people.values("id"))
    key = after.partition(":")[2]
    if key.isascii() and key.isdigit() and len(key) < 19:
        held = held.filter(**{f"id__{'lt' if descending else 'gt'}": int(key)})
    pairs = list(held.order_by("-id" if descending else "id").values_list("id", "user_id")[:limit])
    users = User.objects.filter(account_id=account)
    if len(pairs) <= MOST_BY_ID:
        users = users.filter(id__in=[user for _, user in pairs])
    known = {row[0]: row for row in users.values_list("id", "name", "email")}
    return [(*known[user], id_) for id_, user in pairs if user in known]


def _after(people: QuerySet[User], column: str, after: str, descending: bool) -> QuerySet[User]:
    id_, _, text = after.partition(":")
    if not (id_.isascii() and id_.isdigit() and len(id_) < 19):
        return people
    beyond = "lt" if descending else "gt"
    return people.filter(Q(**{f"{column}__{beyond}": text}) | Q(**{column: text, f"id__{beyond}": int(id_)}))


def _assignments(account: int, product: str, users: list[int], timezone: str) -> tuple[dict[int, date], Held]:
    since: dict[int, date] = {}
    held: Held = {}
    rows = Assignment.objects.filter(account_id=account)
    if len(users) <= MOST_BY_ID:
        rows = rows.filter(user_id__in=users)
    columns = ("user_id", "product", "assigned_at", "suspended_on")
    for user, one, at, suspended_on in rows.order_by("id").values_list(*columns):
        held.setdefault(user, {})[one] = suspended_on
        if one == product:
            since[user] = local_date(at, timezone)
    return since, held


def matching(account: int, product: str, *, search: str, shown: str) -> tuple[int, ...]:
    """All holders that match, by name."""
    return tuple(_people(account, product, search, shown).order_by("name", "id").values_list("id", flat=True))


def held_by(account: int, search: str) -> frozenset[str]:
    """The products that users hold whose name or address matches: one query."""
    people = User.objects.filter(account_id=account)
    for word in search.split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    rows = Assignment.objects.filter(account_id=account, user_id__in=people.values("id"))
    return frozenset(rows.values_list("product", flat=True).distinct())


def _named(account: int, ids: Sequence[int]) -> tuple[UserRow, ...]:
    """Users by their ids, in that order."""
    rows = User.objects.filter(account_id=account, id__in=ids).values_list("id", "name", "email")
    known = {id_: UserRow(id_, name or email, email) for id_, name, email in rows}
    return tuple(known[id_] for id_ in ids if id_ in known)


def suspended(account: int, product: str, total: int, remove_on: date | None) -> Suspended | None:
    """Who is suspended, oldest licence first, as they return; None where nobody is. Three queries."""
    if not total:
        return None
    rows = Assignment.objects.filter(account_id=account, product=product, suspended_on__isnull=False)
    since = rows.aggregate(first=Min("suspended_on"))["first"]
    ids = list(rows.order_by("id").values_list("user_id", flat=True)[:MOST_NAMED])
    return Suspended(total, since, remove_on, _named(account, ids))


def newest_active(account: int, product: str, count: int, chosen: Sequence[int]) -> tuple[UserRow, ...]:
    """Whose licence a reduction by `count` will suspend: those chosen first, then the newest. Three queries at most."""
    rows = Assignment.objects.filter(account_id=account, product=product, suspended_on__isnull=True).order_by("-id")
    first = list(rows.filter(user_id__in=list(chosen)).values_list("user_id", flat=True)) if chosen else []
    most = min(count, MOST_NAMED)
    rest = rows.exclude(user_id__in=first) if first else rows
    return _named(account, [*first, *rest.values_list("user_id", flat=True)[:most]][:most])


def to_choose(
    account: int, product: str, *, search: str, chosen: Sequence[int]
) -> tuple[tuple[UserRow, ...], tuple[UserRow, ...], int]:
    """Active holders by name that match, without those chosen; those chosen; how many match in all."""
    people = _people(account, product, search, "active")
    rows = people.exclude(id__in=list(chosen)).order_by("name", "id").values_list("id", "name", "email")
    found = tuple(UserRow(id_, name or email, email) for id_, name, email in rows[:MOST_TO_CHOOSE])
    own = Assignment.objects.filter(account_id=account, product=product, suspended_on__isnull=True)
    kept = list(own.filter(user_id__in=list(chosen)).values_list("user_id", flat=True)) if chosen else []
    return found, _named(account, kept), people.count()


def own_licences(
    account: int, user: int, *, names: Mapping[str, str], timezone: str, working: frozenset[str]
) -> tuple[OwnLicence, ...]:
    """What a user holds, by product. working: the products whose subscriptions give access now."""
    rows = Assignment.objects.filter(account_id=account, user_id=user).order_by("id")
    found = (
        OwnLicence(
            product, names.get(product, product), local_date(at, timezone), suspended_on,
            suspended_on is None and product in working,
        )
        for product, at, suspended_on in rows.values_list("product", "assigned_at", "suspended_on")
    )  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.name))
