"""The commands on people: invite, invite_again, set_role, deactivate, reactivate."""

from __future__ import annotations

from django.db import transaction

from seatkeeper.domain.subscriptions import people
from seatkeeper.domain.subscriptions.commands.unassign import unassign
from seatkeeper.domain.subscriptions.execution import bring_up_to_date
from seatkeeper.kit.commands import Context, command


@command("person.invite", needs="user.manage")
def invite(
    ctx: Context, *, email: str, name: str = "", role: str = "user", language: str = "en", by_mail: bool = False
) -> tuple[int, str]:
    """Add a person to the organisation, who comes by a link that works for a week. Returns their id and its token.

    role: any but user needs role.manage. by_mail: the outbox sends the link, and no token is returned.
    Refused: not_permitted, bad_input, address_taken (wherever it is used).
    """
    return people.invite(ctx, email=email, name=name, role=role, language=language, by_mail=by_mail)


@command("person.invite_again", needs="user.manage")
def invite_again(ctx: Context, *, user: int, by_mail: bool = False) -> str:
    """Make another link for a person; the token, empty where it goes by_mail. Refused: not_permitted, not_found."""
    return people.invite_again(ctx, user=user, by_mail=by_mail)


@command("person.set_role", needs="role.manage")
def set_role(ctx: Context, *, user: int, role: str) -> None:
    """Give a person another role, from now on. Refused: not_found, bad_input, nothing_changes, last_owner."""
    people.set_role(ctx, user=user, role=role)


@command("person.deactivate", needs="user.manage")
def deactivate(ctx: Context, *, user: int) -> None:
    """Shut a person out at once, on every device, and take the licences back that they hold.

    Refused: not_permitted, not_found, nothing_changes, last_owner; then nothing has changed.
    """
    bring_up_to_date(ctx)  # before the transaction: what is due may charge
    with transaction.atomic():
        people.set_active(ctx, user=user, active=False)
        for product in people.held_products(ctx.account, user):
            unassign(ctx, product=product, users=(user,))


@command("person.reactivate", needs="user.manage")
def reactivate(ctx: Context, *, user: int) -> None:
    """Let a person in again; licences are assigned anew. Refused: not_permitted, not_found, nothing_changes."""
    people.set_active(ctx, user=user, active=True)
