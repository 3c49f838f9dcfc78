"""Which actions a row or page offers to this reader: a link where it is possible, a reason where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.subscriptions.rows import SubscriptionRow
from seatkeeper.interfaces.portal.views.frame import may
from seatkeeper.interfaces.web.asking import asking
from seatkeeper.interfaces.web.formatting import join
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import say


@dataclass(frozen=True, slots=True)
class Item:
    """One action. reason: why it cannot be used now; then it has no address. primary: the page's one button.

    ask: where the reader's role is the reason, the mail that asks who can.
    """

    words: str
    address: str
    reason: SafeString | None = None
    primary: bool = False
    sheet: bool = True
    name: str = ""
    ask: str = ""


ASK = N_("Ask")
ITEMS: Mapping[str, tuple[str, str, str]] = {
    "set_seats": (N_("Change licences"), "licences", "subscription.change"),
    "assign": (N_("Assign"), "", "license.assign"),
    "set_recurring": (N_("Edit recurring billing"), "recurring-billing", "subscription.change"),
    "change_plan": (N_("Change plan"), "change-plan", "subscription.change"),
    "change_frequency": (N_("Change frequency"), "change-frequency", "subscription.change"),
    "set_payment_method": (N_("Payment method"), "payment-method", "subscription.change"),
    "buy_trial_now": (N_("Buy now"), "buy-now", "subscription.change"),
    "extend_trial": (N_("Extend trial"), "extend-trial", "subscription.change"),
    "reactivate": (N_("Reactivate"), "reactivate", "subscription.change"),
    "undo": (N_("Undo booked change"), "undo", "subscription.change"),
    "cancel": (N_("Cancel subscription"), "cancel", "subscription.change"),
}
PRIMARY = {
    "active": "set_seats",
    "trial": "buy_trial_now",
    "expired": "reactivate",
    "disabled": "reactivate",
    "scheduled": "cancel",
}
IN_MENU = ("assign", "change_plan", "change_frequency", "set_payment_method", "extend_trial", "undo", "cancel")
ON_PAGE = (
    "set_seats",
    "buy_trial_now",
    "reactivate",
    "assign",
    "set_recurring",
    "change_plan",
    "change_frequency",
    "extend_trial",
    "cancel",
)


def names_for(row: SubscriptionRow, account: AccountRow) -> Names:
    """How refusals about this subscription call things."""
    return Names(
        here=f"/products/{row.reference}",
        product_name=row.name,
        product_id=row.product,
        seller=account.seller_name,
        timezone=account.timezone,
    )


def item(request: HttpRequest, row: SubscriptionRow, command: str) -> Item | None:
    """The action, or None where the subscription's status knows no such thing."""
    control = row.controls.get(command)
    if control is None:
        return None
    words, slug, needs = ITEMS[command]
    address = f"/licences/{row.product}" if command == "assign" else f"/products/{row.reference}/{slug}"
    reason, ask = None, ""
    if not may(request, needs):
        reason, ask = _who_can(request, needs)
    elif control.code is not None:
        names = Names(here=f"/products/{row.reference}", product_name=row.name, product_id=row.product)
        reason = refusal(control.code, control.facts, names)
    primary = PRIMARY.get(row.status) == command
    return Item(gettext(words), "" if reason else address, reason, primary, command != "assign", command, ask)


def role_reason(request: HttpRequest, needs: str) -> SafeString:
    """This needs a role, who has it, and a mail that asks them."""
    reason, ask = _who_can(request, needs)
    return format_html('{} <a href="{}">{}</a>', reason, ask, gettext(ASK)) if ask else reason


def _who_can(request: HttpRequest, needs: str) -> tuple[SafeString, str]:
    """The reason in words, and the address of the mail; worked out once a page."""
    known: dict[str, tuple[SafeString, str]] = request.__dict__.setdefault("who_can", {})
    if needs not in known:
        people = getattr(request, "people_by_permission", {}).get(needs, ())
        names = join([name for name, _ in people])
        words = N_("This needs another role: {names} can do it.") if people else N_("Your role does not allow this.")
        known[needs] = say(words, names=names), asking(request, people) if people else ""
    return known[needs]


def ask_of(items: Iterable[Item]) -> str:
    """The mail that a menu offers once, where the reader's role is a reason in it: to who can do most of it."""
    asks = Counter(one.ask for one in items if one.ask)
    return max(asks, key=asks.__getitem__, default="")


def menu_items(request: HttpRequest, row: SubscriptionRow) -> list[Item]:
    """The row menu. What is never possible in this status is left out where the row itself says the status."""
    found = [item(request, row, command) for command in IN_MENU]
    return [one for one in found if one is not None and not _pointless(row, one)]


def _pointless(row: SubscriptionRow, one: Item) -> bool:
    if row.status == "deleted":
        return True
    return one.name == "undo" and not row.booked


def action_items(request: HttpRequest, row: SubscriptionRow) -> list[Item]:
    """The detail page's command bar, the primary button first."""
    found = [one for command in ON_PAGE if (one := item(request, row, command)) is not None]
    if row.status == "deleted":
        return [Item(gettext("Buy again"), f"/buy/{row.product}", primary=True, sheet=False)]
    return sorted(found, key=lambda one: not one.primary)
