"""Files of about 300 lines and functions of about 40: what is longer says why, in exceptions.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.support.sources import functions_of, python_files, shown

FILE_LINES = 300
FUNCTION_LINES = 40
EXCEPTIONS = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))


def _budgeted_files() -> list[Path]:
    """All of the package but migrations, which Django writes."""
    return [path for path in python_files() if path.parent.name != "migrations"]


def _excused(kind: str) -> dict[str, int]:
    return {entry["name"]: entry["lines"] for entry in EXCEPTIONS.get(kind, [])}


def _file_lengths() -> dict[str, int]:
    files = _budgeted_files()
    return {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}


def _function_lengths() -> dict[str, int]:
    return {
        f"{shown(path)}:{name}": lines for path in _budgeted_files() for name, lines in functions_of(path)
    }


def test_no_file_is_longer_than_its_budget() -> None:
    excused = _excused("file")
    long = {name: n for name, n in _file_lengths().items() if n > excused.get(name, FILE_LINES)}
    assert not long, f"split these, or say why not in tests/tidy/exceptions.toml: {long}"


def test_no_function_is_longer_than_its_budget() -> None:
    excused = _excused("function")
    long = {name: n for name, n in _function_lengths().items() if n > excused.get(name, FUNCTION_LINES)}
    assert not long, f"split these, or say why not in tests/tidy/exceptions.toml: {long}"


def test_every_exception_has_a_reason_and_is_still_needed() -> None:
    lengths = _file_lengths() | _function_lengths()
    budgets = {"file": FILE_LINES, "function": FUNCTION_LINES}
    for kind, budget in budgets.items():
        for entry in EXCEPTIONS.get(kind, []):
            name = entry["name"]
            assert len(entry.get("reason", "")) > 20, f"{name}: give the reason"
            assert name in lengths, f"{name} is gone: remove its exception"
            assert lengths[name] > budget, f"{name} is within the budget now: remove its exception"


def test_exceptions_are_of_a_known_kind() -> None:
    assert set(EXCEPTIONS) <= {"file", "function"}, "exceptions.toml knows [[file]] and [[function]]"
