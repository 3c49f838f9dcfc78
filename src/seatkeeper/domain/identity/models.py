"""Users of an account (licence holders and administrators alike) and the seller's staff."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail address, as sign-in does."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=username)


class User(AbstractBaseUser):
    """A person of an account, or of the seller (no account). Names and addresses live here and can be erased.

    preferences: how they like to see lists, by name; nothing that decides.
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

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="user_key_once")]
        indexes = [models.Index(fields=["account_id", "name", "id"], name="user_by_name")]


class SignInLink(models.Model):
    """A link that signs a user in once. Only a hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
