"""How a receipt says what happened, how to take it back and what to do next, by command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.subscriptions.rows import ReceiptRow
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import instant, last_day, long_date, money
from seatkeeper.interfaces.web.text import plain, say


@dataclass(frozen=True, slots=True)
class Worded:
    """The receipt's heading, its facts, how it can be taken back, and one next step."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    back: SafeString | None
    next_words: str
    next_address: str


def _seats(receipt: ReceiptRow) -> str:
    seats = int(str(receipt.arguments.get("seats", 0)))
    if receipt.arguments.get("when") == "renewal":
        return plain(
            N_("{product} goes to {n:licence,licences} on {d}"),
            product=_product(receipt),
            n=seats,
            d=_on(receipt, "effective_on"),
        )
    return plain(N_("{product} now has {n:licence,licences}"), product=_product(receipt), n=seats)


def _recurring(receipt: ReceiptRow) -> str:
    to = str(receipt.arguments.get("to", "on"))
    sentence = {
        "on": N_("{product} renews on {d}"),
        "once": N_("{product} renews one more time, on {d}"),
        "off": N_("{product} expires on {d}"),
    }[to]
    return plain(sentence, product=_product(receipt), d=_on(receipt, "ends_on" if to == "off" else "renews_on"))


def _cancel(receipt: ReceiptRow) -> str:
    if receipt.arguments.get("when") == "end":
        return plain(N_("{product} expires on {d}"), product=_product(receipt), d=_on(receipt, "ends_on"))
    return plain(N_("{product} is cancelled"), product=_product(receipt))


def _plan(receipt: ReceiptRow) -> str:
    if receipt.arguments.get("when") == "now":
        return plain(N_("The plan is changed: {product}"), product=_product(receipt))
    return plain(
        N_("The change is booked for {d}: {product}"), product=_product(receipt), d=_on(receipt, "effective_on")
    )


def _bought(receipt: ReceiptRow) -> str:
    seats = int(str(receipt.arguments.get("seats", 0)))
    if receipt.arguments.get("start"):
        sentence = N_("Ordered for {d}: {n:licence,licences} of {product}")
        return plain(sentence, n=seats, product=_product(receipt), d=_on(receipt, "starts_on"))
    return plain(N_("Ordered: {n:licence,licences} of {product}"), n=seats, product=_product(receipt))


def _ordered(receipt: ReceiptRow) -> str:
    """One product is named with its number, several are counted."""
    if len(receipt.rows) != 1:
        return plain(N_("Ordered: {n:product,products}"), n=len(receipt.rows))
    row = receipt.rows[0]
    if row.status == "trial" and row.milestone is not None:
        sentence = N_("The trial of {product} has started, free until {d}")
        return plain(sentence, product=row.name, d=long_date(last_day(row.milestone.on)))
    if row.status == "scheduled" and row.milestone is not None:
        sentence = N_("Ordered for {d}: {n:licence,licences} of {product}")
        return plain(sentence, n=row.seats, product=row.name, d=long_date(row.milestone.on))
    return plain(N_("Ordered: {n:licence,licences} of {product}"), n=row.seats, product=row.name)


def _method(receipt: ReceiptRow) -> str:
    if receipt.arguments.get("subscription") is None:
        return plain(N_("The payment method of all subscriptions is changed"))
    return plain(N_("The payment method of {product} is changed"), product=_product(receipt))


def _fixed(sentence: str) -> Callable[[ReceiptRow], str]:
    return lambda receipt: plain(
        sentence, product=_product(receipt), n=receipt.people, d=_on(receipt, "trial_end", last=True)
    )


def _paid(receipt: ReceiptRow) -> str:
    left = receipt.facts.get("left_minor")
    if isinstance(left, int) and left:
        return plain(N_("Paid in part: {sum} is still due"), sum=money(left, receipt.account.currency))
    return plain(N_("The invoice is paid"))


def _paid_overdue(receipt: ReceiptRow) -> str:
    if receipt.declined:
        return plain(N_("Not all of it is paid: a payment was declined"))
    return plain(N_("{n:overdue invoice is paid,overdue invoices are paid}"), n=_done(receipt))


HEADINGS: dict[str, Callable[[ReceiptRow], str]] = {
    "set_seats": _seats,
    "set_recurring": _recurring,
    "cancel": _cancel,
    "change_plan": _plan,
    "change_frequency": _plan,
    "buy": _bought,
    "order": _ordered,
    "start_trial": _fixed(N_("The trial of {product} has started, free until {d}")),
    "extend_trial": _fixed(N_("The trial of {product} goes on until {d}")),
    "buy_trial_now": _fixed(N_("{product} is bought")),
    "reactivate": _fixed(N_("{product} is active again")),
    "set_renewal": _fixed(N_("The renewal of {product} is set")),
    "set_many_recurring": lambda receipt: plain(
        N_("Recurring billing of {n:subscription,subscriptions} is changed"), n=_done(receipt)
    ),
    "set_many_method": lambda receipt: plain(
        N_("The payment method of {n:subscription,subscriptions} is changed"), n=_done(receipt)
    ),
    "undo": _fixed(N_("The booked change of {product} is undone")),
    "set_payment_method": _method,
    "replace_card": _fixed(N_("The payment method is replaced")),
    "set_default_method": _fixed(N_("The default payment method is changed")),
    "set_backup_method": _fixed(N_("The backup payment method is changed")),
    "remove_method": _fixed(N_("The payment method is removed")),
    "assign": _fixed(N_("{n:licence,licences} of {product} assigned")),
    "unassign": _fixed(N_("{n:licence,licences} of {product} taken back")),
    "add_and_assign": _fixed(N_("{n:licence,licences} of {product} bought where needed and assigned")),
    "keep": _fixed(N_("{n:licence,licences} of {product} exchanged")),
    "pay": _paid,
    "pay_overdue": _paid_overdue,
    "set_purchase_order": _fixed(N_("The purchase order number of {product} is changed")),
    "close": _fixed(N_("The account is closed")),
}


