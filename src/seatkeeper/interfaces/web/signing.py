"""How django-allauth signs people in here: no sign-up, mail by our own port, secrets encrypted in the database."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as L
from django.utils.translation import gettext_noop as N_
from django.utils.translation import override

from seatkeeper.domain.accounts.queries import organisation
from seatkeeper.interfaces.web.letters.ways_in import new_password
from seatkeeper.interfaces.web.post import send
from seatkeeper.interfaces.web.text import plain
from seatkeeper.kit.clock import system_now

RECENT = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


TOO_MANY = L("Too many attempts failed. Wait five minutes, or sign in by a passkey or a link.")
WRONG_CODE = L("This code is not right. Enter the newest one that the app shows.")


class PeopleAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come by invitation. Their only mail from here is the link for a new password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": L("You cannot sign in any more. Ask an owner of your organisation."),
        "email_password_mismatch": L("This address and this password do not belong together. Check both."),
        "enter_current_password": L("This is not the password that you have now."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": L("This is not your password."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The portal's first page."""
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """The page that the person came from, which says that it is done."""
        return "/security?said=password"

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Not within half an hour of the last proof, be it the sign-in itself."""
        return not recently_proved(context.request)

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, object]) -> None:
        """The link for a new password, in the person's language."""
        found = organisation(account) if (account := getattr(user, "account_id", None)) is not None else None
        with override(getattr(user, "language", "en")):
            seller = found.seller_name if found is not None else "Seatkeeper"
            send(email, new_password(seller, email, str(context["password_reset_url"])))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """No other mail of allauth's is used here; one that comes to be sent is a mistake of ours."""
        raise AssertionError(f"unworded mail: {template_prefix}")


class PasswordLinks(PasswordResetTokenGenerator):
    """Links for a new password: over once it was changed, the person signed in, or every session was ended."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.session_salt}"


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes of an app, recovery codes and passkeys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": L("This cannot be turned off."),
        "cannot_generate_recovery_codes": L("Turn on the codes by an app first, or add a passkey."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """The name that a new passkey is offered."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return plain(N_("Passkey {n}"), n=count + 1)

    def get_totp_issuer(self) -> str:
        """What an app shows beside the code."""
        return "Seatkeeper"

    def encrypt(self, text: str) -> str:
        """Secrets of apps and recovery codes are not kept in clear: whoever reads the database cannot use them."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Changes are shown on the page of the person; mail about them is not sent."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a passkey is bound to: the host name."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Seatkeeper"}


def note_proof(request: HttpRequest, method: str) -> None:
    """Note in the session that the person has just proved who they are, in a way that allauth does not know."""
    record_authentication(request, request.user, method)


def recently_proved(request: HttpRequest) -> bool:
    """Whether the person proved who they are within RECENT: by signing in, or by being asked again."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    return bool(records) and system_now() - datetime.fromtimestamp(records[-1]["at"], UTC) < RECENT


def _box() -> Fernet:
    key = hashlib.sha256(b"identity.second-step:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
