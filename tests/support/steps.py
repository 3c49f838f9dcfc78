"""What a person does in the browser, with clicks and entries counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect


@dataclass
class Person:
    """Somebody before a page. clicks and entries: since `count_from_here`."""

    page: Page
    address: str
    clicks: int = 0
    entries: int = 0

    def sign_in(self, path: str) -> Person:
        """Open a sign-in link, press its button, and go to the list."""
        self.page.goto(self.address + path)
        self.page.locator("main form button[type=submit]").click()
        self.page.wait_for_url(lambda address: "/sign-in" not in address)
        return self.open("/products")

    def open(self, path: str) -> Person:
        """Go to an address of the portal."""
        self.page.goto(self.address + path)
        return self

    def count_from_here(self) -> None:
        """Begin counting."""
        self.clicks = self.entries = 0

    @property
    def sheet(self) -> Locator:
        """The confirm sheet, in its dialog or as a page."""
        return self.page.locator(".sheet")

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Click a link by its whole name."""
        self.clicks += 1
        self.page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()

    def choose(self, name: str | re.Pattern[str]) -> None:
        """Choose an option of the sheet: an entry."""
        self.entries += 1
        self.sheet.get_by_role("radio", name=name).first.check()
        self.settled()

    def enter(self, label: str, text: str) -> None:
        """Type in a field: an entry."""
        self.entries += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def settled(self) -> None:
        """Wait until the sheet shows the outcome of what was typed."""
        self.page.wait_for_function(
            "() => !document.querySelector('.htmx-request, [aria-busy=true], [data-confirm][aria-disabled=true]')"
        )

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the sheet's button once it says what it is to say."""
        self.clicks += 1
        button = self.page.get_by_role("button", name=name)
        expect(button).to_be_visible()
        button.click()

    def receipt(self) -> str:
        """The receipt's heading."""
        self.page.wait_for_url("**/done/*")
        return (self.page.locator("h1").text_content() or "").replace("\u00a0", " ").strip()


def faults(page: Page) -> str:
    """What axe finds wrong with the page; empty where it finds nothing."""
    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""
