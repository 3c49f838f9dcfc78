"""The words and marks of codes: statuses, renewal lines, terms, methods. One table each, both languages by gettext."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.domain.subscriptions.rows import Milestone
from seatkeeper.interfaces.web.formatting import long_date, price
from seatkeeper.interfaces.web.text import plain


@dataclass(frozen=True, slots=True)
class Mark:
    """A badge: its words, its icon of 16, its role (ok, warn, bad, info, quiet)."""

    words: str
    icon: str
    role: str


STATUS = {
    "scheduled": Mark(N_("Scheduled"), "calendar_clock", "info"),
    "trial": Mark(N_("Trial"), "hourglass", "info"),
    "active": Mark(N_("Active"), "checkmark_circle", "ok"),
    "expired": Mark(N_("Expired"), "clock_alarm", "warn"),
    "disabled": Mark(N_("Disabled"), "pause_circle", "bad"),
    "deleted": Mark(N_("Deleted"), "delete", "quiet"),
    "past_due": Mark(N_("Past due"), "warning", "warn"),
    "suspended": Mark(N_("Suspended"), "people_prohibited", "warn"),
    "booked": Mark(N_("Booked change"), "calendar_clock", "quiet"),
}
INVOICE_STATUS = {
    "open": Mark(N_("Open"), "document", "quiet"),
    "paid": Mark(N_("Paid"), "checkmark_circle", "ok"),
    "partly_paid": Mark(N_("Partly paid"), "circle_half_fill", "info"),
    "overdue": Mark(N_("Overdue"), "warning", "warn"),
    "uncollectible": Mark(N_("Uncollectible"), "dismiss_circle", "quiet"),
    "credit_note": Mark(N_("Credit note"), "arrow_undo", "quiet"),
}
REQUEST_STATUS = {
    "open": Mark(N_("Waiting"), "hourglass", "info"),
    "approved": Mark(N_("Approved"), "checkmark_circle", "ok"),
    "declined": Mark(N_("Declined"), "dismiss_circle", "quiet"),
    "withdrawn": Mark(N_("Withdrawn"), "arrow_undo", "quiet"),
}
REASON = {"ended": N_("ended"), "cancelled": N_("cancelled"), "unpaid": N_("unpaid")}
MILESTONE = {
    "renews": (N_("Renews on {d}"), "arrow_repeat_all", False),
    "last_renewal": (N_("Last renewal on {d}"), "arrow_repeat_1", False),
    "expires": (N_("Expires on {d}"), "calendar_cancel", True),
    "becomes_paid": (N_("Becomes paid on {d}"), "arrow_repeat_all", False),
    "trial_ends": (N_("Trial ends on {d}"), "calendar_cancel", True),
    "starts": (N_("Starts on {d}"), "calendar_clock", False),
    "access_until": (N_("Access until {d}"), "clock", True),
    "data_until": (N_("Data until {d}"), "clock", False),
    "deleted": (N_("Deleted on {d}"), "delete", False),
}
TERM = {
    "P1M": N_("1 month"),
    "P3M": N_("3 months"),
    "P1Y": N_("1 year"),
    "P3Y": N_("3 years"),
}
PAID = {
    "P1M": N_("paid monthly"),
    "P3M": N_("paid every 3 months"),
    "P1Y": N_("paid yearly"),
    "P3Y": N_("paid every 3 years"),
}
FREQUENCY = {
    "P1M": N_("Monthly"),
    "P3M": N_("Every 3 months"),
    "P1Y": N_("Yearly"),
    "P3Y": N_("Every 3 years"),
}
EVERY = {
    "P1M": N_("Every month from {d}"),
    "P3M": N_("Every 3 months from {d}"),
    "P1Y": N_("Every year from {d}"),
    "P3Y": N_("Every 3 years from {d}"),
}
PER = {
    "P1M": N_("per month"),
    "P3M": N_("per 3 months"),
    "P1Y": N_("per year"),
    "P3Y": N_("per 3 years"),
}
PER_LICENCE = {
    "P1M": N_("{price} per licence per month"),
    "P3M": N_("{price} per licence per 3 months"),
    "P1Y": N_("{price} per licence per year"),
    "P3Y": N_("{price} per licence per 3 years"),
}
RECURRING = {"on": N_("On"), "once": N_("On, renew once"), "off": N_("Off")}
ROLES = {
    "owner": N_("owner"),
    "billing_administrator": N_("billing administrator"),
    "license_administrator": N_("licence administrator"),
    "user_administrator": N_("user administrator"),
    "reader": N_("reader"),
    "user": N_("user"),
}
ROLE_MAY = {
    "owner": N_("Everything, also who may do what."),
    "billing_administrator": N_("Buys, changes, cancels and pays."),
    "license_administrator": N_("Gives licences to users and takes them back; sees no prices."),
    "user_administrator": N_("Manages users and their licences; sees no prices."),
    "reader": N_("Sees everything, changes nothing."),
    "user": N_("Sees the own licences and can ask for one."),
}
PLAN_RULES = {
    "any_time": N_("Fewer licences or cancelling on any day, credited by day."),
    "window": N_("Fewer licences or cancelling in the first 7 days, after that at the end of the term."),
}
STAGE = {
    "scheduled": N_("Scheduled"),
    "trial": N_("Trial"),
    "active": N_("Active"),
    "expired": N_("Expired"),
    "disabled": N_("Disabled"),
    "deleted": N_("Deleted"),
}


def word(table: dict[str, str], code: str) -> str:
    """The reader's word for a code."""
    return gettext(table[code])


