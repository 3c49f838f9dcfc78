"""A frozen value with some fields changed: `dataclasses.replace` for the values that every decision changes."""

from __future__ import annotations

from typing import Any, TypeVar

Value = TypeVar("Value")


def changed(value: Value, **fields: Any) -> Value:
    """The same value with these fields; fields it does not have are a mistake of ours.

    For frozen dataclasses without slots and without __post_init__. It copies the fields at once, where `replace`
    checks, fetches and sets each of thirty: a seventh of the time, and a renewal does it nine times.
    """
    made = object.__new__(value.__class__)
    kept = made.__dict__
    kept.update(value.__dict__)
    count = len(kept)
    kept.update(fields)
    assert len(kept) == count, "a value has the fields of its class only"
    return made
