"""`python -m tests.support.screenshots [name ...]`: pictures of the pages into docs/images, or only those named.

Every page at 1280 and 390 pixels wide, light and dark, in English, and the list in Dutch. They show the demonstration
as it is on 15 March 2026, so that the pictures change only when the pages or the story do.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support.browser import WIDTHS, missing_reason, new_context, opened_browser
from tests.support.serving import served
from tests.support.sources import ROOT

IMAGES = ROOT / "docs" / "images"
TODAY = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
TALLEST = 6_000
Step = Callable[[Page], None]


@dataclass(frozen=True)
class Shown:
    """The demonstration's first organisation: a fresh sign-in path, references by what they show, a debt."""

    link: Callable[[], str]
    references: dict[str, str]
    overdue: str

    def at(self, name: str, sheet: str = "") -> str:
        """The address of a subscription or of one of its sheets."""
        return f"/products/{self.references[name]}" + (f"/{sheet}" if sheet else "")


def pages(shown: Shown) -> dict[str, str]:
    """Address by the picture's name."""
    return {
        "overview": "/",
        "products": "/products",
        "subscription": shown.at("booked"),
        "subscription-committed": shown.at("committed"),
        "subscription-past-due": shown.at("past_due"),
        "subscription-expired": shown.at("expired"),
        "sheet-reduce": shown.at("booked", "licences?seats=88"),
        "sheet-recurring-billing": shown.at("booked", "recurring-billing?to=off"),
        "sheet-cancel": shown.at("booked", "cancel"),
        "sheet-frequency": shown.at("once", "change-frequency"),
        "sheet-refused": shown.at("committed", "licences?seats=100"),
        "sheet-pay": f"/bills/{shown.overdue}/pay",
        "savings": "/savings",
        "renewal": shown.at("booked", "renewal"),
        "licences": "/licences",
        "licence-holders": "/licences/planner-plan-3",
        "licence-assign": "/licences/business-basic/assign?typed=Anna+Jansen,daan+bos,nobody@noordzee.example",
        "licence-keep": "/licences/planner-plan-3/keep",
        "licence-requests": "/licences/business-basic/requests",
        "my-licences": "/me",
        "buy": "/buy",
        "offer": "/buy/business-premium",
        "bills": "/bills",
        "methods": "/bills/methods",
        "method-add": "/bills/methods/add",
        "method-replace": "/bills/methods/1/replace",
        "method-remove": "/bills/methods/1/remove",
        "bill": f"/bills/{shown.overdue}",
        "account": "/account",
        "account-vat-id": "/account/vat-id",
        "account-address": "/account/address",
        "account-recipients": "/account/recipients",
        "account-close": "/account/close",
        "people": "/account/people",
        "person-invite": "/account/people/invite",
        "mail": "/account/mail",
        "mail-letter": "/account/mail/renewal",
        "security": "/security",
        "security-app": "/security/app",
        "security-passkey": "/security/passkeys/add",
        "activity": "/activity",
        "help": "/help/licences",
    }


def paid_pages(shown: Shown) -> dict[str, str]:
    """Those that need an organisation without debts."""
    return {
        "sheet-add": shown.at("booked", "licences?seats=100"),
        "sheet-reactivate": shown.at("expired", "reactivate"),
        "order": "/buy/business-premium/order?plan=business-premium-monthly&seats=12",
    }


