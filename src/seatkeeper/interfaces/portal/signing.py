"""Addresses of signing in. Those of django-allauth that people reach here have our own; all others are not there."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.urls.resolvers import URLPattern

from seatkeeper.interfaces.portal.views import passkeys, security, session
from seatkeeper.interfaces.portal.views.frame import not_there


def nowhere(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """What allauth names but nobody may use: signing up, other addresses."""
    return not_there(request)


urlpatterns: list[URLPattern] = [
    path("sign-in", account.login, name="account_login"),
    path("sign-in/code", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", passkeys.sign_in, name="mfa_login_webauthn"),
    path("sign-in/closed", account.account_inactive, name="account_inactive"),
    path("sign-in/<str:token>", session.sign_in, name="sign-in-link"),
    path("sign-out", session.sign_out, name="account_logout"),
    path("sign-out/everywhere", security.sign_out_everywhere),
    path("session/stay", security.stay),
    path("password/forgotten", account.password_reset, name="account_reset_password"),
    path("password/forgotten/sent", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$", account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/new", account.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    path("security", security.overview, name="mfa_index"),
    path("security/prove", security.prove),
    path("security/confirm", account.reauthenticate, name="account_reauthenticate"),
    path("security/confirm/code", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("security/confirm/passkey", passkeys.confirm, name="mfa_reauthenticate_webauthn"),
    path("security/password", account.password_change, name="account_change_password"),
    path("security/password/set", account.password_set, name="account_set_password"),
    path("security/app", app.activate_totp, name="mfa_activate_totp"),
    path("security/app/off", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/codes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/codes/new", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/codes.txt", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("security/passkeys", security.overview, name="mfa_list_webauthn"),
    path("security/passkeys/add", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/remove", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("security/passkeys/<int:pk>/name", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("sign-up", nowhere, name="account_signup"),
    path("security/address", nowhere, name="account_email"),
    path("security/address/sent", nowhere, name="account_email_verification_sent"),
]