def term_and_payment(plan: PlanRow) -> str:
    """1 year, paid monthly / 1 jaar, betaling per maand."""
    return f"{word(TERM, plan.term)}, {word(PAID, plan.billing)}"


def policy_word(plan: PlanRow) -> str:
    """flexible / committed, in the reader's words; a seller's own policy by what it allows."""
    return pgettext("policy", "flexible") if plan.fewer == "any_time" else pgettext("policy", "committed")


def milestone_text(milestone: Milestone) -> str:
    """Renews on 1 April 2026."""
    return plain(MILESTONE[milestone.kind][0], d=long_date(milestone.on))


def method(found: MethodRow | None) -> str:
    """A payment method in a few words."""
    if found is None:
        return plain(N_("no payment method"))
    if found.kind == "bank_transfer":
        return plain(N_("Bank transfer, on invoice"))
    if found.brand and found.last_four:
        return plain(N_("{brand} ending {last_four}"), brand=found.brand, last_four=found.last_four)
    return found.label or gettext(METHOD_KIND[found.kind])


def method_short(found: MethodRow) -> str:
    """The same in a narrow column: Visa 4242; on invoice."""
    return found.label or (gettext("on invoice") if found.kind == "bank_transfer" else method(found))


METHOD_BADGES = {
    "default": Mark(N_("Default method"), "checkmark_circle", "info"),
    "backup": Mark(N_("Backup method"), "shield_checkmark", "quiet"),
}

METHOD_KIND = {"card": N_("Card"), "direct_debit": N_("Direct debit"), "bank_transfer": N_("Bank transfer")}


def unit_price(plan: PlanRow, seats: int) -> str:
    """What one licence costs per billing period at this number; the whole price where licences cost unlike."""
    if plan.price is None:
        return ""
    each = plan.price.seat_micro(seats)
    if each is None:
        return plain(PER_PERIOD[plan.billing], price=price(plan.price.total_micro(seats), plan.price.currency))
    return plain(PER_LICENCE[plan.billing], price=price(each, plan.price.currency))


PER_PERIOD = {
    "P1M": N_("{price} per month"),
    "P3M": N_("{price} per 3 months"),
    "P1Y": N_("{price} per year"),
    "P3Y": N_("{price} per 3 years"),
}


PAYMENT = {
    "payment": N_("Paid"),
    "declined": N_("Declined"),
    "credit": N_("From credit"),
    "refund": N_("Refunded"),
    "transfer": N_("Received by bank transfer"),
    "write_off": N_("Written off"),
}


def price_amount(plan: PlanRow, seats: int) -> str:
    """What one licence costs per billing period, or the whole where licences cost unlike; only the amount."""
    if plan.price is None:
        return ""
    each = plan.price.seat_micro(seats)
    return price(plan.price.total_micro(seats) if each is None else each, plan.price.currency)


def tiers(plan: PlanRow) -> list[str]:
    """The steps of a price that has them, each as a sentence."""
    found = plan.price
    if found is None or found.model not in ("volume", "graduated"):
        return []
    sentences, below = [], 0
    for up_to, micro in found.tiers:
        each = price(micro, found.currency)
        if up_to is None:
            sentences.append(plain(N_("from {a}: {price}"), a=below + 1, price=each))
        else:
            sentences.append(plain(N_("{a} to {b}: {price}"), a=below + 1, b=up_to, price=each))
            below = up_to
    return sentences
