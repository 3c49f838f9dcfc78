"""A document's line as a headline, a sentence and a formula that gives its very amount (SCREENS.md, principle 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Counted, Line, VatSum
from seatkeeper.core.money import micro_per_minor, round_half_away
from seatkeeper.core.periods import days_between
from seatkeeper.interfaces.web.formatting import decimal_text, join, long_date, money, number, price, span
from seatkeeper.interfaces.web.text import plain

WHOLE = N_("{n:licence,licences} for {period}.")
SENTENCES = {
    "added": N_("{k} more for {d} of {total:day,days}."),
    "reduced": N_("{k} fewer from {date}: {d} of {total:day,days} credited."),
    "cancelled": N_("Cancelled on {before}: {d} of {total:day,days} credited."),
    "disabled": N_("Disabled on {date}, unpaid: {d} of {total:day,days} credited."),
    "resumed": N_("{n:licence,licences} again from {date}: {d} of {total:day,days}."),
    "plan_out": N_("{n:licence,licences} of the old plan, from {date}: {d} of {total:day,days} credited."),
    "plan_in": N_("{n:licence,licences} of the new plan, from {date}: {d} of {total:day,days}."),
}
HEADLINES = {
    "added": N_("{k:more licence,more licences}, {period}"),
    "reduced": N_("{k:licence fewer,licences fewer}, {period}"),
    "cancelled": N_("{k:licence cancelled,licences cancelled}, {period}"),
    "disabled": N_("{k:licence disabled,licences disabled}, {period}"),
    "plan_out": N_("{k:licence of the old plan,licences of the old plan}, {period}"),
    "plan_in": N_("{k:licence of the new plan,licences of the new plan}, {period}"),
}
HEADLINE = N_("{k:licence,licences}, {period}")
PART_OF = N_("{words} ({d} of {total} days)")


@dataclass(frozen=True, slots=True)
class Explained:
    """A line in words. exact: one level deeper, the unrounded sum and the rounding carried."""

    headline: str
    sentence: str
    formula: str
    exact: str
    amount_minor: int


def explain(line: Line, currency: str) -> Explained:
    """Word a line. The formula's last number is the line's amount."""
    return Explained(headline(line), sentence(line), formula(line, currency), exact(line, currency), line.amount_minor)


def _values(line: Line) -> dict[str, object]:
    return {
        "n": abs(line.seats),
        "k": abs(line.seats),
        "d": days_between(line.start, line.end),
        "total": line.days_in_period,
        "date": long_date(line.start),
        "before": long_date(line.start - timedelta(days=1)),
        "period": span(line.start, line.end),
    }


def headline(line: Line) -> str:
    """2 more licences, 15 to 31 March 2026 (17 of 31 days)."""
    values = _values(line)
    words = plain(HEADLINES.get(line.kind, HEADLINE), **values)
    if values["d"] == line.days_in_period:
        return words
    return plain(PART_OF, words=words, d=values["d"], total=line.days_in_period)


def sentence(line: Line) -> str:
    """2 more for 17 of 31 days."""
    return plain(SENTENCES.get(line.kind, WHOLE), **_values(line))


def _term(run: Counted, currency: str) -> str:
    """One run of days: its days times the price of its licences for a whole period."""
    return f"{number(run[0])} × {price(run[2], currency)}"


def formula(line: Line, currency: str) -> str:
    """14 days with 10 and 17 days with 12 licences: (14 × €125.00 + 17 × €150.00) / 31 = €138.71; ..."""
    total = round_half_away(line.exact_after, line.denominator)
    runs = [run for run in line.counted if run[0]]
    amount = money(line.amount_minor, currency)
    if line.kind == "plan_out":
        own = Decimal(line.exact_after - line.exact_before) / line.denominator
        return plain(
            N_("The old plan's days from then on, exactly {exact}, rounded: {amount}"),
            exact=_fine(own, currency),
            amount=amount,
        )
    if len(runs) == 1 and runs[0][0] == line.days_in_period and not line.charged_before_minor:
        _, seats, micro = runs[0]
        if seats and micro % seats == 0:
            return f"{number(seats)} × {price(micro // seats, currency)} = {amount}"
        return plain(N_("Price of {n:licence,licences}: {amount}"), n=seats, amount=amount)
    words = join([plain(N_("{d:day,days} with {s}"), d=days, s=number(seats)) for days, seats, _ in runs])
    sums = " + ".join(_term(run, currency) for run in runs) or "0"
    whole = f"({sums}) / {line.days_in_period} = {money(total, currency)}"
    text = plain(N_("{words} licences: {whole}"), words=words, whole=whole) if runs else whole
    if line.charged_before_minor:
        text = plain(
            N_("{text}; already charged {before}; difference {amount}"),
            text=text,
            before=money(line.charged_before_minor, currency),
            amount=amount,
        )
    return text


def exact(line: Line, currency: str) -> str:
    """The unrounded difference, and what rounding carried over from earlier lines of the period."""
    difference = Decimal(line.exact_after - line.exact_before) / line.denominator
    carried = line.amount_minor - difference
    text = plain(N_("Exactly {exact} before rounding"), exact=_fine(difference, currency))
    if carried.quantize(Decimal("0.0001")):
        text = plain(N_("{text}; rounding carried {carried}"), text=text, carried=_fine(carried, currency))
    return text


def _fine(minor: Decimal, currency: str) -> str:
    """An unrounded amount in minor units, with up to six decimals of the main unit."""
    micro = round_half_away(*(minor * micro_per_minor(currency)).as_integer_ratio())
    return price(micro, currency)


def vat_label(one: VatSum) -> str:
    """VAT 21%; reverse charge, exempt and outside the EU in words."""
    if one.category == "AE":
        return plain(N_("VAT reverse charge: you account for the VAT"))
    if one.category == "E":
        return plain(N_("Exempt from VAT"))
    if one.category == "O":
        return plain(N_("No VAT: outside the EU"))
    return plain(N_("VAT {rate}%"), rate=decimal_text(Decimal(one.rate)))
