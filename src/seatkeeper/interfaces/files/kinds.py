"""The kinds of values that a file may hold: each reads a node, tells what is wrong with it, and knows its JSON Schema.

A form is a table of fields (`Field`) in a `Record`. It is the one source of reading, checking, errors and schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from seatkeeper.interfaces.files.nodes import LIST, MAPPING, NULL, NUMBER, TEXT, WORD, Node
from seatkeeper.interfaces.files.problems import MOST, BadFile, Problem, listed, nearest, shortened

WRONG: Any = object()
"""What a kind answers after it has noted a problem."""

ABSENT: Any = object()
"""A field that has no default: its key is left out of what is read."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


class Reading:
    """A file being read: its problems so far, and the ids that were declared, by sort."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.declared: dict[str, dict[str, Node]] = {}
        self.later: list[tuple[str, Node]] = []
        self.notes: dict[str, Any] = {}
        self.key = ""

    def wrong(self, node: Node, message: str) -> Any:
        """Note a problem; returns WRONG. "this ..." is told with the key that was read last, which Record keeps."""
        if message.startswith("this ") and self.key:
            message = f"{self.key}: {message}"
        self.problems.append(Problem(self.name, node.line, node.column, message))
        if len(self.problems) >= MOST:
            self.finish()
        return WRONG

    def warn(self, node: Node, message: str) -> None:
        """Note what is allowed but hardly meant."""
        self.warnings.append(Problem(self.name, node.line, node.column, message))

    def declare(self, sort: str, text: str, node: Node) -> None:
        """Make an id known; twice the same is a problem."""
        known = self.declared.setdefault(sort, {})
        if text in known:
            self.wrong(node, f"the {sort} '{text}' stands on line {known[text].line} already; ids are used once")
        known.setdefault(text, node)

    def refer(self, sort: str, node: Node) -> Any:
        """An id that must be declared by now."""
        known = self.declared.get(sort, {})
        if node.value in known:
            return node.value
        return self.wrong(node, f"no {sort} is called {shortened(node.value)}{nearest(node.value, known)}")

    def finish(self) -> None:
        """Raise BadFile where there were problems, in the order of the file."""
        if self.problems:
            raise BadFile(sorted(self.problems, key=lambda problem: (problem.line, problem.column)))


class Kind(Protocol):
    """A kind of value."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The value, or WRONG with a problem noted."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""


def _is_text(node: Node) -> bool:
    return node.kind in (TEXT, WORD) and node.flag() is None


@dataclass(frozen=True)
class Text:
    """Text of at most `most` characters, on one line unless `lines`."""

    most: int = 200
    lines: bool = False

    def read(self, node: Node, reading: Reading) -> Any:
        if not _is_text(node):
            quote = "; put it in quotes" if node.kind in (NUMBER, WORD) else ""
            return reading.wrong(node, f"this must be text, not {node.described()}{quote}")
        text = node.value.strip()
        if not text:
            return reading.wrong(node, "this text is empty")
        if len(text) > self.most:
            return reading.wrong(node, f"this text is longer than {self.most} characters")
        if any(ord(sign) < 32 and not (self.lines and sign == "\n") for sign in text):
            return reading.wrong(node, "this text must be one line, without control characters")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": self.most}


@dataclass(frozen=True)
class Declares:
    """An id that this place makes known, such as a product's."""

    sort: str

    def read(self, node: Node, reading: Reading) -> Any:
        if not _is_text(node) and node.kind != NUMBER:
            return reading.wrong(node, f"an id must be a word, not {node.described()}")
        if not _ID.match(node.value):
            return reading.wrong(
                node,
                f"{shortened(node.value)} cannot be an id: letters, digits, dots, dashes and underscores, at most 64",
            )
        reading.declare(self.sort, node.value, node)
        return node.value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}


@dataclass(frozen=True)
class Refers:
    """An id that stands elsewhere; before this place, unless `later`."""

    sort: str
    later: bool = False

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind in (LIST, MAPPING, NULL):
            return reading.wrong(node, f"this must be the id of a {self.sort}, not {node.described()}")
        if self.later:
            reading.later.append((self.sort, node))
            return node.value
        return reading.refer(self.sort, node)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True)
class Choice:
    """One of a few words. hints: other words that people write, and what they mean."""

    words: tuple[str, ...]
    hints: Mapping[str, str] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind in (LIST, MAPPING, NULL):
            return reading.wrong(node, f"this must be {listed(self.words)}, not {node.described()}")
        if node.value in self.words:
            return node.value
        hint = self.hints.get(node.value)
        said = f"; did you mean '{hint}'?" if hint else nearest(node.value, self.words)
        return reading.wrong(node, f"{shortened(node.value)} is not known here{said}")

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def read(self, node: Node, reading: Reading) -> Any:
        value = node.flag()
        return (
            value if value is not None else reading.wrong(node, f"this must be true or false, not {node.described()}")
        )

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Maybe:
    """Another kind, or null."""

    kind: Kind

    def read(self, node: Node, reading: Reading) -> Any:
        return None if node.kind == NULL else self.kind.read(node, reading)

    def schema(self) -> dict[str, Any]:
        inner = self.kind.schema()
        if isinstance(inner.get("type"), str) and "enum" not in inner:
            return {**inner, "type": [inner["type"], "null"]}
        return {"anyOf": [inner, {"type": "null"}]}


@dataclass(frozen=True)
class ListOf:
    """A list of another kind. unique: no value twice."""

    kind: Kind
    least: int = 0
    most: int = 100_000
    unique: bool = False

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind != LIST:
            return reading.wrong(node, f"this must be a list, not {node.described()}")
        if len(node.value) < self.least:
            return reading.wrong(node, "this list is empty" if self.least == 1 else "this list is too short")
        if len(node.value) > self.most:
            return reading.wrong(node, f"this list is longer than {self.most}")
        found = [self.kind.read(item, reading) for item in node.value]
        if WRONG in found:
            return WRONG
        if self.unique and len(set(found)) < len(found):
            twice = next(index for index, one in enumerate(found) if one in found[:index])
            return reading.wrong(node.value[twice], f"'{found[twice]}' stands in this list twice")
        return tuple(found)

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "array", "items": self.kind.schema()}
        if self.least:
            found["minItems"] = self.least
        if self.unique:
            found["uniqueItems"] = True
        return found


@dataclass(frozen=True)
class Either:
    """Text, or a form where a mapping stands."""

    text: Kind
    form: Kind

    def read(self, node: Node, reading: Reading) -> Any:
        return (self.form if node.kind == MAPPING else self.text).read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.text.schema(), self.form.schema()]}


def known_by(name: str, known: Iterable[str], what: str) -> Callable[[Node, Reading], Any]:
    """A reader of codes that stand in a fixed list, such as currencies."""
    codes = frozenset(known)

    def read(node: Node, reading: Reading) -> Any:
        if node.value.__class__ is str and node.value in codes:
            return node.value
        if node.kind in (LIST, MAPPING, NULL):
            return reading.wrong(node, f"this must be a {name}, {what}, not {node.described()}")
        return reading.wrong(node, f"{shortened(node.value)} is no {name}, {what}{nearest(node.value, codes)}")

    return read


@dataclass(frozen=True)
class Code:
    """A code that a function knows; `pattern` describes it to machines."""

    reader: Callable[[Node, Reading], Any]
    pattern: str

    def read(self, node: Node, reading: Reading) -> Any:
        return self.reader(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": self.pattern}
