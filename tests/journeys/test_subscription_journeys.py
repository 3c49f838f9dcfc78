"""The seven things that people do with a subscription, and buying one, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.organisation import Organisation
from tests.support.steps import Person

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores


def test_licences_are_added_by_two_clicks_and_one_entry(anna: Person) -> None:
    anna.count_from_here()
    anna.follow("Change licences of Business Standard")
    anna.enter("Total licences", "12")
    anna.press("Pay €16.59 now")
    assert anna.receipt() == "Business Standard now has 12 licences"
    assert (anna.clicks, anna.entries) == (2, 1)


def test_sums_follow_what_is_typed_and_the_button_waits(anna: Person) -> None:
    anna.follow("Change licences of Business Standard")
    field = anna.page.get_by_label("Total licences", exact=True)
    expect(field).to_be_focused()
    field.press_sequentially("13")
    button = anna.page.locator("[data-confirm]")
    expect(button).to_have_text("Pay €24.88 now")
    anna.page.get_by_role("button", name="One licence more").click()
    expect(button).to_have_text("Pay €33.18 now")
    expect(anna.page.locator("#sheet-status")).to_have_text("Total now €33.18")
    field.fill("abc")
    expect(anna.sheet.get_by_role("alert")).to_contain_text("Enter a whole number")
    expect(button).to_have_count(0)


def test_subscription_is_cancelled_by_two_clicks(anna: Person) -> None:
    anna.count_from_here()
    anna.follow("Cancel Business Standard")
    anna.press(re.compile("^Cancel now, €.* back$"))
    assert anna.receipt() == "Business Standard is cancelled"
    assert (anna.clicks, anna.entries) == (2, 0)


def test_subscription_is_reactivated_by_two_clicks(anna: Person, contoso: Organisation) -> None:
    contoso.give("subscription.cancel", subscription=contoso.ids["standard"])
    anna.open("/products").count_from_here()
    anna.follow("Reactivate Business Standard")
    anna.press(re.compile("^Reactivate, "))
    assert anna.receipt() == "Business Standard is active again"
    assert (anna.clicks, anna.entries) == (2, 0)


def test_recurring_billing_is_turned_off_by_two_clicks_and_a_choice(anna: Person) -> None:
    anna.count_from_here()
    anna.follow("Edit recurring billing of Business Standard")
    anna.choose(re.compile("^Off"))
    anna.press("Save, nothing to pay now")
    assert anna.receipt() == "Business Standard expires on 1 April 2026"
    assert (anna.clicks, anna.entries) == (2, 1)


def test_frequency_is_changed_and_undone(anna: Person, contoso: Organisation) -> None:
    anna.open(f"/products/{contoso.reference('standard')}").count_from_here()
    anna.follow("Change frequency")
    anna.choose(re.compile("^Yearly"))
    anna.press("Book for 1 April 2026")
    assert anna.receipt().startswith("The change is booked for 1 April 2026")
    assert (anna.clicks, anna.entries) == (2, 1)
    anna.open(f"/products/{contoso.reference('standard')}").count_from_here()
    anna.press(re.compile("^Undo"))
    assert anna.receipt() == "The booked change of Business Standard is undone"
    assert anna.clicks == 1


def test_payment_method_is_changed(anna: Person, contoso: Organisation) -> None:
    anna.open(f"/products/{contoso.reference('standard')}").count_from_here()
    anna.follow("Change payment method of Business Standard")
    anna.choose(re.compile("^SEPA ending 4300"))
    anna.press("Save, nothing to pay now")
    assert anna.receipt() == "The payment method of Business Standard is changed"


def test_licences_are_assigned_and_taken_back(anna: Person, contoso: Organisation) -> None:
    one = contoso.user("s40")
    anna.open("/licences/business-basic").count_from_here()
    anna.follow("Assign licences")
    anna.entries += 1
    anna.page.get_by_role("combobox", name="Users").fill(f"{one.email}, nobody@contoso.example")
    anna.press("Assign 1 licence")
    assert anna.receipt() == "1 licence of Business Basic assigned"
    assert (anna.clicks, anna.entries) == (2, 1)
    anna.open(f"/licences/business-basic?search={one.email}")
    anna.page.get_by_role("checkbox", name=f"Choose {one.name}").check()
    anna.press("Take back from the chosen")
    anna.press("Take back 1 licence")
    assert anna.receipt() == "1 licence of Business Basic taken back"


def test_part_of_a_name_offers_whom_it_may_mean(anna: Person) -> None:
    anna.open("/licences/business-basic").follow("Assign licences")
    anna.page.get_by_role("combobox", name="Users").fill("gijs")
    anna.page.get_by_role("option", name=re.compile("^Gijs .* 33")).click()
    anna.press("Assign 1 licence")
    assert anna.receipt() == "1 licence of Business Basic assigned"


def test_product_is_bought(anna: Person) -> None:
    anna.open("/buy").count_from_here()
    anna.follow(re.compile("^Details ?: Intune Plan 1$"))
    anna.page.get_by_role("radio", name=re.compile("^1 month")).check()
    anna.enter("Licences", "5")
    anna.press("Buy now")
    anna.press("Place order and pay €45.38")
    assert anna.receipt() == "Ordered: 5 licences of Intune Plan 1"
    assert anna.clicks == 3
    anna.follow("Assign licences")
    expect(anna.page.locator("h1")).to_have_text("Intune Plan 1")


def test_overdue_invoice_is_paid_by_two_clicks(looker: Person) -> None:
    looker.count_from_here()
    looker.follow("Pay €78.16 now")
    looker.choose(re.compile("^Visa ending 4242"))
    looker.press("Pay €78.16 now")
    assert looker.receipt() == "The invoice is paid"
    assert looker.clicks == 2


def test_escape_and_back_close_the_sheet_and_give_the_focus_back(anna: Person) -> None:
    link = anna.page.get_by_role("link", name="Cancel Business Standard", exact=True)
    for leave in ("Escape", "back"):
        link.click()
        expect(anna.page.locator("dialog[open] #sheet-title")).to_be_visible()
        assert anna.page.url.endswith("/cancel")
        if leave == "Escape":
            anna.page.keyboard.press("Escape")
        else:
            anna.page.go_back()
        expect(anna.page.locator("dialog[open]")).to_have_count(0)
        expect(link).to_be_focused()
        assert anna.page.url.endswith("/products")


def test_double_click_pays_once(anna: Person) -> None:
    anna.follow("Change licences of Business Standard")
    anna.enter("Total licences", "12")
    button = anna.page.get_by_role("button", name="Pay €16.59 now")
    expect(button).to_be_visible()
    button.dblclick()
    assert anna.receipt() == "Business Standard now has 12 licences"
    anna.open("/bills")
    assert anna.page.get_by_role("cell", name="€16.59", exact=True).count() == 1


def test_cancelling_works_without_scripts(anna_without_scripts: Person) -> None:
    anna = anna_without_scripts
    anna.count_from_here()
    anna.follow("Cancel Business Standard")
    anna.press(re.compile("^Cancel now, €.* back$"))
    assert anna.receipt() == "Business Standard is cancelled"
    assert anna.clicks == 2


def test_licences_are_added_without_scripts(anna_without_scripts: Person) -> None:
    anna = anna_without_scripts
    anna.follow("Change licences of Business Standard")
    anna.enter("Total licences", "12")
    anna.press("Recalculate")
    anna.press("Pay €16.59 now")
    assert anna.receipt() == "Business Standard now has 12 licences"


def test_dutch_from_the_list_to_the_receipt(anna: Person) -> None:
    anna.follow("Nederlands")
    expect(anna.page.locator("html")).to_have_attribute("lang", "nl")
    expect(anna.page.locator("h1")).to_have_text("Producten en diensten")
    anna.page.get_by_role("link", name=re.compile("^Wijzigen.*Business Standard")).click()
    anna.page.locator("#seats").fill("12")
    anna.press(re.compile(r"^Nu €\s16,59 betalen$"))
    assert "12 licenties" in anna.receipt()
    assert "now" not in anna.receipt()
