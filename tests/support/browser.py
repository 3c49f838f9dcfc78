"""Debian's Chromium, driven by Playwright, for tests that look at pages as a person does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright adds --headless itself and gives every browser an empty user data folder, removed when it closes.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # This machine and nothing else. A rule of the browser's own, as a route would switch its cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LOOPBACK = {"127.0.0.1", "localhost"}
WIDTHS = {"wide": (1280, 900), "narrow": (390, 844)}


def chromium_path() -> Path | None:
    """The browser to use: SEATKEEPER_CHROMIUM, else Debian's chromium; None where there is none."""
    named = os.environ.get("SEATKEEPER_CHROMIUM")
    candidates = [named] if named else ["/usr/bin/chromium", shutil.which("chromium")]
    return next((Path(path) for path in candidates if path and os.access(path, os.X_OK)), None)


def missing_reason() -> str | None:
    """Why browser tests cannot run here and what to do; None where they can."""
    if chromium_path():
        return None
    return "no Chromium at /usr/bin/chromium or SEATKEEPER_CHROMIUM (on Debian: apt-get install chromium)"


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """A running Chromium, closed at the end."""
    path = chromium_path()
    assert path is not None, missing_reason()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS), headless=True)
        try:
            yield browser
        finally:
            browser.close()


def new_context(
    browser: Browser,
    *,
    width: int = 1280,
    height: int = 900,
    dark: bool = False,
    scripts: bool = True,
    language: str = "en-GB",
) -> BrowserContext:
    """A fresh profile that reaches this machine only. dark: the colour scheme; scripts: JavaScript runs."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        locale=language,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    return context


def elsewhere(address: str) -> bool:
    """Whether an address lies on another machine."""
    return urlsplit(address).hostname not in {None, *LOOPBACK}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of a process."""
    # Playwright's event loop lives in the test's thread, and Django refuses the database where one runs.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with opened_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of 1280 pixels wide in a fresh profile. The test fails when a script of the page fails."""
    context = new_context(browser)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda problem: problems.append(str(problem)))
    yield opened
    context.close()
    assert not problems, f"scripts of the page failed: {problems}"


@pytest.fixture
def page_without_scripts(browser: Browser) -> Iterator[Page]:
    """A page with JavaScript switched off."""
    context = new_context(browser, scripts=False)
    yield context.new_page()
    context.close()
