"""Refusals as plain sentences, for doors without links: terminals, scenario reports, logs."""

from __future__ import annotations

from html import unescape

from django.utils.html import strip_tags

from seatkeeper.core.refusals import Refused
from seatkeeper.interfaces.web.refusals import SENTENCES, Names, refusal


def plain_refusal(refused: Refused, names: Names | None = None) -> str:
    """What is wrong and what to do; the code where it has no sentence."""
    if refused.code not in SENTENCES:
        return refused.code
    return unescape(strip_tags(refusal(refused.code, refused.facts, names))).replace("\u00a0", " ")
