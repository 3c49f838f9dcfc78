"""Why a document comes to more or less than the one before it: causes that add up to the difference to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from seatkeeper.core.decision import Line
from seatkeeper.core.money import micro_per_minor, round_half_away
from seatkeeper.core.tax.vat import vat_sums

REGULAR = frozenset(
    {"period", "renewed", "bought", "aligned", "reactivated", "resumed", "started", "trial_ended"}
)
"""Lines that charge a billing period; all others change what a period is charged."""
SAME_LENGTH_DAYS = 3
"""Months differ by at most this many days; more is another billing frequency."""
CAUSES = (
    "new", "due_again", "ended", "not_due", "plan", "frequency", "licences", "price", "part", "vat", "vat_rate",
    "rounding",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason. subscription None: of the whole document. before, after: licences, or a VAT rate, where it has such.

    kind: one of CAUSES. part: a period that is charged in part, or changed while it ran, on either document.
    """

    kind: str
    subscription: int | None
    amount_minor: int
    before: str = ""
    after: str = ""


def causes(
    earlier: Sequence[Line], later: Sequence[Line], *, known: frozenset[int] | None = None, currency: str
) -> tuple[Cause, ...]:
    """What makes the later total differ from the earlier one, VAT included; what comes to nothing is left out.

    known: the subscriptions that were charged before the later document; None: those of the earlier one.
    """
    before, after = _by_subscription(earlier), _by_subscription(later)
    charged = known if known is not None else frozenset(before)
    found: list[Cause] = []
    for subscription in dict.fromkeys([*after, *before]):
        old, new = before.get(subscription, []), after.get(subscription, [])
        found += _of_subscription(subscription, old, new, later, charged=subscription in charged, currency=currency)
    found += _vat(earlier, later)
    return _merged(found)


def comparable(lines: Iterable[Line]) -> frozenset[int]:
    """The subscriptions for which a document charges a billing period."""
    return frozenset(line.subscription for line in lines if line.kind in REGULAR)


def _by_subscription(lines: Iterable[Line]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.subscription, []).append(line)
    return found


def _net(lines: Iterable[Line]) -> int:
    return sum(line.amount_minor for line in lines)


def _regular(lines: list[Line]) -> Line | None:
    """The charge of the latest period among some lines of one subscription."""
    return max((one for one in lines if one.kind in REGULAR), key=lambda one: one.period_start, default=None)


def _of_subscription(
    subscription: int, old: list[Line], new: list[Line], later: Sequence[Line], *, charged: bool, currency: str
) -> list[Cause]:
    was, now = _regular(old), _regular(new)
    found: list[Cause] = []
    if was is not None and now is not None:
        found = _both(was, now, currency)
    elif now is not None:
        found = [Cause("due_again" if charged else "new", subscription, now.amount_minor, after=str(now.seats))]
    elif was is not None:
        runs_on = any(line.kind in REGULAR and was.end > line.start for line in later)
        found = [Cause("not_due" if runs_on else "ended", subscription, -was.amount_minor, before=str(was.seats))]
    rest = _net(one for one in new if one is not now) - _net(one for one in old if one is not was)
    return [*found, Cause("part", subscription, rest)]


def _both(was: Line, now: Line, currency: str) -> list[Cause]:
    """The causes of one subscription that both documents charge; they add up to the difference of the two lines."""
    unit, id_ = micro_per_minor(currency), now.subscription
    (old_seats, old_micro), (seats, micro) = _whole(was), _whole(now)
    old_full, full = round_half_away(old_micro, unit), round_half_away(micro, unit)
    part = (now.amount_minor - full) - (was.amount_minor - old_full)
    labels = str(old_seats), str(seats)
    found = [Cause("part", id_, part)]
    if was.plan != now.plan:
        longer = abs(was.days_in_period - now.days_in_period) > SAME_LENGTH_DAYS
        return [Cause("frequency" if longer else "plan", id_, full - old_full, *labels), *found]
    if not old_seats:
        return [Cause("licences", id_, full - old_full, *labels), *found]
    of_licences = round_half_away((seats - old_seats) * old_micro, old_seats * unit)
    of_price = round_half_away(micro * old_seats - seats * old_micro, old_seats * unit)
    rounding = full - old_full - of_licences - of_price
    found += [Cause("licences", id_, of_licences, *labels), Cause("price", id_, of_price)]
    return [*found, Cause("rounding", None, rounding)]


def _whole(line: Line) -> tuple[int, int]:
    """(seats, price in micro units) of a whole billing period as the line's last days count it."""
    last = next((run for run in reversed(line.counted) if run[0] and run[1]), None)
    return (last[1], last[2]) if last is not None else (0, 0)


def _vat(earlier: Sequence[Line], later: Sequence[Line]) -> list[Cause]:
    """VAT on what differs, what a change of rate adds, and what rounding leaves."""
    difference = sum(one.vat_minor for one in vat_sums(later)) - sum(one.vat_minor for one in vat_sums(earlier))
    old_rates = {line.subscription: line.rate for line in earlier}
    changed: dict[tuple[str, str], Decimal] = {}
    exact = Decimal(0)
    for line in later:
        exact += line.amount_minor * Decimal(line.rate) / 100
        old = old_rates.get(line.subscription, line.rate)
        if old != line.rate:
            step = line.amount_minor * (Decimal(line.rate) - Decimal(old)) / 100
            changed[old, line.rate] = changed.get((old, line.rate), Decimal(0)) + step
    exact -= sum((line.amount_minor * Decimal(line.rate) / 100 for line in earlier), Decimal(0))
    steps = {rates: _rounded(step) for rates, step in changed.items()}
    plain = _rounded(exact - sum(changed.values(), Decimal(0)))
    found = [Cause("vat", None, plain)]
    found += [Cause("vat_rate", None, step, *rates) for rates, step in steps.items()]
    return [*found, Cause("rounding", None, difference - plain - sum(steps.values()))]


def _rounded(value: Decimal) -> int:
    return round_half_away(*value.as_integer_ratio())


def _merged(found: Iterable[Cause]) -> tuple[Cause, ...]:
    """Equal kinds of one subscription as one, in the order of CAUSES, without those that come to nothing."""
    sums: dict[tuple[str, int | None, str, str], int] = {}
    for one in found:
        key = (one.kind, one.subscription, one.before, one.after)
        sums[key] = sums.get(key, 0) + one.amount_minor
    rows = [Cause(kind, id_, amount, *ends) for (kind, id_, *ends), amount in sums.items() if amount]
    return tuple(sorted(rows, key=lambda one: CAUSES.index(one.kind)))
