"""What happened to a subscription, newest first, in pages by key; what is booked, and by whom; its newest documents.

Four sources are told as one story: documents with lines of the subscription, what people set or booked without one,
payments that failed, and the ends that the billing run brought. Every page of it is the same few queries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from seatkeeper.core.calendar import local_date
from seatkeeper.core.decision import Line as LineValue
from seatkeeper.core.tables import DELETED, DISABLED, OFF, TRIAL
from seatkeeper.core.tax.vat import vat_sums
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.invoicing.queries import about_subscription, ids_about_subscription, subscription_lines
from seatkeeper.domain.payments.queries import declined
from seatkeeper.domain.subscriptions.activity import ActivityRow, activity_rows
from seatkeeper.domain.subscriptions.codec import COLUMNS
from seatkeeper.domain.subscriptions.history_rows import (
    COMMAND,
    DOCUMENT,
    FAILURE,
    NOTICE,
    Happened,
    History,
    Key,
    read_key,
)
from seatkeeper.domain.subscriptions.models import NoticeRow
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.queries import document_ref
from seatkeeper.domain.subscriptions.rows import DocumentRef, Event
from seatkeeper.kit.journal.models import Activity
from seatkeeper.kit.journal.models import Event as Entry

COMMANDS = (
    "buy", "start_trial", "extend_trial", "buy_trial_now", "set_seats", "set_recurring", "change_plan",
    "change_frequency", "cancel", "undo", "reactivate", "order", "set_renewal", "set_many_recurring",
    "add_and_assign", "set_purchase_order", "close",
)  # fmt: skip
WITH_MONEY = ("set_payment_method", "set_many_method", "replace_card", "remove_method")
"""What besides is told to those who see money."""
AT_ONCE = 10
NEWEST_DOCUMENTS = 5
AT = {name: index for index, name in enumerate(COLUMNS[1:])}
"""Where a journal entry of a subscription keeps each column."""


def history(shelf: Shelf, subscription: int, *, earlier: str = "") -> History:
    """The page of a subscription's past that follows an entry's key; an unknown key begins at the newest."""
    key = read_key(earlier)
    ids = ids_about_subscription(shelf.account.id, subscription)
    story = _Story(shelf, subscription, key, ids)
    documents, lines = story.documents()
    commands, booked = story.commands(), story.bookings()
    acted = story.acted(documents)
    rows = activity_rows(shelf.account, shelf.state.catalog, [*commands, *acted, *booked.values()])
    by_sequence = {row.sequence: row for row in rows}
    told = [
        *story.told_documents(documents, lines, [by_sequence[one.sequence] for one in acted]),
        *story.told_commands(commands, by_sequence),
        *story.failures(),
        *story.ends(),
    ]
    told.sort(key=lambda one: one.key, reverse=True)
    page = tuple(told[:AT_ONCE])
    return History(
        past=page,
        earlier=str(page[-1].key) if len(told) > AT_ONCE else "",
        newest=key is None,
        booked_by={kind: by_sequence[one.sequence] for kind, one in booked.items()},
        documents=story.newest(documents) if story.money else (),
        document_count=len(ids) if story.money else 0,
    )


@dataclass(frozen=True, slots=True)
class _Story:
    """Reads the sources of one subscription's past, each up to one entry more than a page holds.

    ids: of all documents with its lines, newest first.
    """

    shelf: Shelf
    subscription: int
    after: Key | None
    ids: list[int]

    @property
    def account(self) -> int:
        return self.shelf.account.id

    @property
    def money(self) -> bool:
        return "money.see" in self.shelf.account.permissions

    def _before(self, source: int, at: str, id_: str) -> Q:
        """The condition on a source's rows that they come after the key on a page: so they are older."""
        if self.after is None:
            return Q()
        if source < self.after.source:
            return Q(**{f"{at}__lte": self.after.at})
        older = Q(**{f"{at}__lt": self.after.at})
        if source > self.after.source:
            return older
        return older | Q(**{at: self.after.at, f"{id_}__lt": self.after.id})

    def _on(self, at: datetime) -> date:
        return local_date(at, self.shelf.account.timezone)

    # ---- documents

    def documents(self) -> tuple[list[Document], dict[int, list[LineValue]]]:
        """The documents of the page, and this subscription's lines by document."""
        own = Document.objects.filter(
            self._before(DOCUMENT, "issued_at", "id"), account_id=self.account, id__in=self.ids
        )
        found = list(own.order_by("-issued_at", "-id")[: AT_ONCE + 1])
        return found, subscription_lines(self.account, self.subscription, [one.id for one in found])

    def newest(self, documents: list[Document]) -> tuple[DocumentRef, ...]:
        """The newest documents of all; on the first page they have been read."""
        wanted = self.ids[:NEWEST_DOCUMENTS]
        if self.after is not None:
            documents = list(Document.objects.filter(account_id=self.account, id__in=wanted).order_by("-id"))
        return tuple(document_ref(one, self.shelf.account) for one in documents[:NEWEST_DOCUMENTS])

    def acted(self, documents: Iterable[Document]) -> list[Activity]:
        """The commands that issued some documents."""
        instants = [one.issued_at for one in documents]
        return list(self._activity(at__in=instants, facts__has_key="documents").order_by("sequence"))

    def told_documents(
        self, documents: Iterable[Document], lines: Mapping[int, list[LineValue]], rows: Iterable[ActivityRow]
    ) -> list[Happened]:
        """One entry for each document: what its lines say, and their sum with VAT."""
        found, by = [], {str(number): row for row in rows for number, _ in row.facts["documents"]}
        for one in documents:
            own, on = lines[one.id], self._on(one.issued_at)
            kinds = {line.kind: line.seats for line in reversed(own) if line.kind != "plan_out"} or {"plan_out": 0}
            events = tuple(Event(kind, on, {"seats": kinds[kind]}) for kind in reversed(kinds))
            gross = sum(line.amount_minor for line in own) + sum(vat.vat_minor for vat in vat_sums(own))
            found.append(
                Happened(
                    Key(one.issued_at, DOCUMENT, one.id), events, by.get(one.number),
                    *((gross, one.number, tuple(own)) if self.money else ()),
                )
            )  # fmt: skip
        return found

    # ---- commands

    def _activity(self, *more: Q, **other: object) -> QuerySet[Activity]:
        kinds = (*COMMANDS, *WITH_MONEY) if self.money else COMMANDS
        return Activity.objects.filter(
            *more, account_id=self.account, kind__in=kinds, subjects__contains=f",{self.subscription},", **other
        )

    def commands(self) -> list[Activity]:
        """What was set or booked without a document of this subscription."""
        issued = about_subscription(self.account, self.subscription).filter(issued_at=OuterRef("at"))
        own = self._activity(
            self._before(COMMAND, "at", "sequence"), ~(Q(facts__has_key="documents") & Q(Exists(issued)))
        )
        return list(own.order_by("-at", "-sequence")[: AT_ONCE + 1])

    def bookings(self) -> dict[str, Activity]:
        """For what is booked the command that booked it: the newest that set it."""
        one, found = self.shelf.state.subscriptions[self.subscription], {}
        for kind, value in (("seats", one.booked_seats), ("plan", one.booked_plan)):
            if value is not None:
                setting = self._activity(facts__is__has_key=f"booked_{kind}")
                if (newest := setting.order_by("-sequence").first()) is not None:
                    found[kind] = newest
        return found

    def told_commands(self, commands: list[Activity], rows: Mapping[int, ActivityRow]) -> list[Happened]:
        """One entry for each command, by the state that it left."""
        kept = Entry.objects.filter(account_id=self.account, sequence__in=[one.sequence for one in commands])
        after = dict(kept.values_list("sequence", "payload"))
        return [
            Happened(
                Key(one.at, COMMAND, one.sequence),
                (_command(self._on(one.at), one.kind, self._entry(after.get(one.sequence, ""))),),
                rows[one.sequence],
            )
            for one in commands
        ]

    def _entry(self, payload: str) -> list[Any] | None:
        """The subscription's entry in an event, read without the rest: an event may hold hundreds of them."""
        start = payload.find(mark := f'[{self.subscription},"')
        while start >= 0:
            entry, end = DECODER.raw_decode(payload, start)
            if len(entry) == len(AT):
                return list(entry)
            start = payload.find(mark, end)
        return None

    # ---- what came by itself

    def failures(self) -> list[Happened]:
        """Payments of its documents that failed; only for those who see money."""
        if not self.money:
            return []
        tries = declined(self.account, self.ids).filter(self._before(FAILURE, "at", "id"))
        number = Document.objects.filter(account_id=self.account, id=OuterRef("document_id")).values("number")
        newest = tries.annotate(number=Subquery(number)).order_by("-at", "-id")[: AT_ONCE + 1]
        return [
            Happened(
                Key(at, FAILURE, id_), (Event("payment_failed", self._on(at), {"reason": reason}),),
                amount_minor=amount, document=number,
            )
            for id_, at, amount, number, reason in newest.values_list("id", "at", "amount_minor", "number", "reason")
        ]  # fmt: skip

    def ends(self) -> list[Happened]:
        """Expired, disabled, deleted; not where a command or a credit note tells it already."""
        credited = about_subscription(self.account, self.subscription, kind="disabled").filter(issued_at=OuterRef("at"))
        told = Q(facts__reason="cancelled") | Q(Exists(credited), kind="disabled", facts__reason="unpaid")
        own = NoticeRow.objects.filter(
            ~Q(facts__has_key="reason") | ~told, self._before(NOTICE, "at", "id"), account_id=self.account,
            kind__in=("expired", "disabled", "deleted"), facts__subscription=self.subscription,
        )  # fmt: skip
        rows = own.order_by("-at", "-id")[: AT_ONCE + 1]
        found = []
        for id_, kind, facts, at in rows.values_list("id", "kind", "facts", "at"):
            name = "disabled_ended" if kind == "disabled" and facts.get("reason") == "ended" else kind
            found.append(Happened(Key(at, NOTICE, id_), (Event(name, date.fromisoformat(facts["on"])),)))
        return found


