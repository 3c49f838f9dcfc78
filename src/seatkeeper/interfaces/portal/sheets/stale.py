"""What changed between a preview and its command, as a table of what was shown and what is so now."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.interfaces.web.formatting import long_date, money
from seatkeeper.interfaces.web.refusals import Names, refusal

SUMS = {"gross": N_("Total, incl. VAT"), "balance_used": N_("From your credit"), "charge": N_("Charged at once")}
DATES = {"due_on": N_("To be paid by"), "effective_on": N_("Takes effect on"), "renews_on": N_("Renews on")}
STALE = frozenset({"preview_stale", "preview_invalid"})
"""Refusals of a command whose preview does not hold any more: nothing is done, and it is shown anew."""
OF_ITEM = re.compile(r"_\d+$")
IN_DOCUMENT = re.compile(r"documents\.\d+\.(\w+)")


def changed(differences: Iterable[tuple[str, str, str]], currency: str) -> list[tuple[str, str, str]]:
    """(label, was, is now) of the sums and dates that differ; ids and the parts of sums are left out."""
    found: dict[str, tuple[str, str]] = {}
    for path, was, now in differences:
        inside = IN_DOCUMENT.fullmatch(path)
        name = inside.group(1) if inside else OF_ITEM.sub("", path.removeprefix("dates."))
        if name in SUMS:
            found[SUMS[name]] = (money(int(was), currency), money(int(now), currency))
        elif name in DATES:
            found[DATES[name]] = (_date(was), _date(now))
        elif path == "documents":
            found[SUMS["gross"]] = (_total(was, currency), _total(now, currency))
    return [(gettext(label), was, now) for label, (was, now) in found.items() if was != now]


def _date(text: str) -> str:
    return long_date(date.fromisoformat(text)) if text != "None" else ""


def _total(text: str, currency: str) -> str:
    documents: list[Mapping[str, int]] = ast.literal_eval(text)
    return money(sum(one["gross"] for one in documents), currency)


def stale_words(refused: Refused, names: Names, currency: str) -> SafeString:
    """The sentence of a stale or invalid preview, and the table of what changed."""
    sentence = refusal(refused.code, refused.facts, names)
    rows = changed(refused.facts.get("differences", ()), currency)  # type: ignore[arg-type]
    if not rows:
        return format_html("<p>{}</p>", sentence)
    cells = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="number quiet">{}</td><td class="number becomes">{}</td></tr>',
        rows,
    )
    head = '<p>{}</p><table><thead><tr><td></td><th class="number" scope="col">{}</th>'
    return format_html(
        head + '<th class="number" scope="col">{}</th></tr></thead><tbody>{}</tbody></table>',
        sentence, gettext("Was shown"), gettext("Is now"), cells,
    )  # fmt: skip
