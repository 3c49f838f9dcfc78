"""Sentences about a subscription's life: where it stands, what happened, what comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.subscriptions.activity import ActivityRow
from seatkeeper.domain.subscriptions.history_rows import Happened, History
from seatkeeper.domain.subscriptions.rows import Booked, Event, SubscriptionPage
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.activity_changes import differences
from seatkeeper.interfaces.web.activity_words import behalf, said_by
from seatkeeper.interfaces.web.explain import Explained, explain
from seatkeeper.interfaces.web.formatting import instant, last_day, long_date, money
from seatkeeper.interfaces.web.refusal_words import DECLINES
from seatkeeper.interfaces.web.text import plain


def life_sentence(page: SubscriptionPage) -> str:
    """The sentence under the life-cycle bar (SCREENS.md 4.3)."""
    row, stages = page.row, {stage.kind: stage for stage in page.stages}
    on = long_date(row.milestone.on) if row.milestone else ""
    if row.status == "active" and row.recurring != "off":
        return plain(N_("It renews on {d}, so the later stages come only if you turn that off."), d=on)
    if row.status in ("active", "trial") and row.recurring == "off":
        disabled = stages.get("disabled")
        if "expired" in stages and disabled is not None and disabled.start is not None:
            until = long_date(last_day(disabled.start))
            return plain(N_("It ends on {d}. Users keep access until {d2}."), d=on, d2=until)
        return plain(N_("It ends on {d}. Users lose access then, as the days of grace were used before."), d=on)
    if row.status == "trial":
        return plain(N_("It becomes paid on {d}, unless you turn that off before."), d=on)
    if row.status == "scheduled":
        return plain(N_("It starts on {d} and is charged then. Until that day you can cancel it at no cost."), d=on)
    if row.status == "expired":
        return plain(N_("Users keep access until {d}. Reactivate before then and there is no gap."), d=on)
    if row.status == "disabled":
        text = N_("Users have no access. Until {d} you can reactivate, take licences back and export, but not assign.")
        return plain(text, d=on)
    return gettext("The data is gone; buying again does not bring it back.")


def limits_text(page: SubscriptionPage) -> str:
    """What can be changed now, until when, or from when (SCREENS.md 4.3)."""
    row, known = page.row, page.limits
    if row.status != "active":
        return gettext(NO_LIMITS[row.status])
    if known.fewer == known.cancel == "any_time":
        return plain(N_("Add at once on any day. Reduce or cancel on any day, credited by day."))
    return " ".join((plain(N_("Add at once on any day.")), *_fewer_and_cancel(page)))


NO_LIMITS = {
    "trial": N_("The number of licences is fixed during a trial."),
    "scheduled": N_("Cancelling before the start costs nothing."),
    "expired": N_("First reactivate it."),
    "disabled": N_("First reactivate it."),
    "deleted": N_("Nothing; its documents stay."),
}


def _fewer_and_cancel(page: SubscriptionPage) -> list[str]:
    known, zone = page.limits, page.account.timezone
    fewer, cancel = known.reduce_until, known.cancel_until
    if fewer is not None and fewer == cancel:
        text = N_("Until {instant} you can still go down to {n:licence,licences} or cancel.")
        return [plain(text, instant=instant(fewer, zone), n=known.reduce_to)]
    found = []
    if known.fewer == "any_time":
        found.append(plain(N_("Reduce on any day, credited by day.")))
    elif fewer is not None:
        text = N_("Until {instant} you can still go down to {n:licence,licences}.")
        found.append(plain(text, instant=instant(fewer, zone), n=known.reduce_to))
    if known.cancel == "any_time":
        found.append(plain(N_("Cancel on any day, credited by day.")))
    elif cancel is not None:
        found.append(plain(N_("Until {instant} you can still cancel."), instant=instant(cancel, zone)))
    if known.fewer != "any_time" and fewer is None and known.cancel != "any_time" and cancel is None:
        return [*found, _later(page, N_("Fewer licences or ending: from {d}."))]
    if known.fewer != "any_time" and fewer is None:
        found.append(_later(page, N_("Fewer licences: from {d}.")))
    if known.cancel != "any_time" and cancel is None:
        found.append(_later(page, N_("Ending: on {d}.")))
    return found


def _later(page: SubscriptionPage, sentence: str) -> str:
    """From which renewal on; where none comes, that it ends."""
    if page.limits.from_on is not None:
        return plain(sentence, d=long_date(page.limits.from_on))
    ends = long_date(page.term[1]) if page.term else ""
    return plain(N_("It ends on {d}; until then the number of licences cannot go down."), d=ends)


EVENTS: Mapping[str, str] = {
    "bought": N_("Bought: {n:licence,licences}"),
    "buy": N_("Bought: {n:licence,licences}"),
    "aligned": N_("Bought: {n:licence,licences}"),
    "start_trial": N_("Trial started with {n:licence,licences}"),
    "extend_trial": N_("Trial extended"),
    "buy_trial_now": N_("Trial bought: {n:licence,licences}"),
    "trial_ended": N_("Trial became paid: {n:licence,licences}"),
    "started": N_("Started with {n:licence,licences}"),
    "renewed": N_("Renewed for {n:licence,licences}"),
    "period": N_("Billed for {n:licence,licences}"),
    "added": N_("{n:licence,licences} added"),
    "reduced": N_("{n:licence,licences} removed"),
    "set_seats": N_("Licences changed"),
    "plan_in": N_("Plan changed"),
    "plan_out": N_("Plan changed"),
    "change_plan": N_("Plan changed"),
    "change_frequency": N_("Billing frequency changed"),
    "set_recurring": N_("Recurring billing changed"),
    "set_renewal": N_("Renewal set"),
    "add_and_assign": N_("Licences changed"),
    "set_purchase_order": N_("Purchase order number changed"),
    "replace_card": N_("Payment method replaced"),
    "remove_method": N_("Payment method replaced"),
    "undo": N_("Booked change undone"),
    "cancelled": N_("Cancelled"),
    "cancel": N_("Cancelled"),
    "close": N_("Cancelled"),
    "disabled": N_("Disabled, unpaid"),
    "reactivated": N_("Reactivated with {n:licence,licences}"),
    "reactivate": N_("Reactivated"),
    "resumed": N_("Resumed with {n:licence,licences}"),
    "disabled_ended": N_("Disabled: users lost access"),
    "expired": N_("Expired"),
    "deleted": N_("Deleted with its data"),
    "set_payment_method": N_("Payment method changed"),
    "payment_failed": N_("A payment failed: {reason}"),
    "renews": N_("renews for {n:licence,licences}, {sum} incl. VAT"),
    "bills": N_("is billed for {n:licence,licences}, {sum} incl. VAT"),
    "last_change": N_("last day to change the renewal"),
    "last_off": N_("last day to turn it off at no cost"),
    "window": N_("until {instant} you can go down to {n:licence,licences} or cancel"),
    "fewer_until": N_("until {instant} you can go down to {n:licence,licences}"),
    "cancel_until": N_("until {instant} you can cancel"),
    "ends": N_("ends; nothing is billed any more"),
    "starts": N_("starts for {n:licence,licences}, {sum} incl. VAT"),
    "becomes_paid": N_("becomes paid: {n:licence,licences}, {sum} incl. VAT"),
    "loses_access": N_("users lose access"),
    "data_deleted": N_("the data is deleted"),
    "disabled_if_unpaid": N_("is disabled if {sum} is still unpaid"),
}


WITHOUT_SUM: Mapping[str, str] = {
    "renews": N_("renews for {n:licence,licences}"),
    "bills": N_("is billed for {n:licence,licences}"),
    "starts": N_("starts for {n:licence,licences}"),
    "becomes_paid": N_("becomes paid: {n:licence,licences}"),
    "disabled_if_unpaid": N_("is disabled if an invoice is still unpaid"),
}
"""The same for readers who see no money."""


def event_text(event: Event, plans: Mapping[str, str] | None = None) -> str:
    """One thing that a line of the timeline says. plans: names by id, for what was booked."""
    facts = event.facts
    minor, seats = facts.get("sum_minor"), facts.get("seats", 0)
    values = {
        "n": abs(seats) if isinstance(seats, int) else 0,
        "sum": money(minor, str(facts.get("currency", "EUR"))) if isinstance(minor, int) else "",
        "instant": instant(at, str(facts["zone"])) if isinstance(at := facts.get("at"), datetime) else "",
        "reason": gettext(DECLINES.get(str(facts.get("reason", "")), N_("no reason given"))),
    }
    booked = _booked_text(facts, plans or {})
    if booked:
        return booked
    sentence = EVENTS[event.kind] if values["sum"] else WITHOUT_SUM.get(event.kind, EVENTS[event.kind])
    text = plain(sentence, **values)
    if event.kind == "set_recurring" and facts.get("to") in words.RECURRING:
        text = f"{text}: {words.word(words.RECURRING, str(facts['to'])).lower()}"
    return text


def _booked_text(facts: Mapping[str, object], plans: Mapping[str, str]) -> str:
    """What a command booked; empty where it booked nothing."""
    seats, plan, on = facts.get("to_seats"), str(facts.get("to_plan") or ""), facts.get("on")
    named = plans.get(plan, plan)
    if isinstance(seats, int) and named:
        text = plain(N_("Booked: {n:licence,licences} of {plan}"), n=seats, plan=named)
    elif isinstance(seats, int):
        text = plain(N_("Booked: {n:licence,licences}"), n=seats)
    elif named:
        text = plain(N_("Booked: {plan}"), plan=named)
    else:
        return ""
    return plain(N_("{text}, for {date}"), text=text, date=long_date(on)) if isinstance(on, date) else text


# ---- the lines of the timeline --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ahead:
    """A line above today. undo: what of the booked changes its button takes back; then by and at: who booked it, when.

    link, link_words: the sheet in which what comes by itself can be stopped.
    """

    on: date
    text: str
    undo: str = ""
    by: str = ""
    at: datetime | None = None
    link: str = ""
    link_words: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A line below today. at: of what somebody did; explained: the formula of each line that was charged."""

    on: date
    text: str
    who: str = ""
    behalf: str = ""
    at: datetime | None = None
    amount_minor: int | None = None
    document: str | None = None
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    explained: list[Explained] = field(default_factory=list)


