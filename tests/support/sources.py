"""The project's own source, as the tidy tests read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "seatkeeper"


def python_files(*folders: str) -> list[Path]:
    """Every Python file under these folders of the package (all of it when none is named), sorted."""
    tops = [PACKAGE / folder for folder in folders] or [PACKAGE]
    return sorted(path for top in tops for path in top.rglob("*.py"))


def shown(path: Path) -> str:
    """A path as people read it: from the project's root."""
    return path.relative_to(ROOT).as_posix()


@lru_cache(maxsize=1024)
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every import in a file, wherever it stands."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, ("." * node.level) + (node.module or "")


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    """(qualified name, lines) of every function in a file, `def` to end; a docstring does not count."""

    def walk(node: ast.AST, prefix: str) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{prefix}{child.name}"
                yield name, _height(child) - _docstring_height(child)
                yield from walk(child, f"{name}.")
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, f"{prefix}{child.name}.")
            else:
                yield from walk(child, prefix)

    return walk(parsed(path), "")


def _height(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def _docstring_height(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return _height(function.body[0]) if ast.get_docstring(function, clean=False) is not None else 0
