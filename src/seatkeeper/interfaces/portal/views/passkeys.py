"""django-allauth's views of passkeys, where one that is not accepted leads to a page that says so, and back."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.mfa.webauthn import views as passkeys
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect


class SignIn(passkeys.LoginWebAuthnView):  # type: ignore[misc]
    """A passkey in place of a password."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """The sign-in page again, on the way to where one was going."""
        kept = {"next": self.request.POST["next"]} if self.request.POST.get("next") else {}
        return redirect(f"/sign-in?{urlencode({'said': 'passkey', **kept})}")


class Confirm(passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey as a proof of who it is."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """The same page, which says so."""
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return answer


sign_in = SignIn.as_view()
confirm = Confirm.as_view()
