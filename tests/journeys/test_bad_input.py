"""What goes wrong before the screen: one outcome, never two charges, and a page that explains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from seatkeeper.adapters.gateways.sandbox.gateway import SandboxGateway
from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.ports import Answer, Charge
from seatkeeper.domain.subscriptions import execution
from seatkeeper.domain.subscriptions.charging import COMMAND_MAY_TAKE
from tests.support.organisation import Organisation
from tests.support.steps import Person
from tests.support.visited import address

WRONG = (
    ("/products/{standard}/licences", "seats", "abc", "Enter a whole number", "12"),
    ("/products/{standard}/licences", "seats", "-3", "Enter a whole number", "12"),
    ("/buy/visio-2?plan=visio-2-monthly", "seats", "1.5", "Enter a whole number", "3"),
    ("/buy/visio-2/order?plan=visio-2-monthly", "seats", "many", "Enter a whole number", "3"),
    ("/buy/visio-2?plan=visio-2-monthly&seats=3&start=later&start_on=2026-03-20", "start_on", "2026-01-01",
     "Enter a date after today", "2026-04-10"),
)  # fmt: skip
"""(page, field, what is typed, what is right in words, something right)."""


def documents(organisation: Organisation) -> int:
    return Document.objects.filter(account_id=organisation.account).count()


def charged(organisation: Organisation) -> int:
    taken = SandboxCharge.objects.filter(key__startswith=f"{organisation.account}-", kind="charge", outcome="ok")
    return sum(one.amount_minor for one in taken.exclude(reversed=True))


def test_a_form_keeps_what_was_typed_names_the_field_and_says_what_is_right(
    anna: Person, contoso: Organisation
) -> None:
    for path, name, wrong, said, right in WRONG:
        page = anna.open(address(contoso, path)).page
        field = page.locator(f'[name="{name}"]:visible').first
        field.fill(wrong)
        message = page.locator("#outcome [role=alert]")
        expect(message, path).to_contain_text(said)
        expect(field, path).to_have_attribute("aria-invalid", "true")
        assert "outcome-error" in (field.get_attribute("aria-describedby") or ""), path
        expect(field, path).to_have_value(wrong)
        expect(page.locator("[data-confirm]"), path).to_have_count(0)
        message.get_by_role("link").click()
        expect(field, path).to_be_focused()
        field.fill(right)
        expect(message, path).to_have_count(0)
        expect(field, path).not_to_have_attribute("aria-invalid", "true")


def test_without_scripts_a_refused_form_says_error_in_its_title_and_keeps_all(
    anna_without_scripts: Person, contoso: Organisation
) -> None:
    page = anna_without_scripts.open(address(contoso, "/products/{standard}/licences")).page
    page.get_by_label("Total licences", exact=True).fill("twelve")
    page.get_by_role("radio", name=re.compile("^At renewal")).check()
    anna_without_scripts.press("Recalculate")
    assert page.title() == "Error: Change licences: Business Standard, Contoso Nederland B.V."
    expect(page.get_by_label("Total licences", exact=True)).to_have_value("twelve")
    expect(page.get_by_role("radio", name=re.compile("^At renewal"))).to_be_checked()
    expect(page.get_by_role("alert")).to_contain_text("Error: Licences. Enter a whole number, such as 12.")


@pytest.mark.both_databases
def test_a_double_click_and_going_back_pay_once(anna: Person, contoso: Organisation) -> None:
    page, before = anna.page, documents(contoso)
    anna.open("/buy/visio-2?plan=visio-2-monthly&seats=3").push('button[name="do"][value="buy"]')
    anna.settled()
    page.locator("[data-confirm]").dblclick()
    first = anna.receipt()
    assert documents(contoso) == before + 1
    address_of_first = page.url
    page.go_back()
    note = page.locator(".notes .is-warn", has_text="You placed this very order on")
    expect(note).to_be_visible()
    note.get_by_role("link", name="see its receipt").click()
    assert anna.receipt() == first and page.url == address_of_first
    page.go_back()
    page.go_forward()
    assert anna.receipt() == first
    page.reload()
    assert anna.receipt() == first
    assert documents(contoso) == before + 1


@pytest.mark.both_databases
def test_a_form_sent_again_shows_the_first_receipt(anna: Person, contoso: Organisation) -> None:
    path = address(contoso, "/products/{standard}/licences")
    page = anna.open(f"{path}?seats=12").page
    fields = page.locator("form.sheet-foot input[type=hidden]").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.name, one.value]))"
    )
    anna.confirm()
    anna.receipt()
    first, paid = page.url, charged(contoso)
    again = page.request.post(
        anna.address + path, form=fields, max_redirects=0, headers={"Referer": anna.address + path}
    )
    assert (again.status, anna.address + again.headers["location"]) == (302, first)
    assert charged(contoso) == paid


@pytest.mark.both_databases
def test_two_tabs_with_the_same_sheet_charge_once_and_the_second_explains(
    anna: Person, contoso: Organisation
) -> None:
    path = address(contoso, "/products/{standard}/licences?seats=12")
    anna.open(path)
    second = Person(anna.page.context.new_page(), anna.address).open(path)
    before = charged(contoso)
    assert anna.confirm() == "Pay €16.59 now"
    anna.receipt()
    second.confirm()
    expect(second.page.get_by_role("alert")).to_contain_text("It is already so")
    assert second.page.title().startswith("Error: ")
    assert charged(contoso) == before + 1659
    for one in (anna, second):
        one.open(address(contoso, "/products/{visio}/cancel?when=now"))
    anna.confirm()
    anna.receipt()
    second.confirm()
    expect(second.page.get_by_role("alert")).to_contain_text("Not possible while the subscription is disabled")


@pytest.mark.both_databases
def test_what_changed_meanwhile_is_shown_and_the_new_sum_is_what_is_charged(
    anna: Person, contoso: Organisation
) -> None:
    anna.open(address(contoso, "/products/{standard}/licences?seats=12"))
    contoso.give("subscription.set_seats", subscription=contoso.ids["standard"], seats=11)
    before = charged(contoso)
    assert anna.confirm() == "Pay €16.59 now"
    message = anna.page.get_by_role("alert")
    expect(message).to_contain_text("Something changed while this was open. Nothing has been done yet.")
    expect(message).to_be_focused()
    expect(message.locator("tbody tr", has_text="Total, incl. VAT")).to_have_text(re.compile("€16.59.*€8.30"))
    assert charged(contoso) == before
    assert anna.confirm() == "Pay €8.30 now"
    assert anna.receipt() == "Business Standard now has 12 licences"
    assert charged(contoso) == before + 830


def test_a_session_that_ends_in_the_middle_loses_nothing_and_does_nothing(anna: Person, contoso: Organisation) -> None:
    anna.open("/products").go(address(contoso, "/products/{standard}/licences"))
    anna.page.locator("#seats").fill("12")
    anna.settled()
    before = (documents(contoso), charged(contoso))
    cookies = anna.page.context.cookies()
    anna.page.context.clear_cookies(name="session")
    anna.page.locator("#seats").fill("13")
    message = anna.page.locator("#outcome [role=alert]")
    expect(message).to_contain_text("You were signed out. What you typed is kept.")
    expect(anna.page.locator("#seats")).to_have_value("13")
    expect(anna.page.locator("[data-confirm]:visible")).to_have_count(0)
    link = message.get_by_role("link", name="Sign in").get_attribute("href") or ""
    assert link.startswith("/sign-in?next=") and "seats%3D13" in link
    anna.page.context.add_cookies(cookies)  # signed in again, in another tab
    anna.page.locator("#seats").fill("12")
    expect(anna.page.locator("[data-confirm]")).to_have_text("Pay €16.59 now")
    anna.page.context.clear_cookies(name="session")
    anna.page.locator("[data-confirm]").click()
    anna.page.wait_for_url("**/sign-in*")
    assert (documents(contoso), charged(contoso)) == before


def test_a_preview_that_fails_says_so_and_can_be_tried_again(anna: Person, contoso: Organisation) -> None:
    anna.open(address(contoso, "/products/{standard}/licences?seats=12"))
    anna.page.route("**/licences?*", lambda route: route.abort())
    anna.page.locator("#seats").fill("13")
    message = anna.page.locator("#outcome [role=alert]")
    expect(message).to_contain_text("This part could not be loaded. Nothing was changed.")
    expect(anna.page.locator("[data-confirm]:visible")).to_have_count(0)
    anna.page.unroute("**/licences?*")
    message.get_by_role("button", name="Try again").click()
    expect(anna.page.locator("[data-confirm]")).to_have_text("Pay €24.88 now")
    expect(message).to_have_count(0)


class Silent(SandboxGateway):
    """Takes the money, and times out before it can say so."""

    def charge(self, charges: Sequence[Charge]) -> list[Answer]:
        super().charge(charges)
        raise TimeoutError("no answer")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_payment_without_an_answer_waits_and_says_what_became_of_it(
    anna: Person, contoso: Organisation, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    path, paid = address(contoso, "/products/{standard}/licences?seats=12"), charged(contoso)
    said = {
        "en": ("We do not know yet whether the payment went through", "Do not pay again; this page updates itself.",
               "The payment did not go through"),
        "nl": ("Het is nog niet zeker of de betaling is gelukt", "Betaal niet opnieuw", "De betaling is niet gelukt"),
    }[language]  # fmt: skip
    anna.page.clock.install()
    anna.open(f"/preferences/language/{language}").open(path)
    with monkeypatch.context() as outage:
        outage.setattr(execution, "gateway", lambda kind: Silent())
        anna.confirm()
        assert anna.receipt() == said[0]
    expect(anna.page.locator("main")).to_contain_text(said[1])
    assert documents_of(anna.page) == 0
    waiting = anna.page.url
    contoso.move(contoso.now + COMMAND_MAY_TAKE)
    anna.page.clock.fast_forward(6_000)
    expect(anna.page.locator("h1")).to_have_text(said[2])  # by itself
    assert anna.page.url == waiting and charged(contoso) == paid
    anna.open(path).confirm()
    assert "12" in anna.receipt() and charged(contoso) == paid + 1659


def documents_of(page: Page) -> int:
    return page.locator('a[href^="/bills/"]').count()


def test_paying_what_is_paid_already_explains(troubled: Organisation, live_server: Any, page: Page) -> None:
    anna = Person(page, live_server.url).sign_in(troubled.link())
    path = address(troubled, "/bills/{number}/pay")
    second = Person(page.context.new_page(), anna.address).open(path)
    anna.open(path).confirm()
    assert anna.receipt() == "The invoice is paid"
    paid = charged(troubled)
    second.confirm()
    expect(second.page.get_by_role("alert")).to_contain_text("It is already so")
    second.open(path)
    expect(second.page.locator("[data-confirm]")).to_have_count(0)
    expect(second.page.locator("main")).to_contain_text("Nothing of this invoice is to be paid any more.")
    assert charged(troubled) == paid
