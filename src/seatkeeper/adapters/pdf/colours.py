"""A seller's colour, and whether text in it can be read on white (WCAG 2.2: a contrast of 4.5)."""

from __future__ import annotations

import re

DARK = "#1b1a19"
PLAIN = "#2b4a6f"
_FORM = re.compile(r"#[0-9a-fA-F]{6}")


def usable(colour: str) -> str:
    """The colour as #rrggbb; the plain one for anything else."""
    return colour.lower() if _FORM.fullmatch(colour) else PLAIN


def _light(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: str) -> str:
    """The colour where it can be read on white, else a dark one."""
    return colour if 1.05 / (_light(colour) + 0.05) >= 4.5 else DARK
