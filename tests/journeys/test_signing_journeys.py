"""Signing in by a password in a browser, and signing out on every device at once."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.support.browser import new_context
from tests.support.organisation import Organisation
from tests.support.steps import Person, faults

PASSWORD = "molen wind kaas 42"


def entered(page: Page, address: str, email: str, password: str) -> None:
    """The form of the sign-in page, filled in and sent from the keyboard."""
    page.goto(f"{address}/bills")
    page.wait_for_url("**/sign-in*")
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")


def test_a_password_is_chosen_signs_in_and_every_device_is_signed_out(
    browser: Browser, contoso: Organisation, live_server: Any, page: Page
) -> None:
    email = contoso.user().email
    anna = Person(page, live_server.url).sign_in(contoso.link())
    page.locator('button[popovertarget="person"]').click()
    anna.follow("Sign-in and security")
    assert not faults(page)
    anna.follow("Choose a password")
    for field in page.locator('input[type="password"]').all():
        field.fill(PASSWORD)
    assert not faults(page)
    anna.press("Save the password")
    expect(page.locator("main").get_by_role("status")).to_have_text("The password is saved.")
    expect(page.locator("main")).to_contain_text("You sign in with your e-mail address and a password.")

    elsewhere = new_context(browser, width=390, height=844)
    phone = elsewhere.new_page()
    entered(phone, live_server.url, email, "not the password")
    expect(phone.get_by_role("alert")).to_contain_text("Error:")
    assert phone.get_by_label("E-mail address", exact=True).input_value() == email
    assert not faults(phone)
    entered(phone, live_server.url, email, PASSWORD)
    phone.wait_for_url("**/bills")
    expect(phone.locator("h1")).to_be_visible()

    page.locator("main").get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url("**/sign-in?said=everywhere")
    expect(page.get_by_role("status").first).to_contain_text("You are signed out on every device.")
    assert not faults(page)
    for device in (page, phone):
        device.goto(f"{live_server.url}/products")
        assert "/sign-in" in device.url
    elsewhere.close()
