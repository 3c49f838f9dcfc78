"""Sentences about a subscription's life: where it stands, what happened, what comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.subscriptions.rows import Event, SubscriptionPage
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import last_day, long_date, money
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
    "change_plan": N_("Plan changed"),
    "change_frequency": N_("Billing frequency changed"),
    "set_recurring": N_("Recurring billing changed"),
    "set_renewal": N_("Renewal set"),
    "undo": N_("Booked change undone"),
    "cancelled": N_("Cancelled"),
    "cancel": N_("Cancelled"),
    "disabled": N_("Disabled, unpaid"),
    "reactivated": N_("Reactivated with {n:licence,licences}"),
    "reactivate": N_("Reactivated"),
    "resumed": N_("Resumed with {n:licence,licences}"),
    "disabled_ended": N_("Disabled: users lost access"),
    "expired": N_("Expired"),
    "deleted": N_("Deleted with its data"),
    "set_payment_method": N_("Payment method changed"),
    "payment_failed": N_("A payment failed"),
    "renews": N_("renews for {n:licence,licences}, {sum} incl. VAT"),
    "bills": N_("is billed for {n:licence,licences}, {sum} incl. VAT"),
    "last_change": N_("last day to change the renewal"),
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


def event_text(event: Event) -> str:
    """One line of the timeline."""
    facts = event.facts
    minor = facts.get("sum_minor")
    seats = facts.get("seats", 0)
    values = {
        "n": abs(seats) if isinstance(seats, int) else 0,
        "sum": money(minor, str(facts.get("currency", "EUR"))) if isinstance(minor, int) else "",
    }
    sentence = EVENTS[event.kind] if values["sum"] else WITHOUT_SUM.get(event.kind, EVENTS[event.kind])
    text = plain(sentence, **values)
    booked_on = facts.get("on")
    if event.kind in ("set_seats", "change_plan", "change_frequency") and isinstance(booked_on, date):
        text = plain(N_("{text}, for {date}"), text=text, date=long_date(booked_on))
    if event.kind == "set_recurring" and facts.get("to") in words.RECURRING:
        text = f"{text}: {words.word(words.RECURRING, str(facts['to'])).lower()}"
    return text
