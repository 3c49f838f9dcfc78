"""What is wrong with a file: where it stands, what is the matter, and the nearest right name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MOST = 20
"""So many problems of one file are told; what is more, nobody reads."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. line and column count from 1; 0: the file as a whole."""

    file: str
    line: int
    column: int
    message: str

    @property
    def where(self) -> str:
        """File, line and column, as editors and terminals link them."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class BadFile(Exception):
    """A file that cannot be taken as it is; nothing of it was applied. `problems` is never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def data(self, file: str) -> dict[str, object]:
        """The form that machines read: the first problem as the error, and all of them."""
        told = [{"where": problem.where, "message": problem.message} for problem in self.problems]
        return {"file": file, "error": told[0], "problems": told}


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that another nearly is, in whatever case; None where nothing is near."""
    lowered = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), lowered, n=1, cutoff=0.6) if len(word) <= 80 else []
    return lowered[found[0]] if found else None


def nearest(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'x'?" for a word that is nearly a known one, else the known ones where they are few, else ""."""
    names = list(known)
    found = closest(word, names)
    if found is not None:
        return f"; did you mean '{found}'?"
    if 0 < len(names) <= 12:
        return f"; it can be {listed(names)}"
    return ""


def listed(names: Iterable[str]) -> str:
    """a, b or c."""
    quoted = list(names)
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def shortened(text: str) -> str:
    """A text from a file as a message quotes it: one line, not too long."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= 60 else flat[:57] + "...")
