"""A document's line in words: what happened, and the arithmetic that gives its very amount."""

from __future__ import annotations

from decimal import Decimal

from seatkeeper.adapters.wording.words import Words
from seatkeeper.core.decision import Counted, Line
from seatkeeper.core.money import micro_per_minor, round_half_away
from seatkeeper.core.periods import ONE_DAY, days_between

KINDS = frozenset({"added", "reduced", "cancelled", "disabled", "resumed", "plan_out", "plan_in"})


def sentence(line: Line, words: Words) -> str:
    """2 licences more for 17 of 31 days."""
    days = days_between(line.start, line.end)
    key = f"sentence_{line.kind}" if line.kind in KINDS else "sentence"
    if key == "sentence" and days != line.days_in_period:
        key = "sentence_part"
    return words.say(
        key, n=abs(line.seats), d=days, total=line.days_in_period, date=words.long_date(line.start),
        before=words.long_date(line.start - ONE_DAY),
    )  # fmt: skip


def unit_price(line: Line) -> tuple[int, bool]:
    """The list price in micro units for a whole billing period, and whether it is for one licence (else for all)."""
    runs = [one for one in (line.counted_before if line.kind == "plan_out" else line.counted) if one[0]]
    runs = runs or [one for one in line.counted_before if one[0]]
    if not runs:
        return 0, False
    _, seats, micro = runs[-1]
    return (micro // seats, True) if seats and micro % seats == 0 else (micro, False)


def formula(line: Line, currency: str, words: Words) -> str:
    """14 days with 10 and 17 days with 12 licences: (14 × €125.00 + 17 × €150.00) / 31 = €138.71; ..."""
    text = _whole(line, currency, words)
    if line.parts > 1:
        return words.say("formula_parts", text=text, amount=words.money(line.amount_minor, currency))
    return text


def _whole(line: Line, currency: str, words: Words) -> str:
    total = round_half_away(line.exact_after, line.denominator)
    amount_minor = total - line.charged_before_minor if line.parts > 1 else line.amount_minor
    amount = words.money(amount_minor, currency)
    runs = [run for run in line.counted if run[0]]
    if line.kind == "plan_out":
        own = line.exact_after - line.exact_before
        exact = Decimal(own) / line.denominator * micro_per_minor(currency)
        micro = round_half_away(*exact.as_integer_ratio())
        rounded = words.money(round_half_away(own, line.denominator), currency)
        return words.say("formula_out", exact=words.price(micro, currency), amount=rounded)
    if len(runs) == 1 and runs[0][0] == line.days_in_period and not line.charged_before_minor:
        _, seats, micro = runs[0]
        if seats and micro % seats == 0:
            return f"{words.number(seats)} × {words.price(micro // seats, currency)} = {amount}"
        return words.say("formula_price", n=seats, amount=amount)
    sums = " + ".join(_term(run, currency, words) for run in runs) or "0"
    text = f"({sums}) / {line.days_in_period} = {words.money(total, currency)}"
    if runs:
        spoken = words.join([words.say("formula_run", d=days, s=words.number(seats)) for days, seats, _ in runs])
        text = words.say("formula_runs", words=spoken, whole=text)
    if line.charged_before_minor:
        before = words.money(line.charged_before_minor, currency)
        text = words.say("formula_charged", text=text, before=before, amount=amount)
    return text


def _term(run: Counted, currency: str, words: Words) -> str:
    return f"{words.number(run[0])} × {words.price(run[2], currency)}"
