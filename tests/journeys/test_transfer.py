"""What a first visit costs, measured on the wire of the server that people run."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import elsewhere, new_context
from tests.support.serving import served

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores

MOST_KILOBYTES = 120


def test_a_first_visit_takes_at_most_120_kilobytes_of_assets(browser: Browser, tmp_path: Path) -> None:
    sizes: dict[str, int] = {}
    addresses: dict[str, str] = {}
    with served(tmp_path, f"sqlite:///{tmp_path}/none.sqlite3") as address:
        context = new_context(browser)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on(
            "Network.requestWillBeSent",
            lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
        )
        wire.on(
            "Network.loadingFinished",
            lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
        )
        page.goto(f"{address}/sign-in", wait_until="networkidle")
        # The font of who has none of the system's, and the icons of the pages behind.
        page.evaluate("document.fonts.load('400 14px \"Inter Variable\"').then((all) => all.length)")
        sprite = "[...document.querySelectorAll('use')].map(one => one.getAttribute('href').split('#')[0])[0]"
        page.evaluate(f"fetch({sprite}).then((answer) => answer.text()).then((text) => text.length)")
        page.wait_for_load_state("networkidle")
        context.close()
    taken = {addresses[one].rsplit("/", 1)[-1]: size for one, size in sizes.items() if "/static/" in addresses[one]}
    assert not [one for one in addresses.values() if elsewhere(one)]
    assert {"app.css", "app.js", "htmx.min.js", "sprite.svg", "inter-latin-wght-normal.woff2"} <= set(taken)
    total = sum(taken.values())
    print(f"{total / 1000:.1f} kB in {len(taken)} files")
    assert total <= MOST_KILOBYTES * 1000, sorted(taken.items(), key=lambda one: -one[1])
