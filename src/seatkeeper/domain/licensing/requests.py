"""Requests for licences: asked by a user, answered once, or withdrawn. Written in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from seatkeeper.core.calendar import local_date
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.licensing.models import Assignment, LicenceRequest

OPEN, APPROVED, DECLINED, WITHDRAWN = "open", "approved", "declined", "withdrawn"
LONGEST_NOTE = 500
MOST_SHOWN = 100
"""So many requests stand on a page; those that wait longest come first."""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as a page shows it. holds: the user has the product by now; active: the user is."""

    id: int
    user: int
    name: str
    email: str
    product: str
    product_name: str
    status: str
    note: str
    asked_on: date
    answer: str = ""
    answered_on: date | None = None
    answered_by: str = ""
    holds: bool = False
    active: bool = True


def ask(account: int, user: int, product: str, note: str, now: datetime, timezone: str) -> int:
    """Keep a request. Refused: already_requested, already_held, bad_input (too long a note)."""
    if len(note) > LONGEST_NOTE:
        raise Refused("bad_input", field="note")
    if Assignment.objects.filter(account_id=account, user_id=user, product=product).exists():
        raise Refused("already_held", product=product)
    before = LicenceRequest.objects.filter(account_id=account, user_id=user, product=product, status=OPEN).first()
    if before is not None:
        raise Refused("already_requested", product=product, date=local_date(before.asked_at, timezone))
    row = LicenceRequest(account_id=account, user_id=user, product=product, note=note.strip(), asked_at=now)
    row.save(force_insert=True)
    return row.pk


def find(account: int, request: int, *, user: int | None = None) -> LicenceRequest:
    """An open request of the account, and of that user where one is named. Refused: not_found, request_closed."""
    found = LicenceRequest.objects.filter(account_id=account, id=request)
    row = (found if user is None else found.filter(user_id=user)).first()
    if row is None:
        raise Refused("not_found")
    if row.status != OPEN:
        raise Refused("request_closed", status=row.status)
    return row


def close(row: LicenceRequest, status: str, now: datetime, *, by: int | None = None, answer: str = "") -> None:
    """Answer or withdraw a request that is still open. Refused: request_closed, bad_input (too long an answer)."""
    if len(answer) > LONGEST_NOTE:
        raise Refused("bad_input", field="note")
    changed = LicenceRequest.objects.filter(id=row.pk, status=OPEN).update(
        status=status, answered_at=now, answered_by=by, answer=answer.strip()
    )
    if not changed:
        raise Refused("request_closed", status=LicenceRequest.objects.get(id=row.pk).status)


def open_counts(account: int) -> dict[str, int]:
    """How many requests wait, by product: one query."""
    rows = LicenceRequest.objects.filter(account_id=account, status=OPEN).values("product").order_by()
    return dict(rows.annotate(waiting=Count("id")).values_list("product", "waiting"))


def newest(account: int, *, most: int = 20) -> tuple[tuple[int, int, str], ...]:
    """(request, user, product) of the newest requests."""
    rows = LicenceRequest.objects.filter(account_id=account).order_by("-id")
    return tuple(rows.values_list("id", "user_id", "product")[:most])


def requests(
    account: int, *, names: dict[str, str], timezone: str, product: str = "", user: int | None = None,
    request: int | None = None,
) -> tuple[RequestRow, ...]:
    """Requests for a product, of a user, or one: those that wait first, then the newest. Three queries."""
    found = LicenceRequest.objects.filter(account_id=account)
    if product:
        found = found.filter(product=product)
    if user is not None:
        found = found.filter(user_id=user)
    if request is not None:
        found = found.filter(id=request)
    waiting = list(found.filter(status=OPEN).order_by("id")[:MOST_SHOWN])
    rows = waiting + list(found.exclude(status=OPEN).order_by("-id")[:MOST_SHOWN])
    people = {one.user_id for one in rows} | {one.answered_by for one in rows if one.answered_by is not None}
    known = {one.id: one for one in User.objects.filter(account_id=account, id__in=people)}
    held = set(
        Assignment.objects.filter(account_id=account, user_id__in=people, product__in={one.product for one in rows})
        .values_list("user_id", "product")
    )  # fmt: skip
    return tuple(_row(one, names, timezone, known, held) for one in rows if one.user_id in known)


def _row(
    one: LicenceRequest, names: dict[str, str], timezone: str, known: dict[int, User], held: set[tuple[int, str]]
) -> RequestRow:
    who, by = known[one.user_id], known.get(one.answered_by or 0)
    return RequestRow(
        id=one.pk,
        user=one.user_id,
        name=who.name or who.email,
        email=who.email,
        product=one.product,
        product_name=names.get(one.product, one.product),
        status=one.status,
        note=one.note,
        asked_on=local_date(one.asked_at, timezone),
        answer=one.answer,
        answered_on=local_date(one.answered_at, timezone) if one.answered_at else None,
        answered_by=(by.name or by.email) if by is not None else "",
        holds=(one.user_id, one.product) in held,
        active=who.is_active,
    )
