"""A language with words longer by two fifths shows no text cut off, on no page, wide or narrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from seatkeeper.kit.commands import Actor, Context, call
from tests.support.browser import new_context
from tests.support.checks import cut
from tests.support.organisation import Organisation
from tests.support.pseudo import longer, spoken, stretched
from tests.support.steps import Person
from tests.support.visited import ALONE, DEBTLESS, PAGES, SHEETS, address

pytestmark = pytest.mark.soak  # with the other long walks: some ten minutes on two cores


def test_sentences_are_stretched_around_their_values() -> None:
    assert longer("Licences") == "Liiceencees"
    assert stretched("Pay {sum}, now.") == "⟦Paay {sum}, noow.⟧"
    assert stretched("Pay {sum} now") == "⟦Paay {sum} noow⟧"
    assert stretched("{n:day,days} of [n:is,are] [Pay it]") == "⟦{n:daay,daayys} oof [n:iis,aare] [Paay iit]⟧"


def _cut(browser: Browser, organisation: Organisation, address_: str, paths: tuple[str, ...]) -> list[str]:
    context = new_context(browser)
    person = Person(context.new_page(), address_).sign_in(organisation.link())
    found = []
    page = person.open("/preferences/language/nl").page
    for path in paths:
        person.open(address(organisation, path))
        assert "⟦" in (page.locator("body").text_content() or ""), f"{path} does not speak it"
        for width in (1280, 390):
            found += [f"{path} at {width}: {one}" for one in cut(page, width)]
    context.close()
    return found


def test_nothing_is_cut_in_a_longer_language(
    browser: Browser, troubled: Organisation, live_server: Any, tmp_path: Path
) -> None:
    with spoken(tmp_path):
        found = _cut(browser, troubled, live_server.url, (*PAGES, *SHEETS, *ALONE))
    assert not found, "\n".join(found)


def test_nothing_is_cut_where_money_is_paid(
    browser: Browser, contoso: Organisation, live_server: Any, tmp_path: Path
) -> None:
    item = {"plan": "visio-2-monthly", "seats": 3}
    call("cart.add", Context(Actor("owner", contoso.users["anna"], "web"), contoso.account, contoso.now), item=item)
    with spoken(tmp_path):
        found = _cut(browser, contoso, live_server.url, DEBTLESS)
    assert not found, "\n".join(found)
