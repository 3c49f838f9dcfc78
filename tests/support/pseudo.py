"""A language that no one speaks: every sentence of the catalogue in brackets and longer by two fifths.

It takes the place of Dutch while a test runs. What it shows cut, a longer translation would show cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings
from django.utils.translation import trans_real

from seatkeeper.interfaces.web import text
from seatkeeper.interfaces.web.messages import sentences
from seatkeeper.interfaces.web.templatetags import look

MORE = 0.4
_TOKEN = re.compile(r"(\{\w+:|\[\w+:|\{\w+\}|[\[\]{},]|\s+)")
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouy]", re.IGNORECASE)
_CACHES = (text._pieces, text._escaped, text._still, look.icon, look._drawn_badge, look._time)


def longer(word: str) -> str:
    """A word with vowels doubled until it is longer by two fifths, at least by one letter."""
    wanted = max(round(len(word) * MORE), 1)
    grown, added = [], 0
    for letter in word:
        grown.append(letter)
        if added < wanted and _VOWELS.match(letter):
            grown.append(letter)
            added += 1
    return "".join(grown) + "o" * (wanted - added)


def stretched(sentence: str) -> str:
    """A sentence in brackets, its values, plurals and links where they were."""
    words = (piece if _TOKEN.fullmatch(piece) else _WORD.sub(_longer, piece) for piece in _TOKEN.split(sentence))
    return f"⟦{''.join(words)}⟧"


def _longer(word: re.Match[str]) -> str:
    return longer(word[0])


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """Dutch readers read the stretched language."""
    catalogue = Catalog(locale="nl", charset="utf-8")
    for (context, sentence), _ in sentences():
        catalogue.add(sentence, stretched(sentence), context=context)
    place = folder / "nl" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    before = settings.LOCALE_PATHS
    try:
        settings.LOCALE_PATHS = [folder]
        _forget()
        yield
    finally:
        settings.LOCALE_PATHS = before
        _forget()


def _forget() -> None:
    trans_real._translations.clear()  # type: ignore[attr-defined]
    for cache in _CACHES:
        cache.cache_clear()
