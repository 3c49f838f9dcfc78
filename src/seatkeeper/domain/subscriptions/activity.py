"""What happened on an account, newest first: briefs of its events with names, in pages by key (SCREENS.md 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from seatkeeper.core.calendar import first_instant
from seatkeeper.core.catalog.plans import Catalog
from seatkeeper.core.decision import Line as LineValue
from seatkeeper.domain.accounts.operations import seller_facts
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.catalog.operations import catalog
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.identity.queries import names
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.invoicing.values import line_value
from seatkeeper.kit.journal.models import Activity, Origin
from seatkeeper.kit.refs import reference

PAGE = 50
CHUNK = 1_000
MOST_EXPLAINED = 3
"""An event whose document has more lines than this is explained on the document's own page."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "buying": ("buy", "order", "start_trial", "extend_trial", "buy_trial_now", "reactivate"),
    "licences": (
        "set_seats", "assign", "unassign", "keep", "add_and_assign", "licence_requested",
        "licence_request_withdrawn", "licence_request_approved", "licence_request_declined",
    ),
    "changes": (
        "set_recurring", "change_frequency", "change_plan", "cancel", "set_renewal", "undo", "set_purchase_order",
        "close", "set_many_recurring",
    ),
    "payments": (
        "pay", "pay_overdue", "pay_out", "receive_payment", "write_off", "set_payment_method", "set_many_method",
        "replace_card", "set_default_method", "set_backup_method", "remove_method", "payment_succeeded",
        "payment_declined", "refund_settled", "dispute_opened", "dispute_closed",
    ),
    "run": ("billing_date", "dunning"),
}  # fmt: skip
OTHER = "account"
"""Everything recorded without a decision: details of the account, people, roles."""

WITHOUT_MONEY = (*GROUPS["buying"], *GROUPS["licences"], *GROUPS["changes"])
PEOPLE_KINDS = ("invite_person", "set_role", "deactivate_person", "reactivate_person")
"""What readers without money see besides."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the activity is wanted. who: a user's id, or run, seller, gateway. since, until: first and last day."""

    who: str = ""
    group: str = ""
    subscription: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One event. role, door, who: from its actor; who is empty where that is nobody's. products, users: names by id.

    amount_minor None: it came to nothing, or the reader sees no money. lines: of small documents, to be explained.
    """

    sequence: int
    at: datetime
    kind: str
    role: str
    door: str
    who: str
    facts: Mapping[str, Any]
    amount_minor: int | None
    subjects: tuple[str, ...]
    products: Mapping[str, str]
    plans: Mapping[str, str]
    users: Mapping[int, str]
    origin: str = ""
    lines: tuple[LineValue, ...] = ()

    def product(self) -> str:
        """What it is about, by name."""
        code = str(self.facts.get("product", ""))
        return self.products.get(code, code)


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Some rows, and the keys of the pages before and after."""

    account: AccountRow
    rows: tuple[ActivityRow, ...]
    newer: int | None
    older: int | None
    people: tuple[tuple[int, str], ...]


def activity_page(
    account: AccountRow, seller: int, wanted: Filter, *, before: int | None = None, after: int | None = None
) -> ActivityPage:
    """A page of activity, newest first: before or after a sequence number. A fixed number of queries."""
    found = _found(account, wanted)
    if after is not None:
        taken = list(found.filter(sequence__gt=after).order_by("sequence")[: PAGE + 1])
        more, taken = len(taken) > PAGE, taken[:PAGE][::-1]
        newer, older = (taken[0].sequence if more and taken else None), (taken[-1].sequence if taken else None)
    else:
        if before is not None:
            found = found.filter(sequence__lt=before)
        taken = list(found.order_by("-sequence")[: PAGE + 1])
        more, taken = len(taken) > PAGE, taken[:PAGE]
        newer = taken[0].sequence if before is not None and taken else None
        older = taken[-1].sequence if more and taken else None
    people = _administrators(account.id, wanted.who)
    rows = activity_rows(account, _catalogue(seller), taken, explained=True, origins=True)
    return ActivityPage(account, rows, newer, older, people)


def all_activity(account: AccountRow, seller: int, wanted: Filter) -> Iterator[ActivityRow]:
    """Every row of a filter, newest first, read in chunks by key."""
    found, before = _found(account, wanted).order_by("-sequence"), None
    known = _catalogue(seller)
    while True:
        taken = list((found if before is None else found.filter(sequence__lt=before))[:CHUNK])
        yield from activity_rows(account, known, taken, origins=True)
        if len(taken) < CHUNK:
            return
        before = taken[-1].sequence


