"""Money is whole numbers. `float(` and a bare `round(` never occur where money is decided or kept."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.sources import parsed, python_files, shown

BANNED = {"float": "amounts are whole minor units", "round": "every rounding is named: core/money.py"}


@pytest.mark.parametrize("path", python_files("core", "kit", "domain"), ids=shown)
def test_no_float_and_no_bare_round(path: Path) -> None:
    stray = [
        f"line {node.lineno}: {node.func.id}( ({BANNED[node.func.id]})"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BANNED
    ]
    assert not stray, f"{shown(path)}: {stray}"
