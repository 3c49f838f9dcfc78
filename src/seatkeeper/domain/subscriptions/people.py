"""The people of an organisation: who they are, what they may do, inviting and removing them (DOMAIN.md 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import PERMISSIONS, ROLES
from seatkeeper.domain.accounts.operations import lock
from seatkeeper.domain.accounts.recording import record
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.identity.operations import end_links, end_sessions, make_link
from seatkeeper.domain.licensing.models import Assignment
from seatkeeper.domain.subscriptions import mailing
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.commands import Context
from seatkeeper.kit.tokens import random_token

OWNER, USER = "owner", "user"
INVITATION_LASTS = timedelta(days=7)
PAGE = 50
ADMINISTRATORS = tuple(role for role in ROLES if role != USER)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person on the list. state: active, invited (has not come yet) or inactive."""

    id: int
    name: str
    email: str
    role: str
    state: str
    last_login: datetime | None
    language: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page, by name. after: what the link to the next page names. total: how many match."""

    rows: tuple[PersonRow, ...]
    after: str
    total: int
    owners: int


COLUMNS = ("id", "name", "email", "role", "is_active", "last_login", "language", "invited_at")


def _row(
    id_: int, name: str, email: str, role: str, active: bool, last_login: datetime | None, language: str,
    invited_at: datetime | None,
) -> PersonRow:
    state = "inactive" if not active else "invited" if invited_at is not None and last_login is None else "active"
    return PersonRow(id_, name, email, role, state, last_login, language)


def people_page(account: int, *, search: str = "", role: str = "", after: str = "") -> PeoplePage:
    """The people of an account. role: one of ROLES, or empty for everybody who administers. after: "name\\tid"."""
    found = User.objects.filter(account_id=account)
    found = found.filter(role=role) if role in ROLES else found.filter(role__in=ADMINISTRATORS)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(email__icontains=search))
    total = found.count()
    name, _, last = after.rpartition("\t")
    if last.isascii() and last.isdigit() and len(last) < 19:
        found = found.filter(Q(name__gt=name) | Q(name=name, id__gt=int(last)))
    rows = [_row(*one) for one in found.order_by("name", "id").values_list(*COLUMNS)[: PAGE + 1]]
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    owners = User.objects.filter(account_id=account, role=OWNER, is_active=True).count()
    return PeoplePage(tuple(rows), f"{rows[-1].name}\t{rows[-1].id}" if more else "", total, owners)


def person_row(account: int, user: int) -> PersonRow | None:
    """One person of the account; None for anybody else's."""
    row = User.objects.filter(account_id=account, id=user).values_list(*COLUMNS).first()
    return _row(*row) if row is not None else None


def held_products(account: int, user: int) -> tuple[str, ...]:
    """The products whose licences a person holds."""
    rows = Assignment.objects.filter(account_id=account, user_id=user).order_by("product")
    return tuple(rows.values_list("product", flat=True).distinct())


def needs_for(role: str) -> str:
    """The permission that managing people of a role takes."""
    return "user.manage" if role == USER else "role.manage"


def _require(ctx: Context, *roles: str) -> None:
    for role in roles:
        if role not in ROLES:
            raise Refused("bad_input", field="role")
        needs = needs_for(role)
        if not ctx.actor.may(needs):
            holders = tuple(one for one in ROLES if needs in PERMISSIONS[one])
            raise Refused("not_permitted", needs=needs, roles=holders)


def _own(ctx: Context, user: int) -> User:
    """A person of the account as they are now, under the account's lock."""
    lock([ctx.account])
    found = User.objects.filter(account_id=ctx.account, id=user).first()
    if found is None:
        raise Refused("not_found")
    return found


def _not_the_last_owner(ctx: Context, found: User) -> None:
    """Asked under the account's lock, so that two owners cannot remove each other at once."""
    others = User.objects.filter(account_id=ctx.account, role=OWNER, is_active=True).exclude(id=found.id)
    if found.role == OWNER and found.is_active and not others.exists():
        raise Refused("last_owner")


@transaction.atomic
def invite(
    ctx: Context, *, email: str, name: str, role: str, language: str, by_mail: bool
) -> tuple[int, str]:
    """Add a person who comes by a link; their id and the link's token, which works for a week. See the command."""
    _require(ctx, role)
    address = email.strip().lower()
    if "@" not in address or len(address) > 254 or any(one.isspace() for one in address):
        raise Refused("bad_input", field="email")
    if User.objects.filter(email__iexact=address).exists():
        raise Refused("address_taken")
    made = User(
        account_id=ctx.account, key=random_token()[:22], name=name.strip()[:200], email=address, role=role,
        language=language, invited_at=ctx.now,
    )
    made.set_unusable_password()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # somebody else invited them in this very moment
        raise Refused("address_taken") from None
    record(ctx, "invite_person", {"user": made.id, "role": role})
    return made.id, _way_in(ctx, made.id, by_mail=by_mail)


@transaction.atomic
def invite_again(ctx: Context, *, user: int, by_mail: bool) -> str:
    """A new link for somebody who has not come yet, or has lost their way in; its token."""
    found = _own(ctx, user)
    _require(ctx, found.role)
    record(ctx, "invite_person", {"user": found.id, "role": found.role})
    User.objects.filter(id=found.id).update(invited_at=ctx.now)
    return _way_in(ctx, found.id, by_mail=by_mail)


def _way_in(ctx: Context, user: int, *, by_mail: bool) -> str:
    """The token of a new link; none where the link is mailed, as it is made when that mail goes."""
    if not by_mail:
        return make_link(user, now=system_now(), lasts=INVITATION_LASTS)
    mailing.invite(ctx.account, user, ctx.actor.user, system_now())
    return ""


@transaction.atomic
def set_role(ctx: Context, *, user: int, role: str) -> None:
    """Give a person another role. See the command."""
    found = _own(ctx, user)
    _require(ctx, found.role, role)
    if found.role == role:
        raise Refused("nothing_changes")
    record(ctx, "set_role", {"user": found.id, "before": found.role, "after": role})
    _not_the_last_owner(ctx, found)
    User.objects.filter(id=found.id).update(role=role)


@transaction.atomic
def set_active(ctx: Context, *, user: int, active: bool) -> None:
    """Let a person in, or shut them out at once, on every device. See the commands."""
    found = _own(ctx, user)
    _require(ctx, found.role)
    if found.is_active == active:
        raise Refused("nothing_changes")
    record(ctx, "reactivate_person" if active else "deactivate_person", {"user": found.id})
    if not active:
        _not_the_last_owner(ctx, found)
        end_sessions(found.id)
        end_links(found.id, now=system_now())
        mailing.withdraw_invitations(ctx.account, found.id, system_now())
    User.objects.filter(id=found.id).update(is_active=active)
