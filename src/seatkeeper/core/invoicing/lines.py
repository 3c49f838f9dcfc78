"""The lines of a change: they add up to round(E after) - round(E before) of each billing period (DOMAIN.md 3.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from seatkeeper.core.decision import Counted, Line
from seatkeeper.core.invoicing.exact import counted_on, exact_micro_days, runs
from seatkeeper.core.money import micro_per_minor, round_half_away
from seatkeeper.core.periods import ONE_DAY, days_between
from seatkeeper.core.state import ChargeLine, Stretch, Subscription


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period with what its days count and what its lines add up to so far."""

    start: date
    end: date
    stretches: tuple[Stretch, ...]
    charged_minor: int
    line_count: int

    @property
    def days(self) -> int:
        """N, the number of days in the whole billing period."""
        return days_between(self.start, self.end)


def period_of(subscription: Subscription) -> Period:
    """The current billing period of a subscription that has one."""
    assert subscription.period_start is not None and subscription.period_end is not None
    return Period(
        subscription.period_start,
        subscription.period_end,
        subscription.stretches,
        subscription.charged_minor,
        subscription.line_count,
    )


def _counted(stretches: tuple[Stretch, ...], end: date) -> tuple[Counted, ...]:
    return tuple((days, stretch.seats, stretch.total_micro) for days, stretch in runs(stretches, end))


def change_line(
    subscription: Subscription,
    period: Period,
    after: tuple[Stretch, ...],
    *,
    kind: str,
    seats: int,
    start: date,
    plan: str,
    vat: tuple[str, str],
    currency: str,
) -> Line:
    """One line for a change of what a period's days count; its amount may be zero. seats is the signed change."""
    denominator = period.days * micro_per_minor(currency)
    exact_before = exact_micro_days(period.stretches, period.end)
    exact_after = exact_micro_days(after, period.end)
    return Line(
        subscription=subscription.id,
        product=subscription.product,
        plan=plan,
        kind=kind,
        seats=seats,
        start=start,
        end=period.end,
        period_start=period.start,
        sequence=period.line_count + 1,
        amount_minor=round_half_away(exact_after, denominator) - period.charged_minor,
        category=vat[0],
        rate=vat[1],
        exact_before=exact_before,
        exact_after=exact_after,
        denominator=denominator,
        charged_before_minor=period.charged_minor,
        days_in_period=period.days,
        counted=_counted(after, period.end),
        counted_before=_counted(period.stretches, period.end) if period.stretches else (),
    )


def plan_change_lines(
    subscription: Subscription,
    period: Period,
    after: tuple[Stretch, ...],
    *,
    start: date,
    plan: str,
    vat: tuple[str, str],
    currency: str,
) -> tuple[Line, Line]:
    """Two lines for a change of plan: the old plan's own difference, rounded alone, then the rest on the new plan."""
    whole = change_line(
        subscription,
        period,
        after,
        kind="plan_in",
        seats=subscription.seats,
        start=start,
        plan=plan,
        vat=vat,
        currency=currency,
    )
    old = subscription.plan
    own = exact_micro_days(after, period.end, old) - exact_micro_days(period.stretches, period.end, old)
    out_minor = round_half_away(own, whole.denominator)
    middle = whole.exact_before + own
    line_out = replace(
        whole,
        kind="plan_out",
        plan=old,
        seats=-subscription.seats,
        start=_first_of_plan(period.stretches, start, old),
        amount_minor=out_minor,
        exact_after=middle,
    )
    line_in = replace(
        whole,
        sequence=whole.sequence + 1,
        amount_minor=whole.amount_minor - out_minor,
        exact_before=middle,
        charged_before_minor=period.charged_minor + out_minor,
    )
    return line_out, line_in


def _first_of_plan(stretches: tuple[Stretch, ...], start: date, plan: str) -> date:
    """The first day, from `start` on, that counted the plan before the change."""
    now = counted_on(stretches, start)
    return start if now is None or now.plan == plan else start + ONE_DAY


def take_back(line: Line, charges: tuple[ChargeLine, ...]) -> tuple[Line, ...]:
    """Split a credit over the charge lines that it takes back, newest first: one line for each category and rate.

    charges: the creditable lines of the same billing period, newest first. Sequence numbers follow on.
    Source: DOMAIN.md 4.4, SCENARIO.md 15.
    """
    wanted = -line.amount_minor
    assert wanted > 0, "only a credit takes back"
    groups: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for charge in charges:
        taken = min(wanted, charge.left_minor)
        if taken > 0:
            groups.setdefault((charge.category, charge.rate), []).append((charge.id, taken))
            wanted -= taken
    assert wanted == 0, "a credit never exceeds what its period was charged"
    return tuple(
        replace(
            line,
            sequence=line.sequence + index,
            amount_minor=-sum(taken for _, taken in takes),
            category=category,
            rate=rate,
            takes=tuple(takes),
            part=index + 1,
            parts=len(groups),
        )
        for index, ((category, rate), takes) in enumerate(groups.items())
    )


def lines_left(charges: tuple[ChargeLine, ...], line: Line) -> tuple[ChargeLine, ...]:
    """The charge lines after a credit took its share."""
    taken = dict(line.takes)
    return tuple(
        replace(charge, left_minor=charge.left_minor - taken.get(charge.id, 0)) for charge in charges
    )
