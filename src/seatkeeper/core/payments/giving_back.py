"""To which payments money goes back: newest first, never more than each took (DOMAIN.md 9.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seatkeeper.core.state import PaidPart


def given_back(parts: Iterable[PaidPart], wanted: int, already: Mapping[int, int]) -> list[tuple[int, int]]:
    """(payment, minor units) that come to what is wanted, or to less where the payments took less.

    parts: newest first. already: what goes back to them besides, by payment.
    """
    found = []
    for part in parts:
        taken = min(wanted, part.left_minor - already.get(part.attempt, 0))
        if taken > 0:
            found.append((part.attempt, taken))
            wanted -= taken
    return found
