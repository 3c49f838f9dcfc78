"""Writing XML quickly: elements as text, in the order in which they are told."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_PLAIN = re.compile(r"[^&<>\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]*\Z")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def clean(text: str) -> str:
    """Text as XML may hold it."""
    return _FORBIDDEN.sub("", text).strip()


def tag(name: str, text: str, **attributes: str) -> str:
    """An element with text; nothing without text, as no element may be empty."""
    own = text.strip()
    if not _PLAIN.match(own):
        own = escape(clean(own))
    if not own:
        return ""
    if not attributes:
        return f"<{name}>{own}</{name}>"
    more = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return f"<{name}{more}>{own}</{name}>"


def group(name: str, *parts: str) -> str:
    """An element of elements; nothing when all of them are missing."""
    inner = "".join(parts)
    return f"<{name}>{inner}</{name}>" if inner else ""
