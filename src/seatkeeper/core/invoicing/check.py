"""An independent check of what was charged: every amount recomputed from the arithmetic that its line keeps.

Written apart from the code that charges: fractions instead of scaled integers, its own rounding, its own P(q).
It shares nothing with `exact`, `lines` and `money`, so that a mistake there shows here (DOMAIN.md 3).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

ZERO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A stored line with its arithmetic. counted: (days, seats, P(q) in micro units) of the period afterwards."""

    id: int
    document: int
    sequence: int
    kind: str
    amount_minor: int
    left_minor: int
    end: date
    days: int
    before: int
    after: int
    over: int
    charged: int
    counted: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold: of which line (None: of the period as a whole), what was expected and found."""

    line: int | None
    what: str
    expected: object
    found: object


def micro_in_minor(currency: str) -> int:
    """Micro units in one minor unit: 10 000 for two decimals, 1 000 000 for none, 1 000 for three."""
    if currency in ZERO_DECIMALS:
        return 1_000_000
    return 1_000 if currency in THREE_DECIMALS else 10_000


def rounded(exact: Fraction) -> int:
    """To the nearest whole number, halves away from zero."""
    size = math.floor(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size


def price_micro(model: str, tiers: Sequence[tuple[int | None, int]], seats: int) -> int:
    """P(q) in micro units, seat by seat from the tiers."""
    if model == "flat":
        return tiers[0][1] * (seats > 0)
    if model == "graduated":
        total, start = 0, 0
        for up_to, micro in tiers:
            end = seats if up_to is None else up_to
            total += micro * max(0, min(seats, end) - start)
            start = end
        return total
    reached = [micro for up_to, micro in tiers if up_to is None or up_to >= seats]
    return reached[0] * seats


def period_faults(lines: Sequence[CheckedLine], *, start: date, currency: str) -> Iterator[Fault]:
    """What does not hold for the lines of one billing period, in order of their sequence numbers.

    After each document the lines so far add up to round(E), where E comes from the days that the document's lines
    say the period counts. So the lines of the period always stand for its rounded exact charge (DOMAIN.md 3.5).
    """
    total = 0
    for expected, line in enumerate(lines, start=1):
        if line.sequence != expected:
            yield Fault(line.id, "sequence", expected, line.sequence)
        yield from _own_faults(line, start, currency)
    for _, group in groupby(lines, key=lambda line: (line.document, line.counted)):
        together = list(group)
        yield from _amount_faults(together, total)
        total += sum(line.amount_minor for line in together)
        exact = exact_minor(together[-1], currency)
        if rounded(exact) != total:
            yield Fault(together[-1].id, "lines add up to round(E)", rounded(exact), total)
    left = sum(line.left_minor for line in lines)
    if left != total:
        yield Fault(None, "left to credit is what was charged", total, left)


def exact_minor(line: CheckedLine, currency: str) -> Fraction:
    """E in minor units from the runs of days that the line says the period counts."""
    days = sum((Fraction(days * micro) for days, _, micro in line.counted), Fraction(0))
    return days / line.days / micro_in_minor(currency)


def _own_faults(line: CheckedLine, start: date, currency: str) -> Iterator[Fault]:
    days = (line.end - start).days
    if line.days != days:
        yield Fault(line.id, "days of the period", days, line.days)
    if line.over != days * micro_in_minor(currency):
        yield Fault(line.id, "denominator", days * micro_in_minor(currency), line.over)
    counted = sum(days for days, _, _ in line.counted)
    if counted > days:
        yield Fault(line.id, "days counted at most", days, counted)
    if not 0 <= line.left_minor <= max(line.amount_minor, 0):
        yield Fault(line.id, "left to credit at most", max(line.amount_minor, 0), line.left_minor)
    if line.amount_minor == 0:
        yield Fault(line.id, "lines of zero are left out", "an amount", 0)


def _amount_faults(together: list[CheckedLine], total: int) -> Iterator[Fault]:
    """Each amount of one change from its own arithmetic; the parts of a credit over several rates count as one."""
    for kind, parts in groupby(together, key=lambda line: line.kind):
        of_one = list(parts)
        first, amount = of_one[0], sum(line.amount_minor for line in of_one)
        if kind == "plan_out":
            expected = rounded(Fraction(first.after - first.before, first.over))
        else:
            expected = rounded(Fraction(first.after, first.over)) - total
        if first.charged != total:
            yield Fault(first.id, "charged before", total, first.charged)
        if amount != expected:
            yield Fault(first.id, "amount", expected, amount)
        total += amount
