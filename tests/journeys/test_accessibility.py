"""axe finds nothing, light and dark; no page is wider than the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.support.browser import new_context
from tests.support.organisation import Organisation
from tests.support.steps import Person, faults

LICENCES = (
    "/licences/planner-3", "/licences/planner-3/requests", "/licences/planner-3/keep", "/me",
    "/licences/business-basic/assign?typed=finn,nobody@contoso.example",
)  # fmt: skip


def test_axe_finds_nothing(looker: Person, troubled: Organisation) -> None:
    pages = [
        "/products", f"/products/{troubled.reference('late')}", f"/products/{troubled.reference('basic')}",
        f"/products/{troubled.reference('standard')}/licences?seats=30", "/buy", "/buy/business-standard",
        "/help/licences", "/licences", "/licences/planner-3", "/bills", "/me",
        "/licences/planner-3/requests", "/licences/planner-3/keep", "/licences/business-basic/assign?typed=finn,nobody",
        f"/licences/business-basic/unassign?users={troubled.users['s30']}",
    ]  # fmt: skip
    found = {path: report for path in pages if (report := faults(looker.open(path).page))}
    looker.open("/products").follow("Cancel Business Standard")
    looker.page.locator("dialog[open] #sheet-title").wait_for()
    found["sheet"] = faults(looker.page)
    looker.page.get_by_role("button", name="Cancel now", exact=False).click()
    looker.receipt()
    found["receipt"] = faults(looker.page)
    assert not any(found.values()), "\n".join(f"{path}: {report}" for path, report in found.items() if report)


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_page_is_wider_than_the_screen(
    browser: Browser, troubled: Organisation, live_server: object, width: int
) -> None:
    context = new_context(browser, width=width, height=800)
    person = Person(context.new_page(), live_server.url).sign_in(troubled.link())  # type: ignore[attr-defined]
    number = troubled.reference("late")
    subscription = (f"/products/{number}", f"/products/{number}/cancel")
    for path in ("/products", *subscription, "/buy", "/bills", "/licences", *LICENCES):
        person.open(path)
        over = person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} pixels too wide at {width}"
    context.close()
