"""Which actions a row or page offers to this reader: a link where it is possible, a reason where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.subscriptions.rows import BannerRow, SubscriptionRow
from seatkeeper.interfaces.portal.views.frame import may
from seatkeeper.interfaces.web.formatting import join, long_date
from seatkeeper.interfaces.web.formatting import money as money_text
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import say


@dataclass(frozen=True, slots=True)
class Item:
    """One action. reason: why it cannot be used now; then it has no address. primary: the page's one button."""

    words: str
    address: str
    reason: SafeString | None = None
    primary: bool = False
    sheet: bool = True
    name: str = ""


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
    reason = None
    if not may(request, needs):
        reason = role_reason(request, needs)
    elif control.code is not None:
        names = Names(here=f"/products/{row.reference}", product_name=row.name, product_id=row.product)
        reason = refusal(control.code, control.facts, names)
    primary = PRIMARY.get(row.status) == command
    return Item(gettext(words), "" if reason else address, reason, primary, command != "assign", command)


def role_reason(request: HttpRequest, needs: str) -> SafeString:
    """This needs a role, and who has it."""
    people = getattr(request, "people_by_permission", {}).get(needs, ())
    if people:
        return say(N_("This needs another role: {names} can do it."), names=join(list(people)))
    return say(N_("Your role does not allow this."))


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


def banner_text(
    banner: BannerRow | None, account: AccountRow, may_pay: bool, *, money: bool
) -> dict[str, object] | None:
    """The banner's sentence, role and one button. Who may not pay sees the fact in info, and who can act."""
    if banner is None or (not money and banner.kind != "suspended"):
        return None
    facts = banner.facts
    sum_ = money_text(int(str(facts.get("sum_minor", 0))), account.currency)
    invoices = facts.get("invoices", ())
    pay = f"/bills/{invoices[0]}/pay" if len(invoices) == 1 else "/bills/overdue/pay"  # type: ignore[arg-type,index]
    values = {
        "sum": sum_,
        "product": facts.get("product", ""),
        "n": facts.get("n", 0),
        "days": facts.get("days", 0),
        "m": facts.get("users", 0),
        "date": long_date(facts["date"]) if facts.get("date") else "",  # type: ignore[arg-type]
        "date2": long_date(facts["date2"]) if facts.get("date2") else "",  # type: ignore[arg-type]
    }
    role = {"disabled_unpaid": "bad"}.get(banner.kind, "warn")
    if banner.kind == "suspended":
        button, address = say(N_("Add {n}"), n=values["n"]), f"/products/{facts['reference']}/licences"
    else:
        every = money_text(int(str(facts.get("all_minor", 0))), account.currency)
        button, address = say(N_("Pay {sum} now"), sum=every), pay
    return {
        "text": say(BANNERS[banner.kind], **values),
        "role": role if may_pay else "info",
        "icon": {"bad": "error_circle", "warn": "warning"}[role] if may_pay else "info",
        "button": button if may_pay else "",
        "address": address,
        "more": say(N_("and {n} more"), n=banner.more) if banner.more else "",
    }


BANNERS = {
    "past_due": N_(
        "{sum} is {days:day,days} overdue. On {date} {product} is disabled and {m:user loses,users lose} access."
    ),
    "disabled_unpaid": N_("{product} is disabled since {date}: {sum} unpaid. Data is kept until {date2}."),
    "suspended": N_(
        "{n:licence,licences} of {product} [n:is,are] suspended: more assigned than bought. Removed on {date}."
    ),
}
