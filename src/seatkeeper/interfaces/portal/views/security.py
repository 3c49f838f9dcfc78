"""Sign-in and security: a person's password, second step, passkeys and sessions. The forms are django-allauth's."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from seatkeeper.domain.identity.queries import person_of
from seatkeeper.interfaces.portal.views.frame import sees_any
from seatkeeper.interfaces.web import session
from seatkeeper.interfaces.web.context import Reader
from seatkeeper.interfaces.web.letters.ways_in import sign_in_link
from seatkeeper.interfaces.web.post import send
from seatkeeper.interfaces.web.signing import recently_proved


@sees_any
def overview(request: HttpRequest) -> HttpResponse:
    """What a person signs in with, and how to change it."""
    own = Authenticator.objects.filter(user_id=session.signed(request).ctx.actor.user).order_by("id")
    found: Mapping[str, list[Authenticator]] = {
        kind: [one for one in own if one.type == kind] for kind in Authenticator.Type.values
    }
    known = person_of(request.user)
    context = {
        "app": found["totp"],
        "codes": found["recovery_codes"],
        "passkeys": [(one, one.wrap().name) for one in found["webauthn"]],
        "has_password": known is not None and known.has_password,
        "said": request.GET.get("said", ""),
    }
    return render(request, "portal/security.html", context)


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the person, on every device."""
    if getattr(request, "reader", None) is not None:
        session.sign_out_everywhere(request)
    return redirect("/sign-in?said=everywhere")


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """The session goes on for as long again."""
    if getattr(request, "reader", None) is None:
        return HttpResponse(status=401)
    request.session.modified = True
    return HttpResponse(status=204)


@sees_any
def prove(request: HttpRequest) -> HttpResponse:
    """Asks for a proof of who it is, in whichever way the person has; then back to where they came from."""
    back = request.GET.get("next", "/")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = "/"
    if recently_proved(request):
        return redirect(back)
    flows = [one["id"] for one in get_reauthentication_flows(request.user)]
    if flows:
        name = {"reauthenticate": "/security/confirm", "mfa_reauthenticate": "/security/confirm/code"}[flows[0]]
        return redirect(f"{name}?{urlencode({'next': back})}")
    sent = request.method == "POST"
    if sent:
        path = session.fresh_link(request)
        reader: Reader = request.reader  # type: ignore[attr-defined]
        send(reader.email, sign_in_link(reader.seller, request.build_absolute_uri(path)))
    return render(request, "portal/prove.html", {"sent": sent, "next": back})
