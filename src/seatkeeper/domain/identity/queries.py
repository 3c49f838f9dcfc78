"""Who people are, for the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from seatkeeper.core.tables import PERMISSIONS
from seatkeeper.domain.identity.models import User

MOST_NAMES = 5
"""So many administrators are named where a page says who can help."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user of an account as the session knows them. preferences: see `operations.keep_preference`."""

    id: int
    name: str
    email: str
    role: str
    language: str
    account: int | None
    preferences: Mapping[str, Any] = field(default_factory=dict)
    has_password: bool = False
    invited: bool = False


def person_of(user: object) -> Person | None:
    """An active user whom the session knows, or None for anybody else."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return Person(
        user.id, user.name, user.email, user.role, user.language, user.account_id, user.preferences,
        has_password=user.has_usable_password(), invited=user.invited_at is not None,
    )


def person(user: int) -> Person | None:
    """An active user, or None."""
    return person_of(User.objects.filter(id=user).first())


def names(users: Iterable[int]) -> dict[int, str]:
    """Names by user id; of a user without one, the address."""
    wanted = set(users)
    if not wanted:
        return {}
    rows = User.objects.filter(id__in=wanted).values_list("id", "name", "email")
    return {id_: name or email for id_, name, email in rows}


def addresses_with(account: int, permission: str) -> tuple[tuple[str, str], ...]:
    """(name, e-mail address) of the first few people of the account whose role has a permission."""
    roles = [role for role, held in PERMISSIONS.items() if permission in held and role != "seller"]
    rows = User.objects.filter(account_id=account, role__in=roles, is_active=True).order_by("id")
    return tuple((name or email, email) for name, email in rows.values_list("name", "email")[:MOST_NAMES])
