"""What another dunning table would have done with failures of the past: what is known, and what cannot be (DOMAIN.md
9.5). Pure.

A failure tells on which days a charge was refused, and on which day it was paid, by a try or by a person. From that:
* a try on or before the last refusal would have been refused; one on or after the day of payment taken;
* a try between the two may have gone either way: that is counted apart, never as a success;
* a person who paid would have paid on that same day, unless access had been taken away before;
* of a failure that was never paid, no try after its last refusal is taken to succeed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from seatkeeper.core.tables import DISABLE, TRY

RECOVERED, PERHAPS, DISABLED, OPEN = "recovered", "perhaps", "disabled", "open"
MOST_DAYS: Final = 365

Table = tuple[tuple[int, str], ...]


class Failure(NamedTuple):
    """An invoice whose charge was refused. Days are counted from its due date."""

    currency: str
    amount_minor: int
    refused_days: tuple[int, ...]
    paid_day: int | None
    by_person: bool
    hard: bool = False


class Ending(NamedTuple):
    """What became of a failure. kind: recovered, perhaps (before the table's end, it is not known), disabled, open."""

    kind: str
    day: int | None
    tries: int


class Result(NamedTuple):
    """One currency's failures under a table. days: from due date to payment, of those that were recovered."""

    currency: str
    kind: str
    failures: int
    amount_minor: int
    tries: int
    days: int


def ending(failure: Failure, table: Table) -> Ending:
    """What the table would have done with a failure."""
    last_refusal = max(failure.refused_days, default=0)
    paid, tries, perhaps = failure.paid_day, 0, None
    for day, action in table:
        if paid is not None and failure.by_person and paid <= day:
            return Ending(RECOVERED, paid, tries)
        if action == DISABLE:
            return Ending(PERHAPS, perhaps, tries) if perhaps is not None else Ending(DISABLED, day, tries)
        if failure.hard:
            continue
        tries += 1
        if paid is not None and day >= paid:
            return Ending(RECOVERED, day, tries) if perhaps is None else Ending(RECOVERED, paid, tries)
        if paid is not None and last_refusal < day < paid and perhaps is None:
            perhaps = day
    if paid is not None and failure.by_person:
        return Ending(RECOVERED, paid, tries)
    return Ending(PERHAPS, perhaps, tries) if perhaps is not None else Ending(OPEN, None, tries)


def simulate(failures: Iterable[Failure], table: Table) -> tuple[Result, ...]:
    """The failures by currency and ending."""
    found: dict[tuple[str, str], list[int]] = {}
    for failure in failures:
        end = ending(failure, table)
        sums = found.setdefault((failure.currency, end.kind), [0, 0, 0, 0])
        sums[0] += 1
        sums[1] += failure.amount_minor
        sums[2] += end.tries
        sums[3] += end.day if end.kind == RECOVERED and end.day is not None else 0
    return tuple(Result(*key, *sums) for key, sums in sorted(found.items()))


def text_of_table(table: Table) -> str:
    """The table as `table_from_text` reads it."""
    return ", ".join(f"{days} {action}" for days, action in table)


def table_from_text(text: str) -> Table:
    """Read "3 try, 7 try, 30 disable". Raises ValueError for what is no table.

    Days grow, from 1 to 365; there is at least one step, and disabling is the last one, where it is one at all.
    """
    steps: list[tuple[int, str]] = []
    for part in text.split(","):
        words = part.split()
        if len(words) != 2 or not (words[0].isascii() and words[0].isdigit()) or words[1] not in (TRY, DISABLE):
            raise ValueError(f"not a step: '{part.strip()}'; write days and try or disable, such as 3 try, 30 disable")
        steps.append((int(words[0]), words[1]))
    days = [day for day, _ in steps]
    if days != sorted(set(days)) or not days[0] >= 1 or days[-1] > MOST_DAYS:
        raise ValueError(f"the days must grow, from 1 to {MOST_DAYS}")
    if DISABLE in [action for _, action in steps[:-1]]:
        raise ValueError("disabling must be the last step")
    return tuple(steps)
