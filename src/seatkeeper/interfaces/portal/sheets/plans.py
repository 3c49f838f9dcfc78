"""The sheets on what is bought and how it is paid: plan, frequency, payment method, trial, undo."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.subscriptions.rows import SubscriptionPage
from seatkeeper.interfaces.portal.sheets.parts import Change, Note, Pay, money_button, when_text
from seatkeeper.interfaces.portal.sheets.reading import Arguments, after, on_date, read_method
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import last_day, long_date, money, number
from seatkeeper.interfaces.web.text import plain, say


def read_plan(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """One of the plans offered, now or at the renewal."""
    known = {one.id for one in (*page.same_product_plans, *page.other_plans)}
    plan = data.get("plan", "")
    if plan not in known:
        return None
    return {"plan": plan, "when": "renewal" if data.get("when") == "renewal" else "now"}


def read_frequency(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """Another plan of the same product."""
    plan = data.get("plan", "")
    return {"plan": plan} if plan in {one.id for one in page.same_product_plans} else None


def plan_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """Product, term and price."""
    plans = {one.id: one for one in (*page.same_product_plans, *page.other_plans)}
    new, old, seats = plans[str(arguments["plan"])], page.row.plan, page.row.seats
    changes = []
    if new.product != old.product:
        changes.append(Change(plain(N_("Product")), old.product_name, new.product_name))
    changes.append(Change(plain(N_("Term and payment")), words.term_and_payment(old), words.term_and_payment(new)))
    changes.append(Change(plain(N_("Price")), words.unit_price(old, seats), words.unit_price(new, seats)))
    return changes


def plan_notes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Note]:
    """What the plan allows, who moves along, when it takes effect."""
    plans = {one.id: one for one in (*page.same_product_plans, *page.other_plans)}
    new = plans[str(arguments["plan"])]
    notes = [Note(say(words.PLAN_RULES[new.fewer]))]
    if arguments.get("when") == "now" and new.product != page.row.product:
        moved = sum(1 for one in decision.assignments if one.action == "moved")
        if moved:
            notes.append(
                Note(say(N_("{n:assigned licence moves,assigned licences move} along, oldest first."), n=moved))
            )
    if arguments.get("when") != "now":
        notes.append(
            Note(say(N_("Takes effect on {date}; until then you can undo it."), date=on_date(decision, "effective_on")))
        )
    return notes


def plan_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """What is paid, or the date it is booked for."""
    if arguments.get("when") == "now":
        return money_button(pay)
    if after(decision, page).booked_plan is None:
        return plain(N_("Save, nothing to pay now"))
    return plain(N_("Book for {date}"), date=on_date(decision, "effective_on"))


def read_payment(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """The method, for this subscription or for all."""
    method = read_method(data, page)
    if method is None:
        return None
    return {"method": method, "everywhere": data.get("everywhere") == "yes"}


def payment_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """The method before and after."""
    new = next((one for one in page.methods if one.id == arguments["method"]), None)
    changes = [Change(plain(N_("Paid with")), words.method(page.row.method), words.method(new))]
    if len(decision.subscriptions) > 1:
        changes.append(Change(plain(N_("Subscriptions")), "", number(len(decision.subscriptions))))
    return changes


def payment_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """What is tried again at once."""
    if pay.kind == "charge":
        return plain(N_("Save and pay {sum} now"), sum=money(pay.total_minor, pay.currency))
    return plain(N_("Save, nothing to pay now"))


def read_nothing(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """A form without fields."""
    return {}


def read_undo(data: QueryDict, page: SubscriptionPage) -> Arguments | None:
    """What of the booked changes is undone: the number of licences, the plan, or all of them."""
    what = data.get("what", "")
    return {"what": what if what in ("seats", "plan") else "all"}


def undo_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """What is booked, and what stays instead."""
    changes = []
    for one in page.row.booked:
        if arguments["what"] not in ("all", one.kind):
            continue
        now = number(page.row.seats) if one.kind == "seats" else words.term_and_payment(page.row.plan)
        then = number(one.seats or 0) if one.kind == "seats" else _plan_name(one.plan)
        label = N_("Licences from {date}") if one.kind == "seats" else N_("Plan from {date}")
        changes.append(Change(plain(label, date=long_date(one.on)), then, now))
    return changes


def _plan_name(plan: PlanRow | None) -> str:
    return f"{plan.product_name}, {words.term_and_payment(plan)}" if plan is not None else ""


def trial_changes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Change]:
    """The end of the trial, or the term that begins."""
    new = after(decision, page)
    if new.status == "trial":
        was, becomes = page.row.milestone, new.trial_end
        before = long_date(was.on) if was else ""
        return [Change(plain(N_("Trial ends")), before, long_date(becomes) if becomes else "")]
    until = long_date(new.term_end) if new.term_end else ""
    return [
        Change(
            plain(N_("Status")), words.gettext(words.STATUS["trial"].words), words.gettext(words.STATUS["active"].words)
        ),
        Change(
            plain(N_("What happens")),
            words.milestone_text(page.row.milestone) if page.row.milestone else "",
            plain(N_("Renews on {d}"), d=until),
        ),
    ]


def trial_notes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Note]:
    """What holds after it."""
    new = after(decision, page)
    if new.status == "trial":
        return [Note(say(N_("A trial can be extended once.")))]
    if new.policy.fewer == "any_time":
        return [Note(say(words.PLAN_RULES["any_time"]))]
    closes = new.window_opened_at + timedelta(hours=168) if isinstance(new.window_opened_at, datetime) else None
    text = N_("Until {instant} you can reduce or cancel; after that from {date}.")
    ends = long_date(new.term_end) if new.term_end else ""
    return [Note(say(text, instant=when_text(closes, page.account) if closes else "", date=ends))]


def no_notes(page: SubscriptionPage, decision: Decision, arguments: Arguments) -> list[Note]:
    """Nothing more to say."""
    return []


def undo_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """Undo."""
    return plain(N_("Undo"))


def buy_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """What is paid."""
    return money_button(pay)


def extend_button(page: SubscriptionPage, decision: Decision, arguments: Arguments, pay: Pay) -> str:
    """The last day of the longer trial."""
    new = after(decision, page)
    return plain(N_("Extend until {date}"), date=long_date(last_day(new.trial_end)) if new.trial_end else "")
