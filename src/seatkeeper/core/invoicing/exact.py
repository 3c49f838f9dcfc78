"""The exact charge E of a billing period, by stretches of equal days (DOMAIN.md 3.4). No rounding happens here."""

from __future__ import annotations

from datetime import date

from seatkeeper.core.catalog.prices import Price
from seatkeeper.core.periods import ONE_DAY
from seatkeeper.core.state import Stretch


def counted_on(stretches: tuple[Stretch, ...], day: date) -> Stretch | None:
    """The stretch that holds a day; None before the first."""
    found = None
    for stretch in stretches:
        if stretch.start > day:
            break
        found = stretch
    return found


def change_by_person(
    stretches: tuple[Stretch, ...], day: date, end: date, plan: str | None, price: Price | None, seats: int
) -> tuple[tuple[Stretch, ...], date]:
    """Hold something else from a moment of `day` on; the day counts its dearest holding, equal: the last one held.

    Returns the new stretches and the first day whose count changes (`day` or the day after).
    """
    held = Stretch(day, plan, price, seats)
    now = counted_on(stretches, day)
    if now is None or held.total_micro >= now.total_micro:
        same = now is not None and now.same_holding(held)
        return change_by_run(stretches, day, plan, price, seats), day + ONE_DAY if same else day
    before = tuple(stretch for stretch in stretches if stretch.start < day)
    if not before or not before[-1].same_holding(now):
        before += (Stretch(day, now.plan, now.price, now.seats),)
    tomorrow = day + ONE_DAY
    after = (Stretch(tomorrow, plan, price, seats),) if tomorrow < end else ()
    return before + after, tomorrow


def change_by_run(
    stretches: tuple[Stretch, ...], day: date, plan: str | None, price: Price | None, seats: int
) -> tuple[Stretch, ...]:
    """Hold something else from the first instant of `day` on: that day counts the new state only."""
    before = tuple(stretch for stretch in stretches if stretch.start < day)
    held = Stretch(day, plan, price, seats)
    if before and before[-1].same_holding(held):
        return before
    return (*before, held)


def runs(stretches: tuple[Stretch, ...], end: date) -> list[tuple[int, Stretch]]:
    """(days, stretch) for every stretch, the last one running to the period's end."""
    found = []
    last = len(stretches) - 1
    for index, stretch in enumerate(stretches):
        until = end if index == last else stretches[index + 1].start
        found.append((until.toordinal() - stretch.start.toordinal(), stretch))
    return found


def exact_micro_days(stretches: tuple[Stretch, ...], end: date, plan: str | None = None) -> int:
    """Sum of days x P(q) in micro units; with `plan`, only the days that count that plan. E = this / N days."""
    return sum(
        days * stretch.total_micro
        for days, stretch in runs(stretches, end)
        if stretch.price is not None and (plan is None or stretch.plan == plan)
    )