DECODER = json.JSONDecoder()


def _command(on: date, kind: str, after: list[Any] | None) -> Event:
    """A command without a document: what it booked or set."""
    if after is None:
        return Event(kind, on)
    facts: dict[str, object] = {"seats": after[AT["seats"]]}
    if kind == "order":
        kind = "start_trial" if after[AT["status"]] == TRIAL else "buy"
    kind = ONE_OF_MANY.get(kind, kind)
    if kind in ("cancel", "close") and after[AT["status"]] not in (DISABLED, DELETED):
        kind = "set_recurring"
    if kind == "set_renewal" and after[AT["recurring"]] == OFF:
        kind = "set_recurring"
    if kind == "set_recurring":
        facts["to"] = after[AT["recurring"]]
    seats, plan = after[AT["booked_seats"]], after[AT["booked_plan"]]
    if kind in BOOKING and (seats is not None or plan is not None):
        at_billing_date = after[AT["booked_plan_at"]] == "billing_date"
        ends = after[AT["period_end_on" if at_billing_date else "term_end_on"]]
        facts |= {"to_seats": seats, "to_plan": plan, "on": date.fromisoformat(ends) if ends else None}
    return Event(kind, on, facts)


BOOKING = ("set_seats", "change_plan", "change_frequency", "set_renewal")
ONE_OF_MANY = {"set_many_recurring": "set_recurring", "set_many_method": "set_payment_method"}
