"""Without JavaScript: reading, paying, cancelling, downloading."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import new_context
from tests.support.organisation import Organisation
from tests.support.steps import Person
from tests.support.visited import PAGES, SHEETS, address

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores

DOWNLOADS = {"/products": "/products.csv?", "/": "/overview.csv", "/savings": "/savings.csv"}


def test_it_reads_pays_cancels_and_downloads(browser: Browser, troubled: Organisation, live_server: Any) -> None:
    context = new_context(browser, scripts=False)
    person = Person(context.new_page(), live_server.url).sign_in(troubled.link())
    page = person.page
    for path in (*PAGES, *SHEETS):
        person.open(address(troubled, path))
        expect(page.locator("h1"), path).to_be_visible()
        assert not page.locator("[data-confirm][aria-disabled]").count(), path
    for path, file in DOWNLOADS.items():
        person.open(path)
        with page.expect_download() as download:
            page.locator(f'a[href="{file}"]:visible').first.click()
        assert download.value.path().read_text(encoding="utf-8-sig").count("\n") > 1, file
    person.open("/help").count_from_here()
    person.go(address(troubled, "/bills/{number}/pay"))
    person.push("[data-confirm]")
    assert person.receipt() == "The invoice is paid" and person.clicks == 2
    person.open("/products").count_from_here()
    person.go(address(troubled, "/products/{standard}/cancel"))
    person.push("[data-confirm]")
    assert person.receipt() == "Business Standard is cancelled" and person.clicks == 2
    person.open(address(troubled, "/products/{basic}/recurring-billing?to=off"))
    person.push("[data-confirm]")
    assert person.receipt().startswith("Business Basic expires on")
    context.close()
