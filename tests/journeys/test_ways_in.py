"""Every way in, in a browser: codes of an app, passkeys, an invitation; proofs, and sessions that end meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, expect

from seatkeeper.domain.identity.operations import end_sessions
from tests.support.browser import new_context
from tests.support.organisation import Organisation
from tests.support.signing import (
    PASSWORD,
    code_of,
    device,
    enter,
    link_in,
    mailed,
    sign_in_ages,
    with_password,
)
from tests.support.steps import Person, faults

DUTCH = pytest.param("nl", marks=pytest.mark.soak)
IN_BOTH = pytest.mark.parametrize("language", ["en", DUTCH])
LONG = pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.soak), DUTCH])


@pytest.fixture(autouse=True)
def alone(contoso: Organisation, live_server: Any, settings: Any) -> None:
    """No attempts of other tests; mail leads to this server."""
    cache.clear()
    settings.PUBLIC_ADDRESS = live_server.url


@pytest.fixture
def another(browser: Browser, live_server: Any, language: str) -> Iterator[Any]:
    """Makes browsers of their own, in the language."""
    opened: list[BrowserContext] = []

    def make(*, width: int = 1280) -> Person:
        opened.append(new_context(browser, width=width))
        opened[-1].add_cookies([{"name": "language", "value": language, "url": live_server.url}])
        return Person(opened[-1].new_page(), live_server.url)

    yield make
    for one in opened:
        one.close()


def arrives(person: Person, path: str) -> None:
    """Wait for an address of the portal."""
    person.page.wait_for_url(f"{person.address}{path}")


def forgotten(person: Person) -> None:
    """The session's cookie goes, after the page that may still be answered."""
    person.page.goto("about:blank")
    person.page.context.clear_cookies(name="session")


@IN_BOTH
def test_codes_of_an_app_are_turned_on_and_asked_for(contoso: Organisation, another: Any, language: str) -> None:
    email = with_password(contoso)
    anna = another()
    anna.open("/security/app")
    enter(anna.page, email)
    arrives(anna, "/security/app")
    secret = (anna.page.locator("code.code").text_content() or "").strip()
    assert not faults(anna.page)
    anna.page.locator('input[name="code"]').fill("000 000")
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator("#id_code_error")).to_contain_text("Error:" if language == "en" else "Fout:")
    expect(anna.page.locator("main [role=alert]")).to_be_focused()
    assert not faults(anna.page)
    code = code_of(secret)
    anna.page.locator('input[name="code"]').fill(f"{code[:3]} {code[3:]}")
    anna.page.keyboard.press("Enter")
    arrives(anna, "/security/codes")
    recovery = anna.page.locator(".codes code").all_text_contents()
    assert len(recovery) == 10 and not faults(anna.page)

    for number, entered in enumerate((code_of(secret, ahead=1), recovery[0])):
        phone = another(width=390)
        phone.open("/bills")
        enter(phone.page, email)
        phone.page.wait_for_url("**/sign-in/code*")
        assert number or not faults(phone.page)
        phone.page.locator('input[name="code"]').fill(entered)
        phone.page.keyboard.press("Enter")
        arrives(phone, "/bills")
    expect(phone.page.locator("html")).to_have_attribute("lang", language)


@IN_BOTH
def test_an_invitation_leads_from_the_mail_to_a_first_sign_in_with_the_role(
    contoso: Organisation, another: Any, language: str
) -> None:
    anna = another().sign_in(contoso.link())
    anna.open("/account/people/invite")
    anna.fill("email", "jan.nieuw@contoso.example")
    anna.fill("name", "Jan Nieuw")
    anna.pick("role", "reader")
    anna.pick("language", language)
    anna.push("main .is-primary")
    anna.page.wait_for_url("**/account/people?said=invited")
    assert not faults(anna.page)
    (sent,) = mailed().parcels
    assert sent.recipients == ("jan.nieuw@contoso.example",) and sent.letter.language == language

    jan = another(width=390)
    jan.page.set_content(sent.letter.html)
    link = jan.page.get_by_role("link").get_attribute("href") or ""
    assert link == link_in(sent.letter.text)
    jan.page.goto(link)
    assert not faults(jan.page)
    jan.push("main button[type=submit]")
    arrives(jan, "/security/password/set")
    for field in ("password1", "password2"):
        jan.fill(field, PASSWORD)
    assert not faults(jan.page)
    jan.push("main .is-primary")
    jan.page.wait_for_url("**/security?said=password")
    jan.open("/account/people")
    expect(jan.page.locator("main button[aria-disabled=true]")).to_have_count(1)
    jan.page.goto(link)
    jan.push("main button[type=submit]")
    expect(jan.page.locator("main button")).to_have_count(0)  # it works once
    anna.open("/account/people?search=nieuw")
    expect(anna.page.locator("tbody tr")).to_contain_text("reader" if language == "en" else "lezer")
    never = re.compile("never|nooit")
    expect(anna.page.locator("tbody tr")).not_to_contain_text(never)


