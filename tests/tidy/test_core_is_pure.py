"""The core decides from what it is given: it imports a short list of the standard library, and itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.sources import imports_of, parsed, python_files, shown

ALLOWED = frozenset(
    {
        "__future__",
        "abc",
        "base64",
        "binascii",
        "bisect",
        "calendar",
        "collections",
        "collections.abc",
        "contextlib",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "hmac",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "string",
        "struct",
        "types",
        "typing",
        "unicodedata",
        "zoneinfo",
    }
)
# Calls that ask the machine something, or reach out of the process.
FORBIDDEN_CALLS = frozenset({"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint"})
FORBIDDEN_ATTRIBUTES = frozenset({"now", "utcnow", "today", "fromtimestamp"})


@pytest.mark.parametrize("path", python_files("core"), ids=shown)
def test_core_imports_only_the_allowed_standard_library(path: Path) -> None:
    stray = [
        f"line {line}: {name}"
        for line, name in imports_of(path)
        if name not in ALLOWED and name != "seatkeeper.core" and not name.startswith("seatkeeper.core.")
    ]
    assert not stray, f"{shown(path)} imports what the core may not: {stray}"


@pytest.mark.parametrize("path", python_files("core"), ids=shown)
def test_core_asks_the_machine_nothing(path: Path) -> None:
    stray = []
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in FORBIDDEN_CALLS:
            stray.append(f"line {node.lineno}: {called.id}(")
        if isinstance(called, ast.Attribute) and called.attr in FORBIDDEN_ATTRIBUTES:
            owner = ast.unparse(called.value)
            if owner in {"date", "datetime", "datetime.date", "datetime.datetime", "time"}:
                stray.append(f"line {node.lineno}: {owner}.{called.attr}(")
    assert not stray, f"{shown(path)} asks the machine: {stray}"