def _done(receipt: ReceiptRow) -> int:
    return int(str(receipt.facts.get("count", 0)))


def _product(receipt: ReceiptRow) -> str:
    return receipt.product_name or (receipt.row.name if receipt.row else "")


def _on(receipt: ReceiptRow, name: str, *, last: bool = False) -> str:
    found = receipt.facts.get(name)
    if isinstance(found, str):
        found = date.fromisoformat(found)
    if not isinstance(found, date):
        return ""
    return long_date(last_day(found) if last else found)


def worded(receipt: ReceiptRow) -> Worded:
    """The receipt in the reader's words."""
    if receipt.status == "unsure":
        heading = plain(N_("We do not know yet whether the payment went through"))
    elif receipt.status == "given_back":
        heading = plain(N_("The payment did not go through"))
    elif receipt.status == "waiting":
        heading = plain(N_("Your bank wants you to confirm this payment"))
    else:
        heading = HEADINGS[receipt.command](receipt)
    next_words, next_address = _next(receipt)
    return Worded(heading, _facts(receipt), _back(receipt), next_words, next_address)


def _facts(receipt: ReceiptRow) -> tuple[tuple[str, str], ...]:
    facts = [
        (gettext("When"), instant(receipt.at, receipt.account.timezone)),
        (gettext("Who"), receipt.who),
        (gettext("Reference"), receipt.reference),
    ]
    number = str(receipt.arguments.get("purchase_order") or "")
    if number:
        facts.append((gettext("Your reference"), number))
    row = receipt.row if len(receipt.rows) < 2 else None
    plainly = receipt.command not in ("assign", "unassign", "keep", "pay", "pay_overdue")
    if row is not None and row.milestone is not None and plainly:
        facts.append((gettext("From here"), words.milestone_text(row.milestone)))
    return tuple(facts)


def _back(receipt: ReceiptRow) -> SafeString | None:
    row = receipt.row
    if row is None or len(receipt.rows) > 1 or receipt.status != "done":
        return None
    here = f"/products/{row.reference}"
    if row.booked and _was_booked(receipt):
        on = long_date(row.booked[0].on)
        return say(N_("[Undo] is possible until {date}."), f"{here}/undo", date=on)
    if row.status == "active" and row.recurring == "off" and receipt.command in ("cancel", "set_recurring"):
        date_ = long_date(row.milestone.on) if row.milestone else ""
        return say(
            N_("[Turn recurring billing on] again on any day before {date}."),
            f"{here}/recurring-billing?to=on",
            date=date_,
        )
    if row.status == "disabled" and row.milestone is not None:
        until = long_date(row.milestone.on)
        return say(
            N_("[Reactivate] is possible until {date}; the data is kept until then."), f"{here}/reactivate", date=until
        )
    if receipt.undo_until is not None and receipt.undo_until > receipt.account.now:
        until = instant(receipt.undo_until, receipt.account.timezone)
        return say(N_("You can take this back until {instant}."), instant=until)
    if receipt.command == "set_seats" and row.status == "active" and row.plan.fewer == "any_time":
        return say(N_("You can [change it again] on any day."), f"{here}/licences")
    return None


def _was_booked(receipt: ReceiptRow) -> bool:
    """Whether the command booked something, rather than doing it at once."""
    if receipt.command == "change_frequency":
        return True
    return receipt.command in ("set_seats", "change_plan") and receipt.arguments.get("when") == "renewal"


def _next(receipt: ReceiptRow) -> tuple[str, str]:
    if receipt.status != "done":
        return gettext("Bills & payments"), "/bills"
    if len(receipt.rows) > 1:
        return gettext("Assign licences"), "/licences"
    if receipt.command in ("buy", "order", "start_trial", "buy_trial_now") and receipt.row is not None:
        return gettext("Assign licences"), f"/licences/{receipt.row.product}"
    if receipt.command == "set_seats" and receipt.row is not None and receipt.row.pool.available:
        return gettext("Assign licences"), f"/licences/{receipt.row.product}"
    if receipt.command == "add_and_assign" and receipt.row is not None:
        return gettext("Licences"), f"/licences/{receipt.row.product}"
    if receipt.command in ("assign", "unassign", "keep"):
        return gettext("Licences"), f"/licences/{receipt.arguments.get('product', '')}"
    if receipt.row is not None:
        return gettext("To the subscription"), f"/products/{receipt.row.reference}"
    return gettext("Products & services"), "/products"
