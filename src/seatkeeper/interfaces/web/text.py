"""One sentence, in the reader's language, with values, plurals and links put in.

A sentence is its own English key in the catalogue. `{x}` is a value; `{n:licence,licences}` prints number and word,
`[n:is,are]` the word only (1 takes the first, every other number the second, in both languages); any other
`[words]` is a link, to the addresses given in order. Values are escaped; the template is not read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.html import escape as escape_text
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from seatkeeper.interfaces.web.formatting import number

_LINK = re.compile(r"\[(?!\w+:[^\[\]]*,)([^\[\]]+)\]")
_VALUE = re.compile(r"\{(\w+)(?::([^{},]*),([^{}]*))?\}|\[(\w+):([^\[\],]*),([^\[\]]*)\]")


@lru_cache(maxsize=4096)
def _pieces(language: str | None, template: str) -> tuple[str, ...]:
    """The sentence in the active language, cut at its links: text, link, text, link, ..., text."""
    return tuple(_LINK.split(gettext(template)))


@lru_cache(maxsize=4096)
def _escaped(language: str | None, template: str) -> tuple[str, ...]:
    return tuple(str(escape_text(piece)) for piece in _pieces(language, template))


@lru_cache(maxsize=4096)
def _still(language: str | None, template: str) -> SafeString:
    """A sentence without values and links: most of a page's words."""
    return mark_safe("".join(_escaped(language, template)))  # noqa: S308


def say(template: str, *links: str | None, **values: object) -> SafeString:
    """The sentence as HTML. links: addresses for its `[words]`, in order; None leaves the words as text."""
    if not values and not any(links):
        return _still(get_language(), template)
    return _filled(_escaped(get_language(), template), iter(links), values)


def plain(template: str, **values: object) -> str:
    """The sentence as text, for titles, attributes and mail subjects. Links become their words."""
    return "".join(_put(piece, values, escape=False) for piece in _pieces(get_language(), template))


def _filled(pieces: tuple[str, ...], links: Iterator[str | None], values: Mapping[str, object]) -> SafeString:
    out: list[str] = []
    for index, piece in enumerate(pieces):
        words = _put(piece, values, escape=True) if "{" in piece or "[" in piece else piece
        address = next(links, None) if index % 2 else None
        out.append(format_html('<a href="{}">{}</a>', address, mark_safe(words)) if address else words)  # noqa: S308
    return mark_safe("".join(out))  # noqa: S308 - every value was escaped in _put


def _put(piece: str, values: Mapping[str, object], *, escape: bool) -> str:
    """Put the values in. escape: the piece is HTML already, and its values become so."""

    def one(match: re.Match[str]) -> str:
        name, single, several, word_of, word_single, word_several = match.groups()
        if word_of:
            return word_single if values[word_of] == 1 else word_several
        value = values[name]
        if single is not None:
            assert isinstance(value, int)
            return f"{number(value)}\u00a0{single if value == 1 else several}"
        text = value if isinstance(value, str) else str(value)
        return str(conditional_escape(text)) if escape else text

    return _VALUE.sub(one, piece)
