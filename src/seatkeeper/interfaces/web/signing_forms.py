"""The forms of signing in: django-allauth's, with our words beside every field, and what password managers look for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop as N_

from seatkeeper.interfaces.web import passwords
from seatkeeper.interfaces.web.text import plain

NO_ADDRESS = N_("Enter your e-mail address.")
WRONG_ADDRESS = N_("Enter a full e-mail address, such as name@example.com.")
DIFFERENT = N_("The two passwords differ. Type the new one again.")
NOT_MADE = N_("The passkey was not made. Try again.")
NOT_ACCEPTED = N_("The passkey was not accepted. Try again.")
TOO_LONG = N_("Shorten it to {n} characters.")
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a field. missing: where it is left empty; wrong: where it is of another form; attributes: of it."""

    label: str
    missing: str = ""
    wrong: str = ""
    hint: Callable[[], str] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


class Worded(forms.Form):
    """A form whose fields get the words in SAID, in the reader's language."""

    SAID: ClassVar[Mapping[str, Said]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, said in self.SAID.items():
            found = self.fields[name]
            found.label = plain(said.label)
            found.help_text = said.hint() if said.hint else ""
            words = (("required", said.missing), ("invalid", said.wrong))
            found.error_messages.update({code: plain(sentence) for code, sentence in words if sentence})
            found.widget.attrs.pop("placeholder", None)
            found.widget.attrs.update(said.attributes)

    def add_error(self, name: str | None, error: Any) -> None:
        """The one sentence that the mixin of the password forms has in its code is said in ours."""
        if name == "password2" and not isinstance(error, ValidationError):
            error = plain(DIFFERENT)
        super().add_error(name, error)


ADDRESS = N_("E-mail address")
PASSWORD = N_("Password")
NEW = Said(N_("New password"), N_("Choose a new password."), hint=passwords.hint)
AGAIN = Said(N_("New password again"), N_("Type the new password again."))
TYPED = {"inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}
CODE = Said(N_("Code"), N_("Enter the code."), attributes=TYPED)


class SignIn(Worded, account.LoginForm):  # type: ignore[misc]
    """Address and password."""

    SAID = {
        "login": Said(ADDRESS, NO_ADDRESS, WRONG_ADDRESS, attributes={"autocomplete": "username"}),
        "password": Said(PASSWORD, N_("Enter your password.")),
    }


class Forgotten(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    """Asks for a link for a new password."""

    SAID = {"email": Said(ADDRESS, NO_ADDRESS, WRONG_ADDRESS)}


class NewPassword(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password by such a link."""

    SAID = {"password1": NEW, "password2": AGAIN}


class FirstPassword(Worded, account.SetPasswordForm):  # type: ignore[misc]
    """The first password of somebody who came by a link."""

    SAID = {
        "password1": Said(PASSWORD, N_("Choose a password."), hint=passwords.hint),
        "password2": Said(N_("Password again"), N_("Type the password again.")),
    }


class ChangedPassword(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """Another password."""

    SAID = {
        "oldpassword": Said(N_("Current password"), N_("Enter the password that you have now.")),
        "password1": NEW,
        "password2": AGAIN,
    }


class ConfirmByPassword(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    """The password again."""

    SAID = {"password": Said(PASSWORD, N_("Enter your password."))}


class Pasted:
    """Codes are taken as apps show and people paste them: with spaces, too."""

    cleaned_data: dict[str, Any]

    def clean_code(self) -> Any:
        """Without spaces, then as ever."""
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        return super().clean_code()  # type: ignore[misc]


class SecondStep(Pasted, Worded, codes.AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code, after the password."""

    SAID = {"code": CODE}


class ConfirmByCode(Pasted, Worded, codes.ReauthenticateForm):  # type: ignore[misc]
    """A code again."""

    SAID = {"code": CODE}


class TurnOnApp(Pasted, Worded, app.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app."""

    SAID = {"code": Said(N_("Code of the app"), N_("Enter the code that the app shows."), attributes=TYPED)}


NAME = Said(N_("Name"), N_("Enter a name."), attributes={"maxlength": str(LONGEST_NAME), "autocomplete": "off"})


class Named(Worded):
    """A passkey with a name of a sensible length."""

    def clean_name(self) -> str:
        """As allauth takes it, and not too long."""
        mine = getattr(super(), "clean_name", None)
        name: str = mine() if mine is not None else self.cleaned_data["name"]
        if len(name) > LONGEST_NAME:
            raise ValidationError(plain(TOO_LONG, n=LONGEST_NAME))
        return name


class AddPasskey(Named, passkeys.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    SAID = {
        "name": NAME,
        "credential": Said(N_("Passkey"), NOT_MADE, NOT_MADE),
        "passwordless": Said(N_("Sign in with it alone, without a password")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True

    def clean(self) -> Any:
        """What a device answers is taken apart elsewhere; whatever is wrong with it, it is said in one sentence."""
        try:
            return super().clean()
        except (ValidationError, KeyError, TypeError, ValueError):
            raise ValidationError(plain(NOT_MADE)) from None


class RenamePasskey(Named, passkeys.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    SAID = {"name": NAME}


class _Accepted(Worded):
    """A passkey that is asked for."""

    SAID = {"credential": Said(N_("Passkey"), NOT_ACCEPTED, NOT_ACCEPTED)}

    def clean_credential(self) -> Any:
        """As with AddPasskey; too many attempts are said as such."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise
        except (KeyError, TypeError, ValueError):
            pass
        raise ValidationError(plain(NOT_ACCEPTED))


class SignInByPasskey(_Accepted, passkeys.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey in place of a password."""


class SecondStepByPasskey(_Accepted, passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey in place of a code."""


class ConfirmByPasskey(_Accepted, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey again."""
