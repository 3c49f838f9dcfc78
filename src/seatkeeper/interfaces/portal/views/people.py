"""People and roles: who belongs to the organisation, what each may do, inviting and shutting out."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import ROLES
from seatkeeper.interfaces.portal import calls, mail_calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.views.frame import may, not_there, recently_signed_in, sees
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import long_date
from seatkeeper.interfaces.web.refusals import refusal
from seatkeeper.interfaces.web.text import plain

STATES = {"invited": N_("invited"), "inactive": N_("shut out"), "active": ""}
INVITATION = {
    "sent": N_("The invitation went out on {d}."),
    "dropped": N_("The invitation could not be sent: there was nobody to send it to."),
    "failed": N_("The invitation could not be mailed. Look at the address, then send a new link."),
    "unsure": N_("It is not certain that the invitation arrived. Ask the person, or send a new link."),
}
WAITS = N_("The invitation is on its way.")
TRIED = N_("The invitation could not be mailed yet. It is tried again by itself.")
SAID = {
    "invited": N_("The invitation is on its way."),
    "role": N_("The role is changed."),
    "out": N_("The person is shut out on every device, and the licences are taken back."),
    "in": N_("The person can sign in again."),
}


@sees("subscription.see")
def listing(request: HttpRequest) -> HttpResponse:
    """The people, by name. Users of licences are shown where the role is chosen."""
    role = request.GET.get("role", "")
    search = request.GET.get("search", "")[:100]
    page = calls.people(request, search=search, role=role, after=request.GET.get("after", ""))
    kept = {name: value for name, value in (("role", role), ("search", search)) if value}
    context = {
        "page": page,
        "rows": [(one, gettext(STATES[one.state]) if STATES[one.state] else "") for one in page.rows],
        "roles": [(name, words.word(words.ROLES, name), name == role) for name in ROLES],
        "all_current": role not in ROLES,
        "may": [(words.word(words.ROLES, name), words.word(words.ROLE_MAY, name)) for name in ROLES],
        "search": search,
        "role": role,
        "may_manage": may(request, "user.manage"),
        "reason": None if may(request, "user.manage") else role_reason(request, "user.manage"),
        "said": gettext(SAID[request.GET["said"]]) if request.GET.get("said") in SAID else "",
        "next": f"/account/people?{urlencode({**kept, 'after': page.after})}" if page.after else "",
        "previous": "",
    }
    return render(request, "portal/people.html", context)


@sees("subscription.see")
@recently_signed_in
def invite(request: HttpRequest) -> HttpResponse:
    """The form that invites somebody; by POST the invitation goes out."""
    data = request.POST if request.method == "POST" else request.GET
    fields = {name: data.get(name, "")[:254] for name in ("email", "name", "role", "language")}
    error = None
    if not may(request, "user.manage"):
        error = role_reason(request, "user.manage")
    elif request.method == "POST":
        language = fields["language"] if fields["language"] in dict(settings.LANGUAGES) else "en"
        try:
            calls.give(request, "person.invite", **{**fields, "language": language}, by_mail=True)
        except Refused as refused:
            error = refusal(refused.code, refused.facts)
        else:
            return redirect("/account/people?said=invited")
    context = {
        "data": fields,
        "error": error,
        "failed": error is not None,
        "may_manage": may(request, "user.manage"),
        "roles": _roles(request),
        "languages": settings.LANGUAGES,
    }
    return render(request, "portal/person_invite.html", context, status=422 if request.method == "POST" else 200)


@sees("subscription.see")
@recently_signed_in
def person(request: HttpRequest, user: int) -> HttpResponse:
    """One person: another role, another link, shut out or let in again."""
    row = calls.person(request, user)
    if row is None:
        return not_there(request)
    needs = "user.manage" if row.role == "user" else "role.manage"
    may_manage = may(request, needs)
    error = None if may_manage else role_reason(request, needs)
    if request.method == "POST" and may_manage:
        try:
            said = _do(request, user, request.POST.get("do", ""))
            return redirect(f"/account/people?said={said}" if said else "/account/people")
        except Refused as refused:
            error = refusal(refused.code, refused.facts)
    context = {
        "row": row,
        "state": gettext(STATES[row.state]) if STATES[row.state] else "",
        "data": request.POST if request.method == "POST" else request.GET,
        "error": error,
        "failed": request.method == "POST",
        "may_manage": may_manage,
        "may_roles": may(request, "role.manage"),
        "roles": [(name, words.word(words.ROLES, name), words.word(words.ROLE_MAY, name)) for name in ROLES],
        "held": calls.held_by(request, user),
        "invitation": _invitation(request, user) if row.state == "invited" else "",
    }
    return render(request, "portal/person.html", context, status=422 if request.method == "POST" else 200)


def _do(request: HttpRequest, user: int, do: str) -> str:
    """One action on a person; what to say afterwards."""
    if do == "role":
        calls.give(request, "person.set_role", user=user, role=request.POST.get("role", ""))
        return "role"
    if do == "again":
        calls.give(request, "person.invite_again", user=user, by_mail=True)
        return "invited"
    if do in ("out", "in"):
        calls.give(request, "person.deactivate" if do == "out" else "person.reactivate", user=user)
        return do
    return ""


def _roles(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The roles that the reader may give, each with what it may."""
    given = ROLES if may(request, "role.manage") else ("user",)
    return [(name, words.word(words.ROLES, name), words.word(words.ROLE_MAY, name)) for name in given]


def _invitation(request: HttpRequest, user: int) -> str:
    """What became of the invitation that was mailed to somebody who has not come yet."""
    found = mail_calls.last_invitation(request, user)
    if found is None:
        return ""
    if found.state in INVITATION:
        return plain(INVITATION[found.state], d=long_date(found.at.date()))
    return plain(TRIED if found.tries else WAITS)
