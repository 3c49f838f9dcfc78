"""What the walk over every page does not see: the dialog, the receipt, other widths, other ways to look."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.browser import new_context
from tests.support.checks import cut
from tests.support.organisation import Organisation
from tests.support.steps import Person, faults
from tests.support.visited import PAGES, address

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores


def test_axe_finds_nothing_in_the_dialog_and_on_the_receipt(looker: Person, troubled: Organisation) -> None:
    looker.open("/products").go(address(troubled, "/products/{standard}/cancel"))
    looker.page.locator("dialog[open] #sheet-title").wait_for()
    found = {"sheet": faults(looker.page)}
    looker.confirm()
    looker.receipt()
    found["receipt"] = faults(looker.page)
    assert not any(found.values()), "\n".join(f"{path}: {report}" for path, report in found.items() if report)


def test_no_page_is_too_narrow_or_wide_for_its_screen(
    browser: Browser, troubled: Organisation, live_server: Any
) -> None:
    context = new_context(browser)
    person = Person(context.new_page(), live_server.url).sign_in(troubled.link())
    found = []
    for path in PAGES:
        person.open(address(troubled, path))
        for width in (390, 768, 1920):
            found += [f"{path} at {width}: {one}" for one in cut(person.page, width)]
    context.close()
    assert not found, "\n".join(found)


def test_without_colours_the_words_and_icons_tell_states_apart(
    browser: Browser, troubled: Organisation, live_server: Any
) -> None:
    context = new_context(browser)
    page = Person(context.new_page(), live_server.url).sign_in(troubled.link()).page
    seen = {}
    for name in ("basic", "copy"):
        row = page.locator(f'tbody tr:has(a[href="{address(troubled, f"/products/{{{name}}}")}"])').first
        mark = row.locator(".milestone")
        weight = mark.evaluate("one => getComputedStyle(one).fontWeight")
        seen[name] = (
            (mark.text_content() or "").split(" on")[0].strip(),
            mark.locator("use").get_attribute("href"),
            weight,
        )
    assert seen["basic"][0] == "Renews" and seen["copy"][0] == "Expires"
    assert all(one != other for one, other in zip(seen["basic"], seen["copy"], strict=True)), "word, icon and weight"
    for badge in page.locator(".badge").all():
        assert (badge.text_content() or "").strip() and badge.locator("svg").count() == 1
    page.emulate_media(forced_colors="active")
    bar = page.locator(".licence-bar .assigned").first
    assert bar.evaluate("one => getComputedStyle(one).fill") != page.locator(".licence-bar .track").first.evaluate(
        "one => getComputedStyle(one).fill"
    ), "bars keep their parts in forced colours"
    assert page.locator(".button").first.evaluate("one => getComputedStyle(one).borderStyle") == "solid"
    context.close()


@pytest.mark.parametrize("still", [True, False])
def test_nothing_moves_for_who_asked_for_stillness(
    browser: Browser, contoso: Organisation, live_server: Any, still: bool
) -> None:
    context = new_context(browser)
    page = Person(context.new_page(), live_server.url).sign_in(contoso.link()).page
    page.emulate_media(reduced_motion="reduce" if still else "no-preference")
    page.locator(f'a[href="{address(contoso, "/products/{standard}/cancel")}"]').first.click()
    dialog = page.locator("dialog[open]")
    dialog.wait_for()
    moves = dialog.evaluate("one => getComputedStyle(one).animationName")
    times = page.locator(".button, .nav a, .choice").evaluate_all(
        "all => all.map(one => getComputedStyle(one).transitionDuration)"
    )
    assert (moves == "none") == still
    assert all(set(one.split(", ")) == {"0s"} for one in times) == still
    context.close()
