"""A document's difference from the one before it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.invoicing.rows import CauseRow, Why
from seatkeeper.interfaces.web.formatting import decimal_text, money, number
from seatkeeper.interfaces.web.text import plain

CAUSES = {
    "new": N_("{product} is new: {after:licence,licences}"),
    "due_again": N_("{product}: billed again, {after:licence,licences}"),
    "ended": N_("{product} is not billed any more"),
    "not_due": N_("{product}: not due this time, paid for longer"),
    "plan": N_("{product}: another plan"),
    "frequency": N_("{product}: another billing frequency"),
    "price": N_("{product}: price of a licence changed"),
    "part": N_("{product}: part of a period, or a change while it ran"),
    "vat": N_("VAT on that"),
    "vat_rate": N_("VAT rate changed from {before}% to {after}%"),
    "rounding": N_("Rounding"),
}
MORE = N_("{product}: {n:licence,licences} more, {before} to {after}")
FEWER = N_("{product}: {n:licence,licences} fewer, {before} to {after}")


@dataclass(frozen=True, slots=True)
class Cause:
    """One row of the table: its words and what it adds, with its sign."""

    words: str
    reference: str
    amount: str


@dataclass(frozen=True, slots=True)
class WhyTable:
    """The table: its question, its rows and their sum."""

    title: str
    number: str
    rows: tuple[Cause, ...]
    total: str


def why_words(why: Why, currency: str) -> WhyTable:
    """The causes of a difference, and the difference that they add up to."""
    amount = money(abs(why.difference_minor), currency)
    if why.difference_minor > 0:
        title = plain(N_("Why {sum} more than {number}?"), sum=amount, number=why.number)
    elif why.difference_minor < 0:
        title = plain(N_("Why {sum} less than {number}?"), sum=amount, number=why.number)
    else:
        title = plain(N_("The same total as {number}"), number=why.number)
    rows = tuple(Cause(_words(one), one.reference, signed(one.amount_minor, currency)) for one in why.causes)
    return WhyTable(title, why.number, rows, signed(why.difference_minor, currency))


def signed(minor: int, currency: str) -> str:
    """+€25.00; a negative amount has its own sign, nothing has none."""
    return f"+{money(minor, currency)}" if minor > 0 else money(minor, currency)


def _words(one: CauseRow) -> str:
    if one.kind == "licences":
        before, after = int(one.before), int(one.after)
        return plain(
            MORE if after > before else FEWER, product=one.product_name, n=abs(after - before),
            before=number(before), after=number(after),
        )  # fmt: skip
    values: dict[str, object] = {"product": one.product_name}
    if one.kind == "vat_rate":
        values |= {"before": decimal_text(Decimal(one.before)), "after": decimal_text(Decimal(one.after))}
    elif one.after:
        values["after"] = int(one.after)
    return plain(CAUSES[one.kind], **values)
