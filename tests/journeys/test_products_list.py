"""The list of products in a browser: narrowed, put in order, and many subscriptions changed by one sheet."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from seatkeeper.domain.subscriptions.models import SubscriptionRow
from tests.support.organisation import SEPA, Organisation
from tests.support.steps import Person, faults


def names(person: Person) -> list[str]:
    """The products in view, from top to bottom."""
    return [one.strip() for one in person.page.locator("tbody th[scope=row] a").all_text_contents()]


def test_the_list_is_narrowed_and_put_in_order(anna: Person) -> None:
    page = anna.page
    assert len(names(anna)) == 4
    page.get_by_role("button", name="More filters").click()
    panel = page.locator("#filters")
    panel.get_by_role("checkbox", name="Active", exact=True).check()
    panel.get_by_label("SEPA ending 4300").check()
    panel.get_by_role("button", name="Show").click()
    expect(page.locator("tbody")).to_contain_text("No subscription matches.")
    page.get_by_role("button", name="Filters (2)").click()
    panel.get_by_label("Any", exact=True).check()
    panel.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    anna.follow("Product and plan")
    head = page.get_by_role("columnheader", name="Product and plan")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert names(anna) == ["Business Basic", "Business Standard", "Visio Plan 2"]
    anna.follow("Product and plan")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert names(anna) == ["Visio Plan 2", "Business Standard", "Business Basic"]
    page.get_by_role("searchbox").fill("business")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert names(anna) == ["Business Standard", "Business Basic"], "the search keeps the filter and the order"


def test_two_subscriptions_get_another_payment_method_by_one_sheet(anna: Person, contoso: Organisation) -> None:
    page = anna.page
    anna.count_from_here()
    for product in ("Business Standard", "Business Basic"):
        page.get_by_role("checkbox", name=f"Select {product}").check()
    expect(page.locator("[data-selected]")).to_have_text("2 selected")
    assert not faults(page)
    page.locator("#bulk").get_by_role("button", name="Payment method").click()
    expect(anna.sheet.locator("h1")).to_have_text("Payment method of 2 subscriptions")
    anna.choose(re.compile("^SEPA ending 4300"))
    for product in ("Business Standard", "Business Basic"):
        expect(anna.sheet).to_contain_text(f"{product}, {contoso.reference(product.split()[1].lower())}")
    assert not faults(page)
    assert anna.confirm() == "Save, nothing to pay now"
    assert anna.receipt() == "The payment method of 2 subscriptions is changed"
    assert not faults(page)
    own = SubscriptionRow.objects.filter(account_id=contoso.account)
    assert {one.pk[1] for one in own if one.method_id == SEPA} == {contoso.ids["standard"], contoso.ids["basic"]}


def test_names_have_room_and_the_table_fills_its_width(looker: Person) -> None:
    """Columns that a narrow screen hides leave no empty column behind, in the rows, the sums or the empty list."""
    page = looker.page
    for width, least in ((1280, 140), (1440, 140), (1920, 200)):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("/products", "/products?search=nothing-is-called-so"):
            looker.open(path)
            head = page.get_by_role("columnheader", name="Product and plan").bounding_box()
            last, table = page.locator("thead th").last.bounding_box(), page.locator(".products").bounding_box()
            assert head is not None and last is not None and table is not None
            assert head["width"] >= least, f"{path} at {width}"
            assert abs(last["x"] + last["width"] - table["x"] - table["width"]) <= 1, f"{path} at {width}"


def test_a_card_of_the_list_reads_in_its_order_on_a_phone(looker: Person) -> None:
    """Box, name and badge beside each other, price beside the next invoice; nothing that only wide screens show."""
    page = looker.page
    page.set_viewport_size({"width": 390, "height": 844})
    for card in page.locator(".products tbody tr").all():
        parts = [card.locator(one).first.bounding_box() for one in ("input[name=s]", "th .row-name", ".badge")]
        box, name, badge = (one or {"x": 0, "y": 0, "width": 0, "height": 0} for one in parts)
        assert box["x"] + box["width"] <= name["x"], "the box stands before the name, not on it"
        assert name["x"] + name["width"] <= badge["x"]
        price, invoice = (card.locator(one).bounding_box() for one in (".col-price", ".col-invoice"))
        assert price is not None and invoice is not None
        assert price["y"] == invoice["y"] and price["x"] + price["width"] <= invoice["x"]
        for hidden in (".col-method", ".col-idle", ".col-booked"):
            expect(card.locator(hidden)).to_be_hidden()
