"""How many clicks and entries each thing takes, in both languages. A step more fails: the product promises these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import new_context
from tests.support.organisation import Organisation
from tests.support.steps import Person
from tests.support.visited import PAGES, address

LANGUAGES = {"en": "now", "nl": "Nu|nu"}


@dataclass(frozen=True)
class Promise:
    """What is done from where, and the clicks and entries that it may take."""

    what: str
    start: str
    do: Callable[[Person, Organisation], None]
    clicks: int
    entries: int = 0


def add(person: Person, organisation: Organisation) -> None:
    person.go(f"/products/{organisation.reference('standard')}/licences")
    person.fill("seats", "12")
    person.confirm()


def frequency(person: Person, organisation: Organisation) -> None:
    person.go(f"/products/{organisation.reference('standard')}/change-frequency")
    person.pick("plan", "business-standard-yearly")
    person.confirm()


def undo(person: Person, organisation: Organisation) -> None:
    person.push(f'form[action$="/{organisation.reference("standard")}/undo"] button')


def recurring(person: Person, organisation: Organisation) -> None:
    person.go(f"/products/{organisation.reference('basic')}/recurring-billing")
    person.pick("to", "off")
    person.confirm()


def cancel(person: Person, organisation: Organisation) -> None:
    person.go(f"/products/{organisation.reference('standard')}/cancel")
    person.confirm()


def reactivate(person: Person, organisation: Organisation) -> None:
    person.go(f"/products/{organisation.reference('standard')}/reactivate")
    person.confirm()


def assign(person: Person, organisation: Organisation) -> None:
    person.go("/licences/business-basic/assign")
    person.name(organisation.user("s40").email)
    person.confirm()


def buy(person: Person, organisation: Organisation) -> None:
    person.go("/buy/visio-2")
    person.page.locator('input[name="plan"][value="visio-2-monthly"]').check()  # a choice of the page, as of a colour
    person.fill("seats", "5")
    person.push('button[name="do"][value="buy"]')
    person.confirm()


PROMISES = (
    Promise("add licences from the list", "/products", add, 2, 1),
    Promise("change how often one pays", "/products/{standard}", frequency, 2, 1),
    Promise("undo what is booked", "/products/{standard}", undo, 1),
    Promise("turn recurring billing off", "/products", recurring, 2, 1),
    Promise("cancel without anything in between", "/products", cancel, 2),
    Promise("reactivate", "/products", reactivate, 2),
    Promise("assign a licence", "/licences/business-basic", assign, 2, 1),
    Promise("buy", "/buy", buy, 3, 1),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_takes_a_step_more_than_promised(anna: Person, contoso: Organisation, language: str) -> None:
    anna.open(f"/preferences/language/{language}")
    taken, promised = {}, {}
    for one in PROMISES:
        anna.open(address(contoso, one.start)).count_from_here()
        one.do(anna, contoso)
        assert anna.receipt(), one.what
        expect(anna.page.locator("html")).to_have_attribute("lang", language)
        taken[one.what], promised[one.what] = (anna.clicks, anna.entries), (one.clicks, one.entries)
    assert taken == promised


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_debt_is_paid_by_two_clicks_from_every_page(
    browser: Browser, troubled: Organisation, live_server: Any, language: str
) -> None:
    context = new_context(browser)
    person = Person(context.new_page(), live_server.url).sign_in(troubled.link())
    person.open(f"/preferences/language/{language}")
    sheet = address(troubled, "/bills/{number}/pay")
    for path in PAGES:
        person.open(address(troubled, path)).count_from_here()
        person.go(sheet)
        button = person.page.locator("dialog[open] [data-confirm]")
        expect(button, path).to_contain_text("78")  # the second click would pay
        assert person.clicks == 1, path
        person.page.keyboard.press("Escape")
        expect(person.page.locator("dialog[open]")).to_have_count(0)
    person.count_from_here()
    person.go(sheet)
    person.confirm()
    assert person.receipt() and person.clicks == 2
    assert not person.open("/help").page.locator("section.banner.is-warn >> text=78").count()
    context.close()
