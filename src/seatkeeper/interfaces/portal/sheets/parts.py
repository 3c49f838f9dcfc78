"""The parts of the sheet that every command shares, worked out from the decision: sums, next charge, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision, Document, NextCharge
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.payments.rows import MethodRow
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.explain import Explained, explain, vat_label
from seatkeeper.interfaces.web.formatting import instant, long_date, money
from seatkeeper.interfaces.web.text import plain, say


@dataclass(frozen=True, slots=True)
class Change:
    """One line under "What changes"."""

    label: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Pay:
    """What is paid, or comes back, at once. kind: charge, invoice, credit or nothing."""

    kind: str
    heading: str
    lines: tuple[Explained, ...] = ()
    vat: tuple[tuple[str, int], ...] = ()
    balance_used_minor: int = 0
    total_label: str = ""
    total_minor: int = 0
    tries: tuple[tuple[str, int], ...] = ()
    bills: tuple[tuple[str, int], ...] = ()
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Then:
    """What is paid from then on."""

    words: str
    amount: str
    detail: str


@dataclass(frozen=True, slots=True)
class Note:
    """One line under "Good to know"; role info or warn."""

    text: SafeString
    role: str = "info"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything under the fields of a sheet, and the button that gives the command."""

    changes: tuple[Change, ...]
    pay: Pay
    then: tuple[Then, ...]
    notes: tuple[Note, ...]
    button: str
    foot_label: str
    foot_amount: str
    announce: str
    token: str = ""
    hidden: tuple[tuple[str, str], ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Words:
    """How a sheet calls what a decision holds as ids."""

    account: AccountRow
    methods: dict[int, MethodRow]
    plans: dict[str, str]
    products: dict[str, str]
    documents: dict[int, str] = field(default_factory=dict)

    def method(self, method_id: int | None) -> str:
        """Visa 4242; on invoice for bank transfer."""
        return words.method(self.methods.get(method_id) if method_id is not None else None)


def pay_part(decision: Decision, called: Words) -> Pay:
    """The documents of the decision as lines, VAT, credit used and one total."""
    currency = called.account.currency
    tries = tuple((called.documents.get(one.document, ""), one.amount_minor) for one in decision.tries)
    if not decision.documents:
        if tries:
            total = sum(amount for _, amount in tries)
            label = plain(N_("Total, tried again at once"))
            return Pay(
                "charge", plain(N_("You pay now")), tries=tries, total_label=label, total_minor=total, currency=currency
            )
        return Pay("nothing", plain(N_("Nothing to pay now")), currency=currency)
    lines = tuple(explain(line, currency) for document in decision.documents for line in document.lines)
    vat = tuple((vat_label(one), one.vat_minor) for document in decision.documents for one in document.vat)
    gross = sum(document.gross_minor for document in decision.documents)
    used = sum(document.balance_used_minor for document in decision.documents)
    kind, heading, label = _kind(decision, gross, used, called)
    return Pay(kind, heading, lines, vat, used, label, abs(gross - used), tries, currency=currency)


def _kind(decision: Decision, gross: int, used: int, called: Words) -> tuple[str, str, str]:
    document = decision.documents[0]
    if gross < 0:
        return "credit", plain(N_("You get back")), _credit_label(document, called)
    if decision.charge_minor:
        method = called.method(document.method)
        return "charge", plain(N_("You pay now")), plain(N_("Total, from {method}"), method=method)
    if gross - used > 0:
        due = long_date(document.due_on)
        return "invoice", plain(N_("You pay on invoice")), plain(N_("Total, to be paid by {date}"), date=due)
    return "nothing", plain(N_("Nothing to pay now")), plain(N_("Total, paid from your credit"))


def _credit_label(document: Document, called: Words) -> str:
    if document.refunds:
        return plain(N_("Total, back to the method it was paid with"))
    if document.lowers and not document.to_balance_minor:
        numbers = ", ".join(called.documents.get(one, "") for one, _ in document.lowers)
        return plain(N_("Total, taken off {invoices}"), invoices=numbers)
    return plain(N_("Total, kept as credit for your next invoice"))


def then_part(decision: Decision, called: Words, was: int | None) -> tuple[Then, ...]:
    """What each subscription is charged next and from then on. was: the sum so far, VAT included."""
    return tuple(_then(one, called, was) for one in decision.then)


def _then(charge: NextCharge, called: Words, was: int | None) -> Then:
    currency = called.account.currency
    billing = {1: "P1M", 3: "P3M", 12: "P1Y", 36: "P3Y"}[charge.months]
    detail = plain(N_("{n:licence,licences}, {net} excl. VAT"), n=charge.seats, net=money(charge.net_minor, currency))
    if was is not None and was != charge.gross_minor:
        detail = plain(N_("{detail}; was {was} incl. VAT"), detail=detail, was=money(was, currency))
    amount = plain(N_("{sum} incl. VAT"), sum=money(charge.gross_minor, currency))
    return Then(plain(words.EVERY[billing], d=long_date(charge.on)), amount, detail)


def notes_part(decision: Decision, called: Words) -> list[Note]:
    """Warnings, dropped bookings and people who gain or lose access, for any command."""
    notes = [
        Note(say(N_("This drops the booked change: {what}."), what=_dropped(one.kind, one.value, called)), "warn")
        for one in decision.dropped
    ]
    for warning in decision.warnings:
        facts = dict(warning.facts)
        maker = WARNINGS.get(warning.kind)
        if maker is not None:
            notes.append(Note(maker(facts, called), "warn"))
    back = sum(1 for one in decision.assignments if one.action == "restored")
    if back:
        notes.append(Note(say(N_("{n:suspended licence comes,suspended licences come} back by themselves."), n=back)))
    return notes


def _dropped(kind: str, value: str, called: Words) -> str:
    if kind == "seats":
        return plain(N_("{n:licence,licences}"), n=int(value))
    return called.plans.get(value, value)


def _date(facts: dict[str, object], key: str) -> str:
    found = facts.get(key)
    return long_date(found) if isinstance(found, date) else ""


WARNINGS = {
    "will_suspend": lambda facts, called: say(
        N_("On {date} {n:assigned licence is suspended,assigned licences are suspended}, those you chose first.")
        if facts.get("chosen")
        else N_("On {date} {n:assigned licence is suspended,assigned licences are suspended}, the newest first."),
        n=facts["count"],
        date=_date(facts, "on"),
    ),
    "reduction_costs": lambda facts, called: say(
        N_("Fewer licences cost more here: below this number each costs more.")
    ),
    "addition_pays": lambda facts, called: say(N_("More licences cost less here: from this number each costs less.")),
    "balance_due_at_booking": lambda facts, called: say(
        N_("An invoice of your organisation is overdue. What is booked stays, but pay it before the renewal.")
    ),
    "grace_used": lambda facts, called: say(
        N_("The days of grace were used in the last 12 months; users lose access on {date}."), date=_date(facts, "on")
    ),
}


def money_button(pay: Pay) -> str:
    """The button that names what leaves the account."""
    total = money(pay.total_minor, pay.currency)
    if pay.kind == "charge":
        return plain(N_("Pay {sum} now"), sum=total)
    if pay.kind == "invoice":
        return plain(N_("Order, {sum} on invoice"), sum=total)
    if pay.kind == "credit":
        return plain(N_("Save, {sum} back"), sum=total)
    return plain(N_("Save, nothing to pay now"))


def foot(pay: Pay) -> tuple[str, str, str]:
    """(label, amount, announcement) of the footer that is always in view."""
    total = money(pay.total_minor, pay.currency)
    if pay.kind == "credit":
        return plain(N_("You get back")), total, plain(N_("You get back {sum}"), sum=total)
    if pay.kind == "invoice":
        return plain(N_("Total on invoice")), total, plain(N_("Total on invoice {sum}"), sum=total)
    label = plain(N_("Total now"))
    return (
        label,
        money(0, pay.currency) if pay.kind == "nothing" else total,
        plain(N_("Total now {sum}"), sum=money(0, pay.currency) if pay.kind == "nothing" else total),
    )


def when_text(at: datetime, account: AccountRow) -> str:
    """An instant in the account's zone."""
    return instant(at, account.timezone)
