"""Signing in as people do before a browser: passwords, codes of an app, devices with passkeys, mail that was sent."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Page

from seatkeeper.domain.mail.outbox import send_due
from seatkeeper.interfaces.web.letters.compose import compose
from seatkeeper.kit.clock import system_now
from tests.support.carriers import Kept
from tests.support.organisation import Organisation

PASSWORD = "molen wind kaas 42"
STEP_SECONDS = 30


def with_password(organisation: Organisation, person: str = "anna") -> str:
    """The person's e-mail address; they have PASSWORD from now on."""
    user = organisation.user(person)
    user.set_password(PASSWORD)
    user.save()
    return user.email


def enter(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page that is shown, and send it from the keyboard."""
    page.locator('input[name="login"]').fill(email)
    page.locator('input[name="password"]').fill(password)
    page.keyboard.press("Enter")


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What an app shows now, or in so many steps of half a minute: one step early is accepted, a code twice is not."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP_SECONDS + ahead))


def device(page: Page) -> Any:
    """A device with a fingerprint reader that always says yes; the browser asks it for passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def session_of(context: BrowserContext) -> SessionStore:
    """The session of a browser, as the server keeps it."""
    key = next(one["value"] for one in context.cookies() if one["name"] == "session")
    return SessionStore(session_key=key)


def sign_in_ages(context: BrowserContext, minutes: int) -> None:
    """Let the last proof of who it is lie so many minutes back."""
    session = session_of(context)
    records = session["account_authentication_methods"]
    last = {**records[-1], "at": time.time() - minutes * 60}
    session["account_authentication_methods"] = [last]
    session.save()


def mailed() -> Kept:
    """Send what the outbox holds, and what was sent."""
    carrier = Kept()
    send_due(system_now, compose, carrier=carrier)
    return carrier


def link_in(text: str) -> str:
    """The sign-in link of a letter."""
    found = re.search(r"https?://\S+/sign-in/\S+", text)
    assert found is not None
    return found[0]
