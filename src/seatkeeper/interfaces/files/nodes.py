"""YAML as nodes with their places. Safe by construction: no tags, no objects, limits on size, depth and aliases.

Scalars keep their text, so that a price is never a binary float and an unquoted `on` or `no` is a word. JSON is
YAML, so JSON files are read too.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from yaml import events

from seatkeeper.interfaces.files.problems import BadFile, Problem, shortened

MOST_BYTES = 5_000_000
MOST_NODES = 500_000
MOST_DEPTH = 40
MOST_ALIASES = 1000

TEXT = "text"
NUMBER = "number"
WORD = "word"
NULL = "nothing"
LIST = "list"
MAPPING = "mapping"

_WHOLE = re.compile(r"[-+]?[0-9]+\Z", re.ASCII)
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?\Z", re.ASCII)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

_Parser: Any = getattr(yaml, "CLoader", None) or yaml.Loader
"""Only its events are used: it constructs nothing. The C parser where PyYAML has it."""


class Node:
    """One value of a file. value: str of a scalar, list of nodes, or dict of key -> (key's node, value's node)."""

    __slots__ = ("column", "kind", "line", "size", "value")

    def __init__(self, kind: str, value: Any, line: int, column: int) -> None:
        self.kind = kind
        self.value = value
        self.line = line
        self.column = column
        self.size = 1

    def child(self, key: str) -> Node:
        """The value under a key of a mapping; the mapping itself where there is none."""
        found = self.value.get(key) if self.kind == MAPPING else None
        return found[1] if found is not None else self

    def flag(self) -> bool | None:
        """True or false, for an unquoted `true` or `false`; None for everything else."""
        return _FLAGS.get(self.value) if self.kind == WORD else None

    def whole(self) -> int | None:
        """A whole number, unquoted and of a sane length; None for everything else."""
        if self.kind == NUMBER and len(self.value) <= 18 and _WHOLE.match(self.value):
            return int(self.value)
        return None

    def plain(self) -> Any:
        """Lists, mappings, text, whole numbers, flags and None. Other numbers stay text, exactly as written."""
        if self.kind == MAPPING:
            return {key: pair[1].plain() for key, pair in self.value.items()}
        if self.kind == LIST:
            return [item.plain() for item in self.value]
        if self.kind == NULL:
            return None
        flag = self.flag()
        if flag is not None:
            return flag
        whole = self.whole()
        return whole if whole is not None else self.value

    def described(self) -> str:
        """What stands there, for a message."""
        if self.kind in (LIST, MAPPING):
            return f"a {self.kind}"
        if self.kind == NULL:
            return "nothing"
        return f"the number {shortened(self.value)[1:-1]}" if self.kind == NUMBER else shortened(self.value)


def read_text(path: Path, name: str) -> str:
    """The text of a file of at most 5 MB. Raises BadFile where there is none, or it is no text."""

    def bad(message: str) -> BadFile:
        return BadFile([Problem(name, 0, 0, message)])

    try:
        with path.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise bad("there is no such file") from None
    except OSError as error:
        raise bad(f"it cannot be read: {(error.strerror or 'unknown reason').lower()}") from None
    if len(data) > MOST_BYTES:
        raise bad("it is larger than 5 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise bad("it is not text in UTF-8") from None


def compose(text: str, name: str) -> Node:
    """The one document of a text, as nodes. Raises BadFile with the place of whatever is not allowed."""
    composer = _Composer(name)
    try:
        return composer.document(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part) or "this is not YAML"
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise BadFile([Problem(name, line, column, f"this is not YAML: {said}")]) from None
    except yaml.YAMLError as error:
        # No place is given for characters that YAML forbids.
        raise BadFile([Problem(name, 0, 0, f"this is not YAML: {shortened(str(error))[1:-1]}")]) from None


class _Composer:
    def __init__(self, name: str) -> None:
        self.name = name
        self.anchors: dict[str, Node] = {}
        self.aliases = 0
        self.nodes = 0

    def bad(self, event: events.Event, message: str) -> BadFile:
        line, column = _place(event)
        return BadFile([Problem(self.name, line, column, message)])

    def document(self, text: str) -> Node:
        parser = _Parser(text)
        try:
            parser.get_event()
            first = parser.get_event()
            if isinstance(first, events.StreamEndEvent):
                raise BadFile([Problem(self.name, 0, 0, "it is empty")])
            root = self.node(parser, parser.get_event(), 0)
            parser.get_event()
            last = parser.get_event()
            if not isinstance(last, events.StreamEndEvent):
                raise self.bad(last, "a second document begins here; one file holds one")
            return root
        finally:
            parser.dispose()

    def node(self, parser: Any, event: Any, depth: int) -> Node:
        if isinstance(event, events.AliasEvent):
            return self.alias(event)
        if event.tag is not None:
            raise self.bad(event, f"tags such as {shortened(event.tag)} are not allowed here")
        if depth > MOST_DEPTH:
            raise self.bad(event, f"this is nested more than {MOST_DEPTH} levels deep")
        found = Node(TEXT, "", *_place(event))
        if isinstance(event, events.ScalarEvent):
            found.value = event.value
            if event.implicit[0]:
                found.kind = _scalar_kind(event.value)
        elif isinstance(event, events.SequenceStartEvent):
            found.kind, found.value = LIST, []
            self.items(parser, found, depth)
        else:
            found.kind, found.value = MAPPING, {}
            self.pairs(parser, found, depth)
        self.count(event, 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = found
        return found

    def items(self, parser: Any, found: Node, depth: int) -> None:
        while not isinstance(event := parser.get_event(), events.SequenceEndEvent):
            item = self.node(parser, event, depth + 1)
            found.size += item.size
            found.value.append(item)

    def pairs(self, parser: Any, found: Node, depth: int) -> None:
        while not isinstance(event := parser.get_event(), events.MappingEndEvent):
            key = self.node(parser, event, depth + 1)
            if key.kind in (LIST, MAPPING):
                raise self.bad(event, "a key must be a word")
            if key.value in found.value:
                line = found.value[key.value][0].line
                raise self.bad(event, f"{shortened(key.value)} stands here twice; the first is on line {line}")
            value = self.node(parser, parser.get_event(), depth + 1)
            found.size += key.size + value.size
            found.value[key.value] = (key, value)

    def alias(self, event: events.AliasEvent) -> Node:
        self.aliases += 1
        target = self.anchors.get(str(event.anchor))
        if target is None:
            raise self.bad(event, f"nothing complete is called &{event.anchor} above this")
        if self.aliases > MOST_ALIASES:
            raise self.bad(event, f"more than {MOST_ALIASES} aliases")
        self.count(event, target.size)
        return target

    def count(self, event: events.Event, more: int) -> None:
        self.nodes += more
        if self.nodes > MOST_NODES:
            raise self.bad(event, f"more than {MOST_NODES} values, with aliases written out")


def _place(event: Any) -> tuple[int, int]:
    """Line and column of an event, from 1."""
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _scalar_kind(value: str) -> str:
    if value in _NULLS:
        return NULL
    return NUMBER if _NUMBER.match(value) else WORD
