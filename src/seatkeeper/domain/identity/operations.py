"""Adding people, and signing in by a link that works once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from seatkeeper.domain.identity.models import SignInLink, User
from seatkeeper.kit.bulk import Table
from seatkeeper.kit.tokens import random_token, token_hash

USERS = Table(User)
LINK_LASTS = timedelta(days=1)


def make_link(user: int, *, now: datetime, lasts: timedelta = LINK_LASTS) -> str:
    """A new token for a sign-in link of a user; it works once, within a day or so. Only its hash is kept."""
    token = random_token()
    SignInLink.objects.create(token_hash=token_hash(token), user_id=user, expires_at=now + lasts)
    return token


def use_link(token: str, *, now: datetime) -> User | None:
    """The active user of a link that was not used yet, which is used up by this; None for any other token."""
    with transaction.atomic():
        used = SignInLink.objects.filter(
            token_hash=token_hash(token), used_at__isnull=True, expires_at__gt=now, user__is_active=True
        ).update(used_at=now)
    if not used:
        return None
    return User.objects.get(signinlink__token_hash=token_hash(token))


def keep_preference(user: int, name: str, value: object) -> None:
    """Keep how a person likes to see something, for the next time and on every device; None: as by default."""
    with transaction.atomic():
        row = User.objects.select_for_update().only("preferences").get(id=user)
        chosen = {**row.preferences, name: value}
        row.preferences = {key: one for key, one in chosen.items() if one is not None}
        row.save(update_fields=["preferences"])


def end_sessions(user: int) -> None:
    """End every session of a person, on every device. Links for a new password end with them."""
    User.objects.filter(id=user).update(session_salt=random_token()[:32])


def end_links(user: int, *, now: datetime) -> None:
    """End every sign-in link of a person that was not used, for good."""
    SignInLink.objects.filter(user_id=user, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)


def find_owner(email: str) -> User:
    """The user of an e-mail address. Raises User.DoesNotExist."""
    return User.objects.get(email=email)


def add_users(account: int, people: Sequence[tuple[str, str, str, str]], *, language: str) -> dict[str, int]:
    """Add people, as (key, name, e-mail address, role), to an account that has none. Returns their ids by key.

    They have no password: they sign in by link.
    """
    columns = (
        "account_id", "key", "name", "email", "role", "language", "is_active", "password", "preferences",
        "session_salt",
    )
    USERS.insert(columns, [(account, *person, language, True, "!", {}, "") for person in people])
    return dict(USERS.select(("key", "id"), [account])) if people else {}
