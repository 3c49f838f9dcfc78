"""Forms: mappings with known keys. What is required, what is left out, and what is built of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from seatkeeper.interfaces.files.kinds import ABSENT, WRONG, Kind, Reading
from seatkeeper.interfaces.files.nodes import MAPPING, Node
from seatkeeper.interfaces.files.problems import closest, listed, nearest

Values = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One key of a form. default ABSENT: left out of what is read. about: a sentence for the schema."""

    kind: Kind
    required: bool = False
    default: Any = ABSENT
    about: str = ""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, with the sentence and the default."""
        found = dict(self.kind.schema())
        if self.about:
            found["description"] = self.about
        if isinstance(self.default, tuple):
            found["default"] = list(self.default)
        elif isinstance(self.default, str | int):
            found["default"] = self.default
        return found


def need(kind: Kind, about: str = "") -> Field:
    """A key that must be there."""
    return Field(kind, required=True, about=about)


def may(kind: Kind, default: Any = ABSENT, about: str = "") -> Field:
    """A key that may be there."""
    return Field(kind, default=default, about=about)


@dataclass(frozen=True)
class Record:
    """A mapping with known keys, read in the order of `fields`, whatever the file's.

    one_of: exactly one of these keys must be there. build: makes the value of what was read, and may note problems.
    open: unknown keys are welcome, as in what the program itself writes.
    """

    what: str
    fields: Mapping[str, Field]
    one_of: tuple[str, ...] = ()
    build: Callable[[Values, Node, Reading], Any] | None = None
    open: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> Any:
        """The built value; WRONG where any part of it was wrong."""
        if node.kind != MAPPING:
            return reading.wrong(node, f"{self.what} must be a mapping (key: value), not {node.described()}")
        meant = self._meant(node, reading)
        good = self._chosen(node, reading) and meant is None
        values: Values = {}
        for name, one in self.fields.items():
            pair = node.value.get(name)
            if pair is not None:
                reading.key = name
                value = one.kind.read(pair[1], reading)
                good = good and value is not WRONG
                values[name] = value
            elif one.required:
                if meant is None or name not in meant:
                    reading.wrong(node, f"{self.what} lacks '{name}'")
                good = False
            elif one.default is not ABSENT:
                values[name] = one.default
        if not good:
            return WRONG
        return self.build(values, node, reading) if self.build is not None else values

    def _meant(self, node: Node, reading: Reading) -> set[str] | None:
        """What unknown keys were probably meant to be; None where every key is known."""
        unknown = [] if self.open else [name for name in node.value if name not in self.fields]
        meant = set()
        for name in unknown:
            hint = self.hints.get(name) or closest(name, self.fields)
            said = f"; did you mean '{hint}'?" if hint else nearest(name, self.fields)
            reading.wrong(node.value[name][0], f"{self.what} has no key '{name[:60]}'{said}")
            meant.add(hint or "")
        return meant if unknown else None

    def _chosen(self, node: Node, reading: Reading) -> bool:
        given = [name for name in self.one_of if name in node.value]
        if not self.one_of or len(given) == 1 or (not given and not self.fields.keys() >= node.value.keys()):
            return True
        said = f"not {' and '.join(given)} together" if given else "none is there"
        reading.wrong(node, f"{self.what} has exactly one of {listed(self.one_of)}; {said}")
        return False

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        found: dict[str, Any] = {
            "type": "object",
            "properties": {name: one.schema() for name, one in self.fields.items()},
        }
        required = [name for name, one in self.fields.items() if one.required]
        if required:
            found["required"] = required
        if not self.open:
            found["additionalProperties"] = False
        if self.one_of:
            found["oneOf"] = [{"required": [name]} for name in self.one_of]
        return found


@dataclass(frozen=True)
class MapOf:
    """A mapping whose keys are ids or names, and whose values are all of one kind."""

    kind: Kind
    keys: str = ""

    def read(self, node: Node, reading: Reading) -> Any:
        """The values by key. keys: a sort of id that each key must be."""
        if node.kind != MAPPING:
            return reading.wrong(node, f"this must be a mapping (key: value), not {node.described()}")
        found = {}
        for name, (key, value) in node.value.items():
            if self.keys and reading.refer(self.keys, key) is WRONG:
                continue
            found[name] = self.kind.read(value, reading)
        return WRONG if WRONG in found.values() else found

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "object", "additionalProperties": self.kind.schema()}


@dataclass(frozen=True)
class Anything:
    """Whatever stands there, as plain values."""

    def read(self, node: Node, reading: Reading) -> Any:
        """Lists, mappings, text, whole numbers, flags and None."""
        return node.plain()

    def schema(self) -> dict[str, Any]:
        """No limits."""
        return {}