def main(names: list[str]) -> int:
    """Make the demonstration, serve it, take the pictures."""
    if problem := missing_reason():
        print(problem, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="seatkeeper-pictures-") as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'pictures.sqlite3'}"
        os.environ |= {"SEATKEEPER_HOME": str(home), "DATABASE_URL": url, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "seatkeeper.config.settings"
        import django

        django.setup()
        from seatkeeper.config.process import migrate

        migrate()
        shown, pay = _made()
        IMAGES.mkdir(parents=True, exist_ok=True)
        with served(home, url) as address, opened_browser() as browser:
            _take(browser, address, shown, _wanted(pages(shown), names))
            pay()
            _take(browser, address, shown, _wanted(paid_pages(shown), names))
            if not names or "receipt" in names:
                _take_receipts(browser, address, shown)
    return 0


def _wanted(found: dict[str, str], names: list[str]) -> dict[str, str]:
    return {name: path for name, path in found.items() if not names or name in names}


def _made() -> tuple[Shown, Callable[[], None]]:
    """The demonstration, and a way to pay its debts."""
    from seatkeeper.core.tables import PERMISSIONS
    from seatkeeper.domain.accounts.queries import organisation
    from seatkeeper.domain.identity.models import User
    from seatkeeper.domain.identity.operations import make_link
    from seatkeeper.domain.subscriptions.listing import Wanted, products_page
    from seatkeeper.domain.subscriptions.queries import shelf
    from seatkeeper.interfaces.demo.installation import make
    from seatkeeper.kit.clock import system_now
    from seatkeeper.kit.commands import Actor, Context, call

    user = User.objects.get(email=make(now=TODAY).owner)
    found = organisation(user.account_id or 0)
    assert found is not None
    state = shelf(found, PERMISSIONS["owner"])
    rows = products_page(state, Wanted(size=100)).rows
    active = [row for row in rows if row.status == "active"]
    references = {
        "past_due": next(row.reference for row in rows if row.past_due),
        "booked": next(row.reference for row in active if row.booked and row.booked[0].kind == "seats"),
        "committed": next(row.reference for row in active if row.plan.term == "P1Y"),
        "expired": next(row.reference for row in rows if row.status == "expired"),
        "once": next(row.reference for row in active if row.recurring == "once"),
    }
    methods = [one.id for one in state.methods.values() if one.kind == "card" and not one.blocked]
    debts = state.state.overdue(state.today)

    def pay() -> None:
        from seatkeeper.domain.payments.models import Method

        Method.objects.filter(account_id=found.id, id=methods[0]).update(token="sandbox_ok")
        for one in debts:
            ctx = Context(Actor("owner", user.id), found.id, found.now)
            call("invoice.pay", ctx, document=one.id, method=methods[0])

    def link() -> str:
        return f"/sign-in/{make_link(user.id, now=system_now())}"

    return Shown(link, references, debts[0].number), pay


def _take(browser: Browser, address: str, shown: Shown, wanted: dict[str, str]) -> None:
    for width, height in WIDTHS.values():
        for scheme in ("light", "dark"):
            page = _signed_in(browser, address, shown, width, height, dark=scheme == "dark")
            for name, path in wanted.items():
                page.goto(address + path)
                _save(page, f"{name}-{width}-{scheme}", height)
            if "products" in wanted and scheme == "light":
                page.goto(f"{address}/preferences/language/nl?next=/products")
                _save(page, f"products-nl-{width}-{scheme}", height)
            page.context.close()


def _take_receipts(browser: Browser, address: str, shown: Shown) -> None:
    """Add licences in the dialog, as a person does, and look at the receipt."""
    for width, height in WIDTHS.values():
        page = _signed_in(browser, address, shown, width, height, dark=False)
        page.locator(f'a[href="{shown.at("booked")}/licences"]').first.click()
        field = page.locator("dialog[open] #seats")
        field.fill(str(int(field.input_value()) + 5))
        button = page.locator("dialog[open] [data-confirm]:not([aria-disabled])")
        button.wait_for()
        page.screenshot(path=IMAGES / f"dialog-{width}-light.png")
        button.click()
        page.wait_for_url("**/done/*")
        _save(page, f"receipt-{width}-light", height)
        page.context.close()


def _signed_in(browser: Browser, address: str, shown: Shown, width: int, height: int, *, dark: bool) -> Page:
    context = new_context(browser, width=width, height=height, dark=dark)
    context.add_cookies([{"name": "language", "value": "en", "url": address}])
    page = context.new_page()
    page.goto(address + shown.link())
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda found: "/sign-in" not in found)
    return page


def _save(page: Page, name: str, height: int) -> None:
    """A picture of the whole page: the window is made as high, so that what sticks to its edge is where it belongs."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(whole, height), TALLEST)})
    page.screenshot(path=IMAGES / f"{name}.png")
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size({"width": width, "height": height})
    print(name + (f"  OVERFLOWS BY {over}" if over > 0 else ""), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