@LONG
def test_a_passkey_is_added_signs_in_proves_and_is_removed(
    contoso: Organisation, another: Any, language: str
) -> None:
    email = with_password(contoso)
    anna = another()
    device(anna.page)
    anna.open("/security/passkeys/add")
    enter(anna.page, email)
    arrives(anna, "/security/passkeys/add")
    expect(anna.page.locator('[name="passwordless"]')).to_be_checked()
    anna.fill("name", "Laptop")
    assert not faults(anna.page)
    anna.push("main .is-primary")
    arrives(anna, "/security/codes")
    anna.open("/security")
    expect(anna.page.locator("#passkeys + ul")).to_contain_text("Laptop")

    forgotten(anna)
    anna.open("/bills")
    anna.push('form[data-passkey="get"] button')
    arrives(anna, "/bills")

    forgotten(anna)
    anna.open("/bills")
    enter(anna.page, email)
    anna.page.wait_for_url("**/sign-in/code*")
    assert not faults(anna.page)
    anna.push("form[data-passkey] button")
    arrives(anna, "/bills")

    sign_in_ages(anna.page.context, 31)
    anna.open("/security")
    anna.page.locator('a[href$="/remove"]').click()
    anna.page.wait_for_url("**/security/confirm?*")
    anna.page.locator('a[href*="/confirm/passkey"]').click()
    anna.page.wait_for_url("**/security/confirm/passkey*")
    assert not faults(anna.page)
    anna.push("main .is-primary")
    anna.page.wait_for_url("**/remove")
    anna.push("main .is-primary")
    arrives(anna, "/security/passkeys")
    expect(anna.page.locator("#passkeys + ul")).to_have_count(0)


@LONG
def test_a_device_without_a_passkey_says_so_and_the_password_still_works(
    contoso: Organisation, another: Any, language: str
) -> None:
    email = with_password(contoso)
    anna = another()
    device(anna.page)
    anna.open("/bills")
    anna.push('form[data-passkey="get"] button')
    expect(anna.page.locator("[data-failed]")).to_be_visible()
    assert not faults(anna.page)
    enter(anna.page, email)
    arrives(anna, "/bills")


@LONG
def test_signing_out_everywhere_ends_both_browsers(contoso: Organisation, another: Any, language: str) -> None:
    here, there = another().sign_in(contoso.link()), another(width=390).sign_in(contoso.link())
    here.open("/security").push('form[action="/sign-out/everywhere"] button >> visible=true')
    here.page.wait_for_url("**/sign-in?said=everywhere")
    assert not faults(here.page)
    for one in (here, there):
        one.open("/products")
        one.page.wait_for_url("**/sign-in?next=%2Fproducts")


@LONG
def test_a_proof_is_asked_for_at_most_once_in_half_an_hour_and_the_form_stays_filled_in(
    contoso: Organisation, another: Any, language: str
) -> None:
    email = with_password(contoso)
    bram = f"/account/people/{contoso.users['bram']}"
    anna = another()
    anna.open(bram)
    enter(anna.page, email)
    arrives(anna, bram)
    sign_in_ages(anna.page.context, 31)
    anna.open(bram).pick("role", "reader")
    anna.push("main .is-primary")
    anna.page.wait_for_url("**/security/confirm?*")
    assert contoso.user("bram").role == "billing_administrator" and not faults(anna.page)
    anna.fill("password", "not the password")
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator("#id_password_error")).to_be_visible()
    expect(anna.page.locator('[name="password"]')).to_have_value("")
    anna.fill("password", PASSWORD)
    anna.page.keyboard.press("Enter")
    anna.page.wait_for_url(f"**{bram}?*")
    expect(anna.page.locator('[name="role"][value="reader"]')).to_be_checked()
    assert contoso.user("bram").role == "billing_administrator", "nothing is done by itself"
    anna.push("main .is-primary")
    anna.page.wait_for_url("**/account/people?said=role")
    assert contoso.user("bram").role == "reader"
    sign_in_ages(anna.page.context, 29)
    anna.open(bram).pick("role", "license_administrator")
    anna.push("main .is-primary")
    anna.page.wait_for_url("**/account/people?said=role")
    assert contoso.user("bram").role == "license_administrator"


@LONG
@pytest.mark.parametrize("while_typing", [True, False])
def test_signed_out_meanwhile_with_a_filled_sheet_loses_nothing_and_charges_once(
    contoso: Organisation, another: Any, language: str, *, while_typing: bool
) -> None:
    email = with_password(contoso)
    path = f"/products/{contoso.reference('standard')}/licences"
    anna = another()
    anna.open(path)
    enter(anna.page, email)
    arrives(anna, path)
    anna.page.locator("#seats").fill("12")
    expect(anna.page.locator("[data-confirm]")).to_contain_text(re.compile(r"16[.,]59"))
    end_sessions(contoso.users["anna"])
    if while_typing:
        anna.page.locator("#seats").fill("13")
        anna.page.locator("#outcome [data-part-sign-in]").click()
    else:
        anna.page.locator("[data-confirm]").click()
    anna.page.wait_for_url("**/sign-in?*next=*")
    assert not faults(anna.page)
    enter(anna.page, email)
    anna.page.wait_for_url(f"**{path}?*")
    seats = "13" if while_typing else "12"
    expect(anna.page.locator("#seats")).to_have_value(seats)
    anna.confirm()
    assert anna.receipt()
    anna.open(path)
    expect(anna.page.locator("#seats")).to_have_value(seats)