def lines_ahead(page: SubscriptionPage, history: History) -> list[Ahead]:
    """What is booked and what comes by itself, the farthest first; a booked change stands under its renewal."""
    found = [_coming(page, event) for event in page.ahead if event.kind not in ("last_change", "last_off")]
    found += [_booked(page, change, history.booked_by.get(change.kind)) for change in page.row.booked]
    return sorted(found, key=lambda line: (line.on, not line.undo), reverse=True)


STOPPED_BY: Mapping[str, tuple[str, str]] = {
    "ends": ("recurring-billing?to=on", N_("Turn recurring billing on")),
    "starts": ("cancel", N_("Cancel")),
    "becomes_paid": ("recurring-billing?to=off", N_("Turn recurring billing off")),
}


def _coming(page: SubscriptionPage, event: Event) -> Ahead:
    text = event_text(event)
    slug, label = STOPPED_BY.get(event.kind, ("", ""))
    link = f"/products/{page.row.reference}/{slug}" if slug else ""
    return Ahead(event.on, text[:1].upper() + text[1:], link=link, link_words=gettext(label) if label else "")


def _booked(page: SubscriptionPage, change: Booked, by: ActivityRow | None) -> Ahead:
    if change.kind == "seats":
        text = plain(N_("Booked: {a} to {n:licence,licences}"), a=page.row.seats, n=change.seats)
    else:
        text = plain(N_("Booked: {plan}"), plan=_plan_words(change.plan) if change.plan else "")
    return Ahead(change.on, text, change.kind, said_by(by) if by else "", by.at if by else None)


def lines_past(page: SubscriptionPage, history: History) -> list[Past]:
    """What happened, newest first."""
    plans = {one.id: _plan_words(one) for one in (page.row.plan, *page.same_product_plans, *page.other_plans)}
    return [_happened(one, page.account.currency, plans) for one in history.past]


def _plan_words(plan: PlanRow) -> str:
    return f"{plan.product_name}, {words.term_and_payment(plan)}"


def _happened(one: Happened, currency: str, plans: Mapping[str, str]) -> Past:
    row = one.row
    texts = [event_text(event, {**row.plans, **plans} if row else plans) for event in one.events]
    return Past(
        one.events[0].on,
        "; ".join(texts),
        said_by(row) if row else "",
        behalf(row) if row else "",
        row.at if row else None,
        one.amount_minor,
        one.document,
        differences(row) if row else [],
        [explain(line, currency) for line in one.lines],
    )
