"""The examples of the documentation are run: scenario blocks as scenario files, Python blocks as doctests."""

from __future__ import annotations

import doctest
import io
from pathlib import Path

import pytest

from seatkeeper.domain.catalog.operations import catalog
from seatkeeper.interfaces.scenario.files import scenario_from_text
from seatkeeper.interfaces.scenario.play import play
from tests.support.pages import Example, examples, pages
from tests.support.sources import ROOT, shown

SCENARIOS = [one for page in pages() for one in examples(page) if one.language == "scenario"]
DOCTESTED = [page for page in pages() if any(one.language == "python" and ">>>" in one.text for one in examples(page))]


@pytest.mark.django_db
@pytest.mark.parametrize("example", SCENARIOS, ids=lambda example: example.name)
def test_a_scenario_in_the_documentation_ends_as_it_says(example: Example) -> None:
    scenario = scenario_from_text(example.text, example.name)
    assert scenario.expect, "an example says what comes out"
    catalog.cache_clear()  # a seller of an earlier, rolled back test had this one's id
    different = play(scenario).differences
    assert not different, "\n".join(f"{one.path}: expected {one.expected!r}, found {one.found!r}" for one in different)


@pytest.mark.parametrize("page", DOCTESTED, ids=shown)
def test_python_in_the_documentation_answers_as_it_says(page: Path) -> None:
    """All Python blocks of a page are one session, in order."""
    parser, names, said = doctest.DocTestParser(), {}, io.StringIO()
    runner = doctest.DocTestRunner(verbose=False)
    for example in examples(page):
        if example.language == "python" and ">>>" in example.text:
            test = parser.get_doctest(example.text, names, example.name, str(page), example.line - 1)
            runner.run(test, out=said.write, clear_globs=False)
            names = test.globs
    assert runner.failures == 0, said.getvalue()


def test_every_rule_page_has_an_example() -> None:
    with_examples = {one.page for one in SCENARIOS} | set(DOCTESTED)
    without = set((ROOT / "docs" / "concepts").glob("*.md")) - with_examples
    assert {page.name for page in without} <= {"glossary.md"}
