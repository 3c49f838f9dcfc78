"""The billing account and activity in a real browser: with scripts and without, in both languages, by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from seatkeeper.domain.accounts.models import Account
from tests.support.browser import new_context
from tests.support.organisation import Organisation
from tests.support.steps import Person, faults

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores


def test_new_country_shows_its_vat_while_choosing_and_is_saved_in_two_clicks(
    anna: Person, contoso: Organisation
) -> None:
    anna.open("/account")
    assert not faults(anna.page)
    anna.count_from_here()
    anna.follow("Edit Billing address")
    sheet = anna.page.locator("dialog[open]")
    expect(sheet.get_by_label("Country")).to_be_focused()
    sheet.get_by_label("Country").select_option("GB")
    expect(sheet.locator("#effect .becomes")).to_have_text("no VAT")
    expect(sheet.get_by_label("Country")).to_be_focused()
    labels = sheet.locator("#address-fields .field label")
    order = ("Country", "Number", "Street", "Addition", "Town", "Region", "Postcode")
    expect(labels).to_have_text([re.compile(rf"^{one}( \(|$)") for one in order])
    sheet.get_by_label("Country").select_option("DE")
    expect(sheet.locator("#effect .becomes")).to_have_text("19% VAT (Germany)")
    expect(anna.page.locator("#sheet-status")).to_have_text("VAT of the next document: 19% VAT (Germany)")
    anna.enter("Street", "Unter den Linden")
    anna.enter("Town", "Berlin")
    assert not faults(anna.page)
    anna.press("Save")
    anna.page.wait_for_url("**/account?saved=address#address")
    assert anna.clicks == 2
    expect(anna.page.locator("#address")).to_contain_text("Saved. Issued invoices stay as they are")
    expect(anna.page.locator("#vat-id")).to_contain_text("It is no VAT id of Germany.")
    expect(anna.page.locator("#vat-id")).to_contain_text("19% VAT of Germany is charged")
    assert not faults(anna.page)
    anna.open("/activity")
    expect(anna.page.locator("tbody tr").first).to_contain_text("Anna Jansen moved the billing address to Germany")
    expect(anna.page.locator("tbody tr").first).to_contain_text("127.0.0.1")
    assert not faults(anna.page)


def test_vat_id_is_checked_while_typing(anna: Person) -> None:
    anna.open("/account").follow("Edit VAT id")
    sheet = anna.page.locator("dialog[open]")
    field = sheet.get_by_role("textbox", name="VAT id")
    field.fill("NL1")
    expect(sheet.locator("#effect")).to_contain_text("Such an id looks like NL004495445B01")
    expect(field).to_be_focused()
    field.fill("NL004495445B01")
    expect(sheet.locator("#effect")).to_contain_text("The form is that of a VAT id of Netherlands.")
    assert not faults(anna.page)
    field.fill("NL2")
    anna.press("Save")
    expect(anna.page.get_by_role("alert")).to_contain_text("This is no VAT id of Netherlands.")
    expect(anna.page.get_by_role("textbox", name="VAT id")).to_have_value("NL2")
    assert anna.page.title().startswith("Error: ")
    assert not faults(anna.page)


def test_escape_closes_the_sheet_and_gives_the_focus_back(anna: Person) -> None:
    anna.open("/account").follow("Edit Notices")
    expect(anna.page.locator("dialog[open] h1")).to_have_text("Notices")
    anna.page.keyboard.press("Escape")
    expect(anna.page.locator("dialog[open]")).to_have_count(0)
    expect(anna.page.get_by_role("link", name="Edit Notices")).to_be_focused()


def test_account_is_edited_without_scripts_in_dutch(
    anna_without_scripts: Person, contoso: Organisation
) -> None:
    anna = anna_without_scripts.open("/preferences/language/nl?next=/account")
    anna.follow("Bewerken Factuuradres")
    anna.page.get_by_label("Land").select_option("BE")
    anna.press("Laten zien wat er verandert")
    expect(anna.page.locator("#effect .becomes")).to_have_text("21% btw (België)")
    anna.press("Opslaan")
    expect(anna.page.locator("#address")).to_contain_text("Opgeslagen. Bestaande facturen blijven zoals ze zijn")
    anna.follow("Bewerken Ontvangers van e-mails")
    anna.page.get_by_label("E-mailadres").first.fill("ap@contoso.example")
    anna.press("Opslaan")
    expect(anna.page.locator("#recipients")).to_contain_text("Facturen en herinneringen, met PDF")
    anna.open("/activity")
    second = anna.page.locator(".activity > tbody > tr").nth(1)
    expect(second).to_contain_text("verplaatste het factuuradres naar België")
    anna.page.get_by_label("Soort").select_option("licences")
    anna.press("Filter")
    expect(anna.page.locator("tbody tr").first).to_contain_text("wees")
    assert "kind=licences" in anna.page.url


def test_second_tab_learns_what_changed_meanwhile(anna: Person, contoso: Organisation) -> None:
    other = anna.page.context.new_page()
    other.goto(f"{anna.address}/account/purchase-order")
    anna.open("/account/purchase-order")
    anna.page.get_by_role("textbox").fill("PO-1")
    anna.press("Save")
    anna.page.wait_for_url("**/account?saved=*")
    other.get_by_role("textbox").fill("PO-2")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("alert")).to_contain_text("Somebody changed this meanwhile")
    expect(other.get_by_role("alert")).to_contain_text("PO-1")
    assert not faults(other)
    other.get_by_role("button", name="Save").click()
    other.wait_for_url("**/account?saved=*")
    assert Account.objects.get(id=contoso.account).purchase_order == "PO-2"


def test_closing_shows_what_it_does_and_does_it(anna: Person) -> None:
    anna.open("/account").follow("Close account")
    sheet = anna.page.locator("dialog[open]")
    expect(sheet).to_contain_text("cancelled today")
    expect(sheet).to_contain_text("What ends later is in a committed term")
    assert not faults(anna.page)
    sheet.get_by_role("button", name="Close account").click()
    assert anna.receipt() == "The account is closed"


@pytest.mark.parametrize("path", ["/account", "/account/recipients", "/account/close", "/activity"])
def test_axe_finds_nothing_light_and_dark(looker: Person, path: str) -> None:
    looker.open(path)
    for one in looker.page.locator("details.explained:not(details details)").all()[:3]:
        one.locator("summary").first.click()
    assert not faults(looker.page)


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_page_is_wider_than_the_screen(
    browser: Browser, troubled: Organisation, live_server: Any, width: int
) -> None:
    context = new_context(browser, width=width, height=800)
    person = Person(context.new_page(), live_server.url).sign_in(troubled.link())
    for path in ("/account", "/account/address", "/account/recipients", "/account/close", "/activity"):
        person.open(path)
        over = person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} pixels too wide at {width}"
    context.close()


def test_address_is_changed_by_keyboard_alone_on_a_phone(
    browser: Browser, contoso: Organisation, live_server: Any
) -> None:
    context = new_context(browser, width=390, height=844)
    anna = Person(context.new_page(), live_server.url).sign_in(contoso.link())
    page = anna.open("/account/address").page
    page.get_by_label("Country").focus()
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "town":
            break
    page.keyboard.type("Utrecht-Zuid")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account?saved=address#address")
    expect(page.locator("#address")).to_contain_text("Utrecht-Zuid")
    context.close()