def _found(account: AccountRow, wanted: Filter) -> QuerySet[Activity]:
    found = Activity.objects.filter(account_id=account.id)
    if "money.see" not in account.permissions:
        found = found.filter(kind__in=(*WITHOUT_MONEY, *PEOPLE_KINDS))
    if wanted.group in GROUPS:
        found = found.filter(kind__in=GROUPS[wanted.group])
    elif wanted.group == OTHER:
        found = found.exclude(kind__in=[kind for kinds in GROUPS.values() for kind in kinds])
    if wanted.who.isdigit():
        found = found.filter(user_id=int(wanted.who))
    elif wanted.who:
        found = found.filter(actor__startswith=f"{wanted.who}:")
    if wanted.subscription is not None:
        found = found.filter(subjects__contains=f",{wanted.subscription},")
    if wanted.since is not None:
        found = found.filter(at__gte=first_instant(wanted.since, account.timezone))
    if wanted.until is not None:
        found = found.filter(at__lt=first_instant(wanted.until + timedelta(days=1), account.timezone))
    return found


def _administrators(account: int, chosen: str) -> tuple[tuple[int, str], ...]:
    """Who gives commands: people with a role, and whoever is chosen."""
    wanted = ~Q(role="user")
    if chosen.isdigit():
        wanted |= Q(id=int(chosen))
    rows = User.objects.filter(wanted, account_id=account).order_by("name", "id")
    return tuple((id_, name or email) for id_, name, email in rows.values_list("id", "name", "email"))


def activity_rows(
    account: AccountRow, known: Catalog, taken: list[Activity], *, explained: bool = False, origins: bool = False
) -> tuple[ActivityRow, ...]:
    """The rows of some events, with the names that they need.

    explained: with the lines of small documents; origins: with the addresses that they came from.
    """
    addresses = _addresses(account.id, [one.sequence for one in taken]) if origins and taken else {}
    people = names(_people(taken))
    products = {one.id: one.name for one in known.products.values()}
    plans = {one.id: one.name or one.id for one in known.plans.values()}
    money = "money.see" in account.permissions
    lines = _lines(account.id, taken) if explained and money else {}
    found = []
    for one in taken:
        role, _, door = one.actor.split(":")
        found.append(
            ActivityRow(
                sequence=one.sequence,
                at=one.at,
                kind=one.kind,
                role=role,
                door=door,
                who=people.get(one.user_id, "") if one.user_id is not None else "",
                facts=one.facts,
                amount_minor=one.amount_minor if money else None,
                subjects=tuple(reference(int(text)) for text in one.subjects.split(",") if text),
                products=products,
                plans=plans,
                users=people,
                origin=addresses.get(one.sequence, ""),
                lines=lines.get(one.sequence, ()),
            )
        )
    return tuple(found)


def _addresses(account: int, sequences: list[int]) -> dict[int, str]:
    return dict(
        Origin.objects.filter(account_id=account, sequence__in=sequences).values_list("sequence", "address")
    )


def _catalogue(seller: int) -> Catalog:
    return catalog(seller, seller_facts([seller])[seller][1])


def _people(taken: Iterable[Activity]) -> set[int]:
    found: set[int] = set()
    for one in taken:
        if one.user_id is not None:
            found.add(one.user_id)
        found.update(one.facts.get("users", ())[:3])
        if isinstance(one.facts.get("user"), int):
            found.add(one.facts["user"])
    return found


def _lines(account: int, taken: Iterable[Activity]) -> dict[int, tuple[LineValue, ...]]:
    """The lines of the documents of few lines that people's commands issued, by the event's number."""
    wanted = {}
    for one in taken:
        issued = one.facts.get("documents", ())
        if issued and 0 < sum(one.facts.get("lines", {}).values()) <= MOST_EXPLAINED:
            wanted.update({number: one.sequence for number, _ in issued})
    if not wanted:
        return {}
    numbers = dict(Document.objects.filter(account_id=account, number__in=wanted).values_list("id", "number"))
    found: dict[int, list[LineValue]] = {}
    for line in Line.objects.filter(account_id=account, document_id__in=numbers).order_by("document_id", "position"):
        found.setdefault(wanted[numbers[line.document_id]], []).append(line_value(line))
    return {sequence: tuple(lines) for sequence, lines in found.items()}
