"""The pages of signing in and of mail, in both languages: axe finds nothing at either size in either scheme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from tests.journeys.test_every_page import NARROW, WIDE, Watcher, every_way
from tests.support.browser import new_context
from tests.support.checks import cut, cut_when_spaced
from tests.support.organisation import Organisation
from tests.support.signing import with_password
from tests.support.steps import Person

pytestmark = pytest.mark.soak  # with the other long walks

OUTSIDE = (
    "/sign-in", "/sign-in?said=kept", "/sign-in?said=everywhere", "/sign-in?said=passkey", "/password/forgotten",
    "/password/forgotten/sent", "/password/new", "/sign-in/closed", "/sign-in/used", "/password/new/1-used",
)  # fmt: skip
"""Pages for people who are not signed in."""
INSIDE = (
    "/security", "/security/password", "/security/app/off", "/security/codes", "/security/codes/new",
    "/security/passkeys/add", "/security/confirm?next=/account", "/security/confirm/code?next=/account",
    "/account/mail", "/account/mail/renewal", "/account/mail/invitation", "/account/mail/payment_failed",
)  # fmt: skip
"""Pages of somebody with a password and an app."""


def wrong_with(page: Page, watcher: Watcher, tab: Page, address: str, paths: Iterable[str]) -> dict[str, list[str]]:
    """What is wrong, by page."""
    found = {}
    for path in paths:
        page.goto(address + path)
        one = [*watcher.taken(), *cut_when_spaced(page, WIDE["width"]), *(f"at 320: {x}" for x in cut(page, 320))]
        page.set_viewport_size(WIDE)
        tab.goto(address + path)
        found[path] = [wrong for wrong in (*one, *every_way(tab)) if wrong]
    return {path: all_ for path, all_ in found.items() if all_}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_page_of_signing_in_holds_the_rules(
    browser: Browser, contoso: Organisation, live_server: Any, language: str
) -> None:
    cache.clear()
    with_password(contoso)
    user = contoso.user()
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    context = new_context(browser)
    context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
    page, tab = context.new_page(), context.new_page()
    watcher, address = Watcher(page), live_server.url
    used = contoso.link("bram")
    found = wrong_with(page, watcher, tab, address, (*OUTSIDE, used))
    page.goto(f"{address}/sign-in")
    page.locator("main .is-primary").click()
    page.locator("[aria-invalid=true]").first.wait_for()
    found["refused"] = [one for one in every_way(page) if one]
    page.set_viewport_size(NARROW)
    watcher.taken()  # axe tries what the policy forbids
    Person(page, address).sign_in(contoso.link())
    found |= wrong_with(page, watcher, tab, address, INSIDE)
    context.close()
    assert not any(found.values()), found
