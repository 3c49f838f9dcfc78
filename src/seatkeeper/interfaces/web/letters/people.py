"""Letters to and about people: a licence asked for, the answer, an invitation."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.calendar import local_date
from seatkeeper.domain.identity.operations import make_link
from seatkeeper.domain.identity.queries import names
from seatkeeper.domain.licensing.requests import OPEN, RequestRow
from seatkeeper.domain.subscriptions.licences import product_row, requests_of
from seatkeeper.domain.subscriptions.people import INVITATION_LASTS, PersonRow, person_row
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import long_date
from seatkeeper.interfaces.web.letters.sheet import Row, Scene, Sheet
from seatkeeper.interfaces.web.text import plain
from seatkeeper.kit.clock import system_now

TO_YOU = N_("Sent to you as a user of {organisation} by {seller}")
ANSWERS = {"approved": N_("approved"), "declined": N_("declined")}
NO_LINK = "…"
"""Stands in a preview for the token of a link, which is made only for a letter that goes."""


def _request(scene: Scene) -> RequestRow | None:
    """The request that the facts name, where the product is still the account's."""
    product = str(scene.facts["product"])
    if product not in scene.shelf.state.pools:
        return None
    found = requests_of(scene.shelf, product, int(scene.facts["request"]))
    return found[0] if found else None


def _to_you(scene: Scene) -> str:
    return plain(TO_YOU, organisation=scene.organisation.name, seller=scene.organisation.seller_name)


def licence_requested(scene: Scene) -> Sheet | None:
    """Somebody asks for a licence; the link opens the sheet that gives it."""
    found = _request(scene)
    if found is None or found.status != OPEN or not found.active:
        return None
    spare = max(product_row(scene.shelf, found.product).pool.spare, 0)
    values = {"user": found.name, "product": found.product_name, "d": long_date(found.asked_on)}
    lead = N_("{user} asked for a licence of {product} on {d}. One is free: give it, or decline.")
    if not spare:
        lead = N_("{user} asked for a licence of {product} on {d}. None is free: one must be added, or the "
                  "request declined.")
    rows: list[Row] = [(gettext("User"), found.email)]
    if found.note:
        rows.append((gettext("Note"), found.note))
    rows.append((gettext("Available"), str(spare)))
    return Sheet(
        plain(N_("{user} asks for {product}"), **values), plain(lead, **values), tuple(rows), (),
        plain(N_("Answer the request")), f"/licences/{found.product}/requests/{found.id}",
    )


def licence_answered(scene: Scene) -> Sheet | None:
    """The answer, to the user who asked."""
    found = _request(scene)
    if found is None or found.status not in ANSWERS or found.answered_on is None:
        return None
    answer = gettext(ANSWERS[found.status])
    values = {"product": found.product_name, "answer": answer, "who": found.answered_by or scene.organisation.name,
              "d": long_date(found.answered_on)}
    lead = N_("{who} gave you a licence of {product} on {d}. There is nothing you need to do.")
    if found.status != "approved":
        lead = N_("{who} declined your request for {product} on {d}.")
    rows: list[Row] = [(gettext("Asked on"), long_date(found.asked_on))]
    if found.note:
        rows.append((gettext("Your note"), found.note))
    if found.answer:
        rows.append((gettext("Answer"), found.answer))
    return Sheet(
        plain(N_("Your request for {product}: {answer}"), **values), plain(lead, **values), tuple(rows), (),
        plain(N_("View my licences")), "/me", sign_off=_to_you(scene),
    )


def invitation(scene: Scene) -> Sheet | None:
    """The way in for somebody who was invited. The link's token is made here, for a letter that goes, and not kept."""
    user = int(scene.facts["user"])
    found = person_row(scene.organisation.id, user)
    if found is None or found.state == "inactive":
        return None
    by = scene.facts.get("by")
    who = names([int(by)]).get(int(by), "") if by is not None else ""
    now = system_now()
    token = make_link(user, now=now, lasts=INVITATION_LASTS) if scene.going else NO_LINK
    values = {"name": who or scene.organisation.seller_name, "organisation": scene.organisation.name,
              "seller": scene.organisation.seller_name,
              "d": long_date(local_date(now + INVITATION_LASTS, scene.organisation.timezone))}
    lead = N_("{name} invites you to the licences of {organisation}: come in by {d}. The link works once.")
    return Sheet(
        plain(N_("{name} invites you to {organisation}"), **values), plain(lead, **values),
        _role(scene, found), (), plain(N_("Accept the invitation")), f"/sign-in/{token}",
        sign_off=plain(N_("Sent to you by {seller}, as {name} invited you"), **values),
    )


def _role(scene: Scene, found: PersonRow) -> tuple[Row, ...]:
    role = words.word(words.ROLES, found.role)
    return (
        (gettext("Organisation"), scene.organisation.name),
        (gettext("Your e-mail address"), found.email),
        (gettext("Your role"), role[:1].upper() + role[1:]),
        (gettext("This role"), words.word(words.ROLE_MAY, found.role)),
    )
