"""An invoice on paper, a long list's head, a sheet on the narrowest screen, the past page by page."""

from __future__ import annotations

import io
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from tests.support.browser import new_context
from tests.support.organisation import Organisation, founded
from tests.support.remembered import put_back
from tests.support.steps import Person

A4 = (595, 842)
MANY = 55


def many() -> Organisation:
    """An organisation with more subscriptions than a screen holds, all on one invoice of January."""
    found = founded(staff=3)
    for number in range(MANY):
        found.buy(f"n{number}", ("visio-2-monthly", "power-bi-pro-monthly")[number % 2], 2 + number)
    found.move(found.now.replace(year=2026, month=1, day=2))
    return found


@pytest.fixture
def crowded(transactional_db: None) -> Organisation:
    return put_back(many)


@pytest.fixture
def owner(crowded: Organisation, live_server: Any, page: Page) -> Person:
    return Person(page, live_server.url).sign_in(crowded.link())


def test_an_invoice_is_printed_as_one_reads_it_on_paper(owner: Person, crowded: Organisation) -> None:
    """A4, black on white, no navigation, the head on every page, rows whole, page n of m, no addresses of links."""
    number = Document.objects.filter(account_id=crowded.account).latest("id").number
    page = owner.open(f"/bills/{number}").page
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".topbar", ".nav", ".crumbs", ".bill-files", ".footer"):
        for one in page.locator(gone).all():
            expect(one).to_be_hidden()
    ink = page.locator("main").evaluate("one => getComputedStyle(one).color")
    row = page.locator(".invoice-lines tbody tr").first
    assert row.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    assert row.evaluate("one => getComputedStyle(one.querySelector('th')).color") == "rgb(0, 0, 0)", ink
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    sheets = [one.extract_text().replace("\xa0", " ") for one in pdf.pages]
    assert len(sheets) > 2
    for place, sheet in enumerate(pdf.pages):
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4
        assert f"{place + 1} / {len(sheets)}" in sheets[place]
    with_lines = [text for text in sheets if " × €" in text]
    assert len(with_lines) > 1 and all("Licences" in text and "Period" in text for text in with_lines)
    whole = " ".join(sheets)
    assert whole.count(" × €") == MANY, "the arithmetic of every line is there"
    assert "http" not in whole and "Products & services" not in whole and "E-invoice" not in whole
    assert "Total €" in whole and "Still due" in whole


def test_the_head_of_a_long_list_stays_and_the_page_is_chosen_whole(owner: Person, crowded: Organisation) -> None:
    page = owner.open("/products").page
    expect(page.locator("tbody tr")).to_have_count(50)
    head, bar = page.locator("thead th").nth(1), page.locator(".topbar")
    page.locator("tbody tr").nth(40).scroll_into_view_if_needed()
    page.mouse.wheel(0, 1500)
    page.wait_for_function("() => scrollY > 1200")
    under, over = head.bounding_box(), bar.bounding_box()
    assert under is not None and over is not None
    box = page.locator("[data-pick-all]").bounding_box()
    assert box is not None and 0 <= box["y"] - under["y"] <= under["height"], "with the box that picks the page"
    assert abs(under["y"] - (over["y"] + over["height"])) <= 1, "right under the top bar"
    page.locator("[data-pick-all]").click()
    expect(page.locator("[data-selected]")).to_have_text("50 selected")
    page.get_by_label(f"Select all {MANY} that match").check()
    expect(page.locator("[data-selected]")).to_have_text(f"{MANY} selected")
    page.locator("[data-pick]").first.uncheck()
    expect(page.locator("[data-selected]")).to_have_text("49 selected")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-selected]")).to_be_hidden()
    expect(page.locator("[data-pick-all]")).to_be_focused()
    expect(page.locator("tfoot")).to_contain_text(f"Sum of {MANY} shown")
    page.locator("thead").get_by_role("link", name="Licences").click()
    expect(page.get_by_role("columnheader", name="Licences")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("tbody tr")).to_have_count(50)
    assert SubscriptionRow.objects.filter(account_id=crowded.account).count() == MANY


def test_the_foot_of_a_sheet_leaves_room_for_its_content_on_the_narrowest_screen(
    browser: Browser, contoso: Organisation, live_server: Any
) -> None:
    context = new_context(browser, width=320, height=640)
    person = Person(context.new_page(), live_server.url).sign_in(contoso.link())
    for slug in ("licences?seats=14", "cancel", "recurring-billing?to=off", "change-frequency"):
        for language in ("en", "nl"):
            person.open(f"/preferences/language/{language}?next=/products/{contoso.reference('standard')}/{slug}")
            foot = person.page.locator(".sheet-foot").bounding_box()
            assert foot is not None and foot["height"] <= 640 * 0.4, f"{slug} in {language}: {foot}"
    context.close()


def test_the_past_is_paged_and_a_booked_change_undone_by_one_click_without_scripts(
    contoso: Organisation, live_server: Any, page_without_scripts: Page
) -> None:
    standard = contoso.ids["standard"]
    for turn in range(12):
        contoso.give("subscription.set_recurring", subscription=standard, to=("off", "on")[turn % 2])
    contoso.give("subscription.set_seats", subscription=standard, seats=9, when="renewal")
    person = Person(page_without_scripts, live_server.url).sign_in(contoso.link())
    page = person.open(f"/products/{contoso.reference('standard')}").page
    timeline = page.locator("#timeline")
    expect(timeline.locator("li.is-ahead")).to_have_count(2)
    expect(timeline).to_contain_text("Booked by Anna Jansen, 15 March 2026")
    person.follow("Show earlier")
    expect(timeline.locator("li.is-ahead")).to_have_count(0)
    expect(timeline.locator("li").last).to_contain_text("Bought: 10")
    timeline.get_by_text("Details").last.click()
    expect(timeline.locator("li").last).to_contain_text("10 × €12.50 = €125.00")
    person.follow("Back to today")
    person.count_from_here()
    person.push('#timeline button:has-text("Undo")')
    assert person.receipt() == "The booked change of Business Standard is undone" and person.clicks == 1
    assert SubscriptionRow.objects.get(account_id=contoso.account, id=standard).booked_seats is None
