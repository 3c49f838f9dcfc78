"""A subscription's timeline: what its lines, the journal and the notices tell of the past, and what comes next."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from seatkeeper.core.calendar import local_date
from seatkeeper.core.state import Subscription
from seatkeeper.core.tables import ACTIVE, DELETED, OFF, SCHEDULED, TRIAL
from seatkeeper.domain.identity.queries import names
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.payments.queries import payments_of
from seatkeeper.domain.subscriptions.codec import COLUMNS
from seatkeeper.domain.subscriptions.models import NoticeRow
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.rows import Event, Stage, SubscriptionRow
from seatkeeper.kit.journal.models import Event as Entry

COMMANDS = (
    "buy", "start_trial", "extend_trial", "buy_trial_now", "set_seats", "set_recurring", "change_plan",
    "change_frequency", "cancel", "undo", "reactivate", "set_payment_method", "order", "set_renewal",
    "set_many_recurring", "set_many_method",
)  # fmt: skip
MOST_ENTRIES = 300
AT = {name: index for index, name in enumerate(COLUMNS[1:])}
"""Where a journal entry of a subscription keeps each column."""


def events_ahead(
    shelf: Shelf, found: Subscription, row: SubscriptionRow, life: tuple[Stage, ...]
) -> tuple[Event, ...]:
    """What comes by itself, soonest first. Sums only for readers who may see money."""
    money = "money.see" in shelf.account.permissions
    events = [*_charges(row, found, money), *_endings(found, life)]
    if row.past_due and row.disabled_if_unpaid_on is not None:
        events.append(Event("disabled_if_unpaid", row.disabled_if_unpaid_on, _sum(row, row.overdue_minor, money)))
    return tuple(sorted((one for one in events if one.on >= shelf.today), key=lambda one: one.on))


def _sum(row: SubscriptionRow, minor: int, money: bool) -> dict[str, object]:
    return {"sum_minor": minor, "currency": row.currency} if money else {}


def _charges(row: SubscriptionRow, found: Subscription, money: bool) -> list[Event]:
    """The next charge, and the renewal where that comes later."""
    events, coming = [], row.next_invoice
    renews = row.milestone.on if row.milestone and row.milestone.kind in ("renews", "last_renewal") else None
    if coming is not None:
        kind = {SCHEDULED: "starts", TRIAL: "becomes_paid"}.get(found.status, "bills")
        kind = "renews" if coming.on == renews else kind
        events.append(Event(kind, coming.on, {"seats": coming.seats, **_sum(row, coming.gross_minor, money)}))
    if renews is not None:
        seats = found.seats if found.booked_seats is None else found.booked_seats
        events.append(Event("last_change", renews - timedelta(days=1)))
        if coming is None or coming.on != renews:
            events.append(Event("renews", renews, {"seats": seats}))
    return events


def _endings(found: Subscription, life: tuple[Stage, ...]) -> list[Event]:
    """Loss of access and of data, where they come for certain; the end itself where users keep access after it."""
    events = []
    starts = {stage.kind: stage.start for stage in life if stage.state == "ahead" and stage.start is not None}
    ends = found.term_end if found.status == ACTIVE else found.trial_end
    if found.status in (ACTIVE, TRIAL) and found.recurring == OFF and ends is not None:
        events.append(Event("ends", ends))
    for kind, name in (("disabled", "loses_access"), ("deleted", "data_deleted")):
        if kind in starts:
            events.append(Event(name, starts[kind]))
    return events


def events_past(
    shelf: Shelf, found: Subscription, lines: list[Line], documents: dict[int, Document]
) -> tuple[Event, ...]:
    """What happened, newest first: four queries."""
    zone = shelf.account.timezone
    entries = _entries(shelf.account.id, found.id)
    people = names({user for _, user, _, _ in entries if user is not None})
    actors = {at: people.get(user, "") for at, user, _, _ in entries if user is not None}
    may_see_money = "money.see" in shelf.account.permissions
    told = _failures(shelf.account.id, documents, zone) if may_see_money else []
    seen: set[tuple[int, str]] = set()
    charged: set[datetime] = set()
    for line in lines:
        document = documents[line.document_id]
        charged.add(document.issued_at)
        if line.kind == "plan_out" or (document.id, line.kind) in seen:
            continue
        seen.add((document.id, line.kind))
        on, who = local_date(document.issued_at, zone), actors.get(document.issued_at, "")
        told.append((document.issued_at, Event(line.kind, on, {"seats": line.seats}, who, document.number)))
    for at, _, kind, after in entries:
        if at not in charged:
            told.append((at, _from_entry(local_date(at, zone), kind, after, actors.get(at, ""))))
    told += _from_notices(shelf.account.id, found, {kind for _, kind in seen})
    return tuple(event for _, event in sorted(told, key=lambda one: one[0], reverse=True))


def _entries(account: int, subscription: int) -> list[tuple[datetime, int | None, str, list[Any]]]:
    """(instant, user, command, the subscription's entry afterwards) of the account's newest commands on it."""
    rows = Entry.objects.filter(account_id=account, kind__in=COMMANDS).order_by("-sequence")
    found = []
    for at, actor, kind, payload in rows.values_list("at", "actor", "kind", "payload")[:MOST_ENTRIES]:
        if f'[{subscription},"' not in payload:
            continue
        said = json.loads(payload)
        after = next((one for one in said.get("subscriptions", ()) if one[0] == subscription), None)
        if after is not None:
            user = actor.split(":")[1]
            found.append((at, int(user) if user.isdigit() else None, kind, after))
    return found


def _from_entry(on: date, kind: str, after: list[Any], who: str) -> Event:
    """A command without a charge: what it booked or set."""
    facts: dict[str, object] = {"seats": after[AT["seats"]]}
    if kind == "order":
        kind = "start_trial" if after[AT["status"]] == TRIAL else "buy"
    kind = {"set_many_recurring": "set_recurring", "set_many_method": "set_payment_method"}.get(kind, kind)
    if kind == "cancel" and after[AT["status"]] not in ("disabled", DELETED):
        kind = "set_recurring"
    if kind == "set_renewal" and after[AT["recurring"]] == OFF:
        kind = "set_recurring"
    if kind == "set_recurring":
        facts["to"] = after[AT["recurring"]]
    booked = after[AT["booked_seats"]] is not None or after[AT["booked_plan"]] is not None
    if kind in ("set_seats", "change_plan", "change_frequency") and booked:
        at_billing_date = after[AT["booked_plan_at"]] == "billing_date"
        ends = after[AT["period_end_on" if at_billing_date else "term_end_on"]]
        facts["on"] = date.fromisoformat(ends) if ends else None
    return Event(kind, on, facts, who)


def _from_notices(account: int, found: Subscription, told: set[str]) -> list[tuple[datetime, Event]]:
    """The ends that the billing run brought: expired, disabled, deleted."""
    rows = NoticeRow.objects.filter(
        account_id=account, kind__in=("expired", "disabled", "deleted"), facts__subscription=found.id
    ).order_by("-id")
    events = []
    for kind, facts, at in rows.values_list("kind", "facts", "at"):
        reason = facts.get("reason")
        if reason == "cancelled" or (kind == "disabled" and reason == "unpaid" and "disabled" in told):
            continue
        name = "disabled_ended" if kind == "disabled" and reason == "ended" else kind
        events.append((at, Event(name, date.fromisoformat(facts["on"]))))
    return events


def _failures(account: int, documents: dict[int, Document], zone: str) -> list[tuple[datetime, Event]]:
    found = []
    for id_, tries in payments_of(account, documents).items():
        for one in tries:
            if one.kind == "declined":
                event = Event("payment_failed", local_date(one.at, zone), document=documents[id_].number)
                found.append((one.at, event))
    return found
