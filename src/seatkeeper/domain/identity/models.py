"""Users of an account (licence holders and administrators alike) and the seller's staff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail address, as sign-in does."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=username)


class User(AbstractBaseUser):
    """A person of an account, or of the seller (no account). Names and addresses live here and can be erased.

    preferences: how they like to see lists, by name; nothing that decides. session_salt: another one ends every
    session. invited_at: when they were last invited and have not come yet.
    """

    account_id = models.BigIntegerField(null=True)
    seller_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=32, default="user")
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    preferences = models.JSONField(default=dict)
    session_salt = models.CharField(max_length=32, blank=True)
    invited_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: the password and the salt; where either changes, the session is over."""
        return salted_hmac("identity.session", f"{self.password}:{self.session_salt}", algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """No other hash counts."""
        return iter(())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="user_key_once")]
        indexes = [models.Index(fields=["account_id", "name", "id"], name="user_by_name")]


class SignInLink(models.Model):
    """A link that signs a user in once. Only a hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
