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

    def go(self, path: str) -> None:
        """Click the first link in view that leads to an address, whatever its words in the reader's language."""
        self.push(f'a[href="{path}"]:visible')

    def push(self, selector: str) -> None:
        """Click the first thing in view that a selector finds."""
        self.clicks += 1
        self.page.locator(selector).first.click()

    def fill(self, name: str, text: str) -> None:
        """Type into the field of a name: an entry."""
        self.entries += 1
        self.page.locator(f'[name="{name}"]:visible').first.fill(text)

    def name(self, *addresses: str) -> None:
        """Name people in the field that offers them, as one pastes a list: an entry."""
        self.entries += 1
        self.sheet.get_by_role("combobox").fill("".join(f"{one}, " for one in addresses))

    def pick(self, name: str, value: str) -> None:
        """Choose a radio button by its value: an entry."""
        self.entries += 1
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()

    def confirm(self) -> str:
        """Press the sheet's button once it says what it is to say; its words."""
        self.clicks += 1
        self.settled()
        button = self.page.locator("[data-confirm]:not([aria-disabled])")
        expect(button).to_be_visible()
        words = (button.text_content() or "").replace("\u00a0", " ").strip()
        button.click()
        return words

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


COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
"""What depends on the colour scheme."""
EVERYTHING = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
"""All rules, those of WCAG 2.2 that axe leaves out by itself too."""


def faults(page: Page, options: dict[str, object] | None = None) -> str:
    """What axe finds wrong with the page; empty where it finds nothing."""
    found = Axe().run(page, options=options or EVERYTHING)
    return found.generate_report() if found.violations_count else ""
