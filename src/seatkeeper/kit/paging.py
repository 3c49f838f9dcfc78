"""Pages by key: a page begins after (or ends before) a row that is named, never at a count of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

SIZES = (25, 50, 100)
DEFAULT_SIZE = 50

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """One page of a sequence. before, after: the keys that the links to its neighbours name; empty where it has none.

    total: how many rows there are on all pages.
    """

    rows: tuple[Item, ...]
    before: str
    after: str
    total: int


def page_by_key(
    rows: Sequence[Item], key: Callable[[Item], str], *, after: str = "", before: str = "", size: int = DEFAULT_SIZE
) -> Paged[Item]:
    """The page of ordered rows that follows the row with the key `after`, or comes before the one named `before`.

    A key that no row has begins at the first row: it was removed, or somebody made it up.
    """
    start = 0
    named = before or after
    if named:
        index = next((place for place, row in enumerate(rows) if key(row) == named), None)
        if index is not None:
            start = max(index - size, 0) if before else index + 1
    found = tuple(rows[start : start + size])
    return Paged(
        found,
        before=key(found[0]) if found and start > 0 else "",
        after=key(found[-1]) if found and start + size < len(rows) else "",
        total=len(rows),
    )
