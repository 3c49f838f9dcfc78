"""Every journey once by keyboard alone: everything is reached, its focus is seen, and sheets hold and give it back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import new_context
from tests.support.keys import Keys
from tests.support.organisation import Organisation
from tests.support.visited import address

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores


@pytest.fixture
def hands(contoso: Organisation, live_server: Any, page: Page) -> Keys:
    keys = Keys(page, live_server.url)
    keys.sign_in(contoso.link())
    return keys


def test_a_sheet_takes_the_focus_holds_it_and_gives_it_back(hands: Keys, contoso: Organisation) -> None:
    path, page = address(contoso, "/products/{standard}/licences"), hands.page
    hands.open("/products").page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    hands.link(path)
    expect(page.locator("dialog[open] #seats")).to_be_focused()
    inside = "() => document.activeElement === document.body || !!document.activeElement.closest('dialog[open]')"
    for key in ["Tab"] * 14 + ["Shift+Tab"] * 16:
        page.keyboard.press(key)
        assert page.evaluate(inside), "the focus left the sheet"
    for leave in ("Escape", "x"):
        if leave == "Escape":
            page.keyboard.press("Escape")
        else:
            hands.enter_on("dialog[open] .sheet-head [data-sheet-close]")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator(f'a[href="{path}"]').first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("dialog[open] #seats")).to_be_focused()


def test_everything_about_a_subscription_is_done_by_keyboard(hands: Keys, contoso: Organisation) -> None:
    at, keyboard = address(contoso, "/products/{standard}"), hands.page.keyboard
    hands.open("/products").link(f"{at}/licences")
    expect(hands.page.locator("#seats")).to_be_focused()
    keyboard.type("12")
    assert hands.sure() == "Business Standard now has 12 licences"
    hands.open(at).link(f"{at}/change-frequency")
    hands.radio("plan", "business-standard-yearly")
    assert hands.sure().startswith("The change is booked for 1 April 2026")
    hands.open(at).enter_on(f'form[action="{at}/undo"] button')
    assert hands.receipt() == "The booked change of Business Standard is undone"
    hands.open(at).link(f"{at}/change-plan")
    hands.radio("when", "renewal")
    hands.radio("plan", "business-basic-monthly")
    assert hands.sure().startswith("The change is booked for 1 April 2026")
    hands.open(at).link(f"{at}/payment-method")
    hands.radio("method", "2")
    assert hands.sure() == "The payment method of Business Standard is changed"
    hands.open("/products").link(f"{at}/recurring-billing")
    hands.radio("to", "once")
    assert hands.sure().startswith("Business Standard renews one more time")
    hands.open("/products").link(f"{at}/cancel")
    assert hands.sure() == "Business Standard is cancelled"
    hands.open("/products").link(f"{at}/reactivate")
    assert hands.sure() == "Business Standard is active again"


def test_licences_are_given_and_taken_back_by_keyboard(hands: Keys, contoso: Organisation) -> None:
    one = contoso.user("s40")
    hands.open("/licences/business-basic").link("/licences/business-basic/assign")
    expect(hands.page.get_by_role("combobox", name="Users")).to_be_focused()
    hands.page.keyboard.type(one.email)
    expect(hands.page.get_by_role("option")).to_have_count(1)
    hands.page.keyboard.press("ArrowDown")
    hands.page.keyboard.press("Enter")
    assert hands.sure() == "1 licence of Business Basic assigned"
    hands.open(f"/licences/business-basic?search={one.email}")
    hands.to(hands.page.get_by_role("checkbox", name=f"Choose {one.name}"))
    hands.page.keyboard.press("Space")
    hands.enter_on(hands.page.get_by_role("button", name="Take back from the chosen"))
    hands.page.wait_for_url("**/unassign*")
    assert hands.sure() == "1 licence of Business Basic taken back"


def test_buying_saving_renewing_and_the_frame_by_keyboard(hands: Keys, contoso: Organisation) -> None:
    page = hands.page
    hands.open("/buy").link("/buy/intune-1")
    page.wait_for_url("**/buy/intune-1")
    hands.radio("plan", "intune-1-monthly")
    hands.to("#seats")
    page.keyboard.type("5")
    hands.enter_on('button[name="do"][value="buy"]')
    page.wait_for_url("**/order?*")
    assert hands.sure() == "Ordered: 5 licences of Intune Plan 1"
    hands.open(address(contoso, "/products/{standard}/renewal"))
    hands.enter_on(page.get_by_role("button", name=re.compile("^Choose")).first)
    expect(page.locator("#renewal-status")).to_contain_text(re.compile("."))
    hands.enter_on(page.get_by_role("button", name=re.compile("^Undo")).first)
    hands.open("/savings")
    book = page.get_by_role("button", name=re.compile("^Book")).first
    hands.enter_on(book)
    expect(page.locator("main [role=status]").first).to_contain_text(re.compile("."))
    hands.enter_on(page.get_by_role("button", name=re.compile("^Undo")).first)
    hands.enter_on(page.get_by_role("link", name="Nederlands"))
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    hands.to('button[popovertarget="person"]')
    page.keyboard.press("Space")
    expect(page.locator("#person")).to_be_visible()
    hands.enter_on('#person form[action="/sign-out"] button')
    page.wait_for_url("**/sign-in")


def test_a_debt_is_paid_by_keyboard_on_a_phone(browser: Browser, troubled: Organisation, live_server: Any) -> None:
    context = new_context(browser, width=390, height=844)
    hands = Keys(context.new_page(), live_server.url)
    hands.sign_in(troubled.link())
    hands.open("/products").link(address(troubled, "/bills/{number}/pay"))
    assert hands.sure() == "The invoice is paid"
    menu = f'[popovertarget="more-{troubled.ids["standard"]}"]'
    hands.open("/products").to(menu)
    hands.page.keyboard.press("Enter")
    hands.link(address(troubled, "/products/{standard}/change-plan"))
    expect(hands.page.locator("dialog[open] #sheet-title")).to_be_visible()
    hands.page.keyboard.press("Escape")
    hands.open("/help").enter_on(".nav-button")
    hands.link("/licences")
    hands.page.wait_for_url("**/licences")
    context.close()
