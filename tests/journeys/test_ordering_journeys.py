"""Buying several products in a real browser: with scripts and without, in both languages, by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from seatkeeper.domain.payments.models import Method
from tests.support.browser import new_context
from tests.support.organisation import Organisation
from tests.support.steps import Person, faults

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores


def in_cart(person: Person, product: str, **fields: str) -> None:
    """Put a product into the cart from its page."""
    query = "&".join(f"{name}={value}" for name, value in fields.items())
    person.open(f"/buy/{product}?{query}").press("Add to cart")
    person.page.wait_for_url("**/cart")


def total(page: Page) -> str:
    return (page.locator("#outcome .total .amount").text_content() or "").replace("\u00a0", " ")


def test_two_products_are_ordered_with_one_invoice(anna: Person) -> None:
    anna.open("/buy/planner-3")
    anna.page.get_by_role("radio", name=re.compile("^1 year .* per month")).check()
    anna.enter("Licences", "2")
    expect(anna.page.locator("#outcome .total .amount")).to_have_text("€64.60")
    expect(anna.page.locator("#sheet-status")).to_have_text("Total now €64.60")
    assert not faults(anna.page)
    anna.press("Add to cart")
    anna.page.wait_for_url("**/cart")
    in_cart(anna, "intune-1", plan="intune-1-monthly", seats="5", align="4")
    expect(anna.page.locator(".cart-lines")).to_contain_text("with Business Standard")
    anna.page.get_by_label("Licences of Intune Plan 1").fill("17")
    expect(anna.page.locator(".cart-lines tbody tr").nth(1).locator(".amount").last).to_have_text("€69.92")
    expect(anna.page.get_by_label("Licences of Intune Plan 1")).to_be_focused()
    assert total(anna.page) == "€149.21"
    assert not faults(anna.page)
    anna.follow("Check out")
    anna.page.wait_for_url("**/checkout")
    anna.enter("Purchase order number (optional)", "PO-7781")
    anna.settled()
    assert not faults(anna.page)
    anna.press("Place order and pay €149.21")
    assert anna.receipt() == "Ordered: 2 products"
    expect(anna.page.locator("main")).to_contain_text("PO-7781")
    assert not faults(anna.page)


def test_a_declined_card_keeps_the_cart_until_another_pays(anna: Person, contoso: Organisation) -> None:
    Method.objects.filter(account_id=contoso.account, id=1).update(token="sandbox_declined")
    in_cart(anna, "intune-1", plan="intune-1-monthly", seats="5")
    anna.follow("Check out")
    anna.page.wait_for_url("**/checkout")
    anna.enter("Purchase order number (optional)", "PO-1")
    anna.settled()
    anna.press("Place order and pay €45.38")
    expect(anna.page.get_by_role("alert")).to_contain_text("was declined for €45.38")
    expect(anna.page.get_by_label("Purchase order number")).to_have_value("PO-1")
    anna.page.get_by_role("radio", name=re.compile("SEPA")).check()
    anna.settled()
    anna.press("Place order and pay €45.38")
    assert anna.receipt() == "Ordered: 5 licences of Intune Plan 1"


def test_order_is_placed_without_scripts_in_dutch(anna_without_scripts: Person) -> None:
    anna = anna_without_scripts.open("/preferences/language/nl?next=/buy/intune-1")
    anna.page.get_by_role("radio", name=re.compile("^1 maand")).check()
    anna.enter("Licenties", "5")
    anna.press("Bedrag tonen")
    assert total(anna.page) == "€ 45,38"
    anna.press("In winkelwagen")
    anna.page.get_by_label("Licenties van Intune Plan 1").fill("6")
    anna.press("Opnieuw berekenen")
    assert total(anna.page) == "€ 54,45"
    anna.follow("Afrekenen")
    anna.press("Bestellen en €\u00a054,45 betalen")
    assert anna.receipt() == "Besteld: 6 licenties van Intune Plan 1"


def test_order_is_placed_by_keyboard_alone_on_a_phone(
    browser: Browser, contoso: Organisation, live_server: Any
) -> None:
    context = new_context(browser, width=390, height=844)
    anna = Person(context.new_page(), live_server.url).sign_in(contoso.link())
    page = anna.open("/buy/intune-1").page

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent + (document.activeElement.id || '')").strip() == name:
                return
        raise AssertionError(f"the keyboard does not reach {name}")

    page.get_by_role("radio", name=re.compile("^1 month")).focus()
    page.keyboard.press("Space")
    tab_to("seats")
    page.keyboard.type("5")
    expect(page.locator("#outcome .total .amount")).to_have_text("€45.38")
    tab_to("Add to cart")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cart")
    tab_to("Check out")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkout")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tab_to("Place order and pay €45.38")
    page.keyboard.press("Enter")
    assert anna.receipt() == "Ordered: 5 licences of Intune Plan 1"
    context.close()
