"""The amount on the button is the amount that moves, for every sheet that moves money; it is said once, politely."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from seatkeeper.adapters.gateways.sandbox.models import SandboxCharge
from seatkeeper.domain.invoicing.models import Document
from tests.support.organisation import Organisation
from tests.support.steps import Person
from tests.support.visited import address

PAYING = (
    ("/products/{standard}/licences?seats=14", {}, "charge"),
    ("/products/{basic}/licences?seats=23", {}, "charge"),
    ("/products/{standard}/licences?seats=11", {}, "credit"),
    ("/products/{standard}/change-plan", {"plan": "business-premium-monthly"}, "charge"),
    ("/products/{entra}/buy-now", {}, "charge"),
    ("/products/{visio}/cancel?when=now", {}, "credit"),
    ("/buy/power-bi-pro/order?plan=power-bi-pro-yearly&seats=3", {}, "charge"),
    ("/buy/planner-3/order?plan=planner-3-monthly&seats=2", {"method": "2"}, "charge"),
)
"""(sheet, choices, what the button names)."""


def said(words: str) -> int:
    """The sum in a button's words, in minor units."""
    found = re.search(r"€\s?([\d,]+)\.(\d\d)", words)
    assert found, f"no sum in {words!r}"
    return int(found[1].replace(",", "") + found[2])


def charged(organisation: Organisation) -> int:
    taken = SandboxCharge.objects.filter(key__startswith=f"{organisation.account}-", kind="charge", outcome="ok")
    return sum(one.amount_minor for one in taken)


@pytest.mark.both_databases
def test_the_amount_on_the_button_is_what_is_charged_or_given_back(anna: Person, contoso: Organisation) -> None:
    for path, choices, kind in PAYING:
        before = charged(contoso)
        anna.open(address(contoso, path))
        for name, value in choices.items():
            anna.pick(name, value)
        anna.settled()
        foot = anna.page.locator(".sheet-foot .sum .amount").text_content() or ""
        words = anna.confirm()
        assert anna.receipt(), path
        document = Document.objects.filter(account_id=contoso.account).latest("id")
        moved = charged(contoso) - before if kind == "charge" else -document.gross_minor
        assert said(words) == said(foot) == moved, (path, words, foot)
        used = document.balance_used_minor if kind == "charge" else 0
        assert abs(document.gross_minor) - used == moved, path


def test_a_new_sum_is_said_once_after_the_last_key(anna: Person, contoso: Organisation) -> None:
    page = anna.open(address(contoso, "/products/{standard}/licences")).page
    page.evaluate(
        """() => {
          window.heard = [];
          const status = document.querySelector('#sheet-status');
          new MutationObserver(() => status.textContent && window.heard.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    field = page.locator("#seats")
    field.fill("")
    field.press_sequentially("125", delay=120)
    expect(page.locator("#sheet-status")).to_have_text(re.compile("^Total now €"))
    anna.settled()
    foot = page.locator(".sheet-foot .sum .amount").text_content() or ""
    assert page.evaluate("window.heard") == [f"Total now {foot}"]
    assert page.locator("#sheet-status").get_attribute("role") == "status"
    field.fill("x")
    expect(page.locator("#outcome [role=alert]")).to_be_visible()
    expect(page.locator("#sheet-status")).to_have_text("")
