"""The pages of the documentation, and the fenced examples in them, as the documentation's tests read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.sources import ROOT

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLES = ("*.md", "docs/**/*.md")


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block. language: the word behind the fence. line: of its first line in the page, from 1."""

    page: Path
    language: str
    text: str
    line: int

    @property
    def name(self) -> str:
        """As a test is called: page and line."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def pages() -> list[Path]:
    """Every page of the project, sorted."""
    return sorted(path for pattern in _TITLES for path in ROOT.glob(pattern))


def examples(page: Path) -> Iterator[Example]:
    """Every fenced block of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        yield Example(page, match[1], match[2], text.count("\n", 0, match.start(2)) + 1)


def prose(page: Path) -> str:
    """A page without its fenced blocks and inline code."""
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", page.read_text(encoding="utf-8")))
