"""Whether a result is what a file expects: mappings key by key, so that a part is enough; lists whole and in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MISSING = "(not there)"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a result differs. path: such as documents[2].lines[0].amount."""

    path: str
    expected: Any
    found: Any

    def data(self) -> dict[str, Any]:
        """The form that machines read."""
        return {"path": self.path, "expected": self.expected, "found": self.found}


def differences(expected: Any, found: Any, path: str = "") -> Iterator[Difference]:
    """Every difference, in the order of the expectation. Text and an unquoted whole number are the same digits."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            yield Difference(path, expected, found)
            return
        for key, value in expected.items():
            yield from differences(value, found.get(key, MISSING), f"{path}.{key}" if path else str(key))
    elif isinstance(expected, list | tuple):
        yield from _lists(list(expected), found, path)
    elif not _same(expected, found):
        yield Difference(path, expected, found)


def _lists(expected: list[Any], found: Any, path: str) -> Iterator[Difference]:
    if not isinstance(found, list | tuple):
        yield Difference(path, expected, found)
        return
    for index, (one, other) in enumerate(zip(expected, found, strict=False)):
        yield from differences(one, other, f"{path}[{index}]")
    for index in range(len(found), len(expected)):
        yield Difference(f"{path}[{index}]", expected[index], MISSING)
    for index in range(len(expected), len(found)):
        yield Difference(f"{path}[{index}]", MISSING, found[index])


def _same(expected: Any, found: Any) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int) and isinstance(found, str):
        return str(expected) == found
    return bool(expected == found)
