"""The help pages: every amount of an example is recomputed here from DOMAIN.md 3 and 4, and stands on the page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from seatkeeper.core.money import round_half_away
from seatkeeper.core.periods import days_between
from seatkeeper.interfaces.portal import help_examples
from seatkeeper.interfaces.portal.help_examples import MAKERS, example
from seatkeeper.interfaces.portal.views.help_pages import TOPICS
from seatkeeper.interfaces.web.formatting import money

FOLDER = Path(help_examples.__file__).parent / "templates" / "portal" / "help"
LANGUAGES = ("en", "nl")
HEADINGS = {
    "en": ["What it does", "When it is possible", "What it costs", "What happens afterwards", "How to take it back"],
    "nl": ["Wat het doet", "Wanneer het kan", "Wat het kost", "Wat er daarna gebeurt", "Hoe u het terugdraait"],
}
MARCH, APRIL = 31, 30
SEAT = 1250
"""The price of one licence for a month, in cents."""
YEAR = 14040


def _vat(net: int) -> int:
    return round_half_away(net * 21, 100)


def _gross(net: int) -> int:
    return net + _vat(net)


ADDED = round_half_away(14 * 10 * SEAT + 17 * 12 * SEAT, MARCH) - 10 * SEAT
CANCELLED = 10 * SEAT - round_half_away(15 * 10 * SEAT, MARCH)
ALIGNED = round_half_away(17 * 5 * SEAT, MARCH)

AMOUNTS: dict[str, tuple[int, ...]] = {
    "licences": (SEAT, ADDED, _vat(ADDED), _gross(ADDED), _gross(12 * SEAT), _gross(10 * SEAT)),
    "status": (SEAT, 10 * SEAT, _vat(10 * SEAT), _gross(10 * SEAT)),
    "renewal": (SEAT, 0, 8 * SEAT, _vat(8 * SEAT), _gross(8 * SEAT), _gross(10 * SEAT)),
    "payment": (10 * SEAT, _vat(10 * SEAT), _gross(10 * SEAT)),
    "frequency": (
        SEAT,
        YEAR,
        0,
        10 * YEAR,
        _vat(10 * YEAR),
        _gross(10 * YEAR),
        _gross(10 * SEAT),
        12 * _gross(10 * SEAT) - _gross(10 * YEAR),
    ),
    "cancelling": (SEAT, CANCELLED, _vat(CANCELLED), _gross(CANCELLED)),
    "buying": (SEAT, 5 * SEAT, _vat(5 * SEAT), _gross(5 * SEAT), ALIGNED, _vat(ALIGNED), _gross(ALIGNED)),
}
"""The amounts of each example in the order of the page, in cents."""


def _page(topic: str, language: str) -> str:
    with override(language):
        return render_to_string(f"portal/help/{topic}.{language}.html", {"row": None, "page": None})


def _example(topic: str, language: str) -> str:
    found = re.search(r'<p class="example">(.*?)</p>', _page(topic, language), re.DOTALL)
    assert found, "each help page has one example"
    return found.group(1)


def test_every_topic_has_an_example() -> None:
    assert set(TOPICS) == set(MAKERS) == set(AMOUNTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", AMOUNTS)
def test_the_amounts_on_the_page(topic: str, language: str) -> None:
    shown = re.findall(r"€\u00a0?\d[\d.,]*\d", _example(topic, language))
    with override(language):
        assert shown == [money(amount, "EUR") for amount in AMOUNTS[topic]]


def test_the_sums_of_the_specification() -> None:
    """10 to 12 licences on 15 March: €13.71, VAT €2.88, €16.59; yearly: €1,698.84, €116.16 less."""
    licences, frequency = example("licences"), example("frequency")
    assert (licences.net_minor, licences.vat_minor, licences.gross_minor) == (1371, 288, 1659)
    assert frequency.later is not None
    assert (frequency.later.gross_minor, frequency.saved_a_year_minor) == (169884, 11616)


@pytest.mark.parametrize(
    ("topic", "start", "end", "of_days"),
    [
        ("licences", date(2026, 3, 15), date(2026, 4, 1), MARCH),
        ("status", date(2026, 4, 1), date(2026, 5, 1), APRIL),
        ("cancelling", date(2026, 3, 16), date(2026, 4, 1), MARCH),
        ("buying", date(2026, 3, 15), date(2026, 4, 15), MARCH),
    ],
)
def test_the_days_that_count(topic: str, start: date, end: date, of_days: int) -> None:
    """The day of an addition is charged, the day of a cancellation is not credited (DOMAIN.md 3.4)."""
    found = example(topic)
    assert (found.start, found.end, found.of_days) == (start, end, of_days)
    assert found.days == days_between(start, end)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", AMOUNTS)
def test_five_parts(topic: str, language: str) -> None:
    assert re.findall(r"<section><h2>([^<]+)</h2>", _page(topic, language)) == HEADINGS[language]


@pytest.mark.parametrize("topic", AMOUNTS)
def test_both_languages_say_the_same_things(topic: str) -> None:
    tags = [re.findall(r"<(h2|ul|li|p)\b", _page(topic, language)) for language in LANGUAGES]
    assert tags[0] == tags[1]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.??.html")), ids=lambda path: path.name)
def test_no_amount_is_typed(path: Path) -> None:
    """Amounts, prices and dates of examples come from the core, never from the template."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"[€$]|EUR \d|\d[.,]\d\d\b|\b20\d\d\b", text)
