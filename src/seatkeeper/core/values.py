"""Frozen values for what every decision makes and changes by the thousand.

`value` is `dataclass(frozen=True)` with a quicker __init__, and `changed` a quicker `dataclasses.replace`: the standard
ones set each of up to thirty fields by a call of its own. Figures: docs/operating/performance.md.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar, cast, dataclass_transform

Kind = TypeVar("Kind", bound=type)
Value = TypeVar("Value")


@dataclass_transform(frozen_default=True)
def value(cls: Kind) -> Kind:
    """Make a class a frozen dataclass, without slots, whose fields are put into the instance's dictionary at once.

    Raises TypeError where a field is missing or unknown.
    """
    made: Any = dataclass(frozen=True)(cls)
    assert not hasattr(made, "__post_init__"), "nothing runs after __init__"
    names = tuple(field.name for field in fields(made))
    defaults = {field.name: field.default for field in fields(made) if field.default is not MISSING}
    makers = tuple((field.name, field.default_factory) for field in fields(made) if callable(field.default_factory))
    count = len(names)

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807 - it becomes the class's own
        values = self.__dict__
        values.update(defaults)
        values.update(zip(names, given, strict=False))
        values.update(named)
        for name, make in makers:
            if name not in values:
                values[name] = make()
        if len(values) != count or len(given) > count:
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}; it was given {', '.join(values)}")

    made.__init__ = __init__
    return cast(Kind, made)


def changed(original: Value, /, **given: Any) -> Value:
    """The same value with these fields; one that it does not have is a mistake of ours. For classes of `value` only."""
    made = object.__new__(original.__class__)
    kept = made.__dict__
    kept.update(original.__dict__)
    count = len(kept)
    kept.update(given)
    assert len(kept) == count, "a value has the fields of its class only"
    return made
