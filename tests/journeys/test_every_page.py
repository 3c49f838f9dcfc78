"""Every page in both languages: axe finds nothing at either size, nothing is cut, nothing leaves this machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, ViewportSize

from seatkeeper.interfaces.web import signing
from seatkeeper.kit.commands import Actor, Context, call
from tests.support.browser import elsewhere, new_context
from tests.support.checks import cut, cut_when_spaced
from tests.support.organisation import Organisation
from tests.support.secured import PASSWORD, secure
from tests.support.steps import COLOURS, Person, faults
from tests.support.visited import ALONE, DEBTLESS, PAGES, PROVING, SECURED, SHEETS, STRANGERS, TOLD, address

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores

LANGUAGES = ("en", "nl")
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
PARTS = {
    "pages": PAGES[::2],
    "more-pages": PAGES[1::2],
    "sheets": SHEETS[::2],
    "more-sheets": SHEETS[1::2],
    "others": (*ALONE, *TOLD),
}
"""The pages in parts, which run side by side."""


class Watcher:
    """What a page does behind its back: requests to other machines, and what its own policy forbids."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("response", self._response)
        page.on("pageerror", lambda problem: self.seen.append(f"a script failed: {problem}"))

    def _request(self, request: Request) -> None:
        if elsewhere(request.url):
            self.seen.append(f"asks {request.url}")

    def _response(self, answer: Response) -> None:
        if answer.status >= 500:
            self.seen.append(f"answers {answer.status}")

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.seen.append(message.text)

    def taken(self) -> list[str]:
        """What was seen since the last time."""
        found, self.seen = self.seen, []
        return found


def heads(page: Page, language: str) -> list[str]:
    """One title of page and organisation, one h1, headings in order, the language said."""
    found = []
    order = page.locator("h1, h2, h3").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    if order.count(1) != 1:
        found.append(f"{order.count(1)} h1")
    inside = page.locator('a[href="/security"]').count() > 0
    if page.title().endswith(", Contoso Nederland B.V.") != inside or page.title()[:1] in ("", ","):
        found.append(f"its title is {page.title()!r}")
    if page.locator("html").get_attribute("lang") != language:
        found.append("not in its language")
    if page.locator("main .button.is-primary:visible, main .is-primary[aria-disabled]:visible").count() > 1:
        found.append("more than one primary button")
    return found


def look(person: Person, watcher: Watcher, language: str, path: str) -> list[str]:
    """What is wrong with one page but for what axe finds: what it says of itself, what it cuts, what it asks."""
    page = person.open(path).page
    found = [*watcher.taken(), *heads(page, language), *cut_when_spaced(page, WIDE["width"])]
    if urlsplit(page.url).path != urlsplit(path).path:
        found.append(f"leads to {page.url}")
    return [*found, *(f"at 320: {one}" for one in cut(page, 320))]


HEIGHT = """() => Math.max(
  innerHeight, ...[...document.querySelectorAll('html, .sheet-body')].map((one) => one.scrollHeight))"""
"""The height at which nothing scrolls, but for a list with a height of its own."""


def every_way(page: Page) -> list[str]:
    """What axe finds at each size in each scheme.

    The view is as high as the page: what has scrolled under a sheet's foot is not a target, and axe would count it.
    """
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.set_viewport_size({**size, "height": page.evaluate(HEIGHT)})
        found.append(faults(page))
        page.emulate_media(color_scheme="dark")
        found.append(faults(page, COLOURS))  # the other rules do not look at colours
        page.emulate_media(color_scheme="light")
    return found


def walk(
    browser: Browser, organisation: Organisation, server: Any, language: str, paths: tuple[str, ...],
    enter: Callable[[Person], object] | None = None,
) -> dict[str, list[str]]:
    """What is wrong, by page. enter: how the person comes in; by a link, as they are given one."""
    context = new_context(browser)
    person = Person(context.new_page(), server.url)
    (enter or by_link(organisation))(person)
    person.open(f"/preferences/language/{language}")
    watcher, wrong = Watcher(person.page), {}
    tab = Person(context.new_page(), server.url)  # of its own, as axe itself tries what the policy forbids
    for path in paths:
        where = address(organisation, path)
        found = [*look(person, watcher, language, where), *every_way(tab.open(where).page)]
        wrong[path] = [one for one in found if one]
        person.page.set_viewport_size(WIDE)
    context.close()
    return wrong


def by_link(organisation: Organisation) -> Callable[[Person], object]:
    """Sign the owner in."""
    return lambda person: person.sign_in(organisation.link())


def by_password(person: Person, email: str) -> None:
    """Fill in the first page of signing in."""
    person.open("/sign-in")
    person.page.locator('input[type="email"]').fill(email)
    person.page.locator('input[type="password"]').fill(PASSWORD)
    person.page.keyboard.press("Enter")
    person.page.wait_for_url("**/sign-in/code*")


def refused(browser: Browser, server: str) -> list[str]:
    """What axe finds on the first page of signing in where nothing was filled in."""
    context = new_context(browser)
    person = Person(context.new_page(), server)
    person.open("/sign-in").page.locator("main .is-primary").click()
    person.page.locator("[aria-invalid=true]").first.wait_for()
    found = [one for one in every_way(person.page) if one]
    context.close()
    return found


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}: {one}" for path, all_ in wrong.items() for one in all_)


def shopping(organisation: Organisation) -> None:
    """Something in the cart of an organisation without debts."""
    user = Actor("owner", organisation.users["anna"], "web")
    item = {"plan": "visio-2-monthly", "seats": 3}
    call("cart.add", Context(user, organisation.account, organisation.now), item=item)


@pytest.mark.parametrize("paths", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_holds_the_rules(
    browser: Browser, troubled: Organisation, live_server: Any, language: str, paths: tuple[str, ...]
) -> None:
    wrong = walk(browser, troubled, live_server, language, paths)
    assert not any(wrong.values()), told(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_an_organisation_without_debts_hold_them_too(
    browser: Browser, contoso: Organisation, live_server: Any, language: str
) -> None:
    shopping(contoso)
    wrong = walk(browser, contoso, live_server, language, DEBTLESS)
    assert not any(wrong.values()), told(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_signing_in_hold_them_too(
    browser: Browser, contoso: Organisation, live_server: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = partial(walk, browser, contoso, live_server, language)
    wrong = walked((*STRANGERS, contoso.link("bram")), enter=lambda person: person)
    wrong["/sign-in, refused"] = refused(browser, live_server.url)
    with monkeypatch.context() as long_ago:
        long_ago.setattr(signing, "RECENT", timedelta(0))
        wrong |= walked(PROVING)
    email, _ = secure(contoso)
    wrong |= walked(SECURED)
    wrong |= walked(("/sign-in/code",), enter=partial(by_password, email=email))
    assert not any(wrong.values()), told(wrong)
