"""What stands in a cell of the list, and the row's menu.

Drawn here and not in a template: a page has hundreds of cells, and their order is the reader's. What is put into them
is escaped before: `say`, badges and dates are safe, everything else goes through `safe`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.subscriptions.rows import Booked, SubscriptionRow
from seatkeeper.interfaces.portal.menus import Item, ask_of
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import money
from seatkeeper.interfaces.web.templatetags.look import (
    badge,
    day_month_tag,
    icon,
    licence_bar,
    milestone,
    short_date_tag,
)
from seatkeeper.interfaces.web.text import plain, say


@dataclass(frozen=True, slots=True)
class Look:
    """How the list is looked at: by whom. money: whether prices are seen."""

    account: AccountRow
    money: bool


@lru_cache(maxsize=8192)
def safe(text: str) -> str:
    """Text as HTML; names of products and methods come again and again."""
    return str(escape(text))


def _lines(*parts: str) -> str:
    return f'<span class="lines">{"".join(parts)}</span>'


def _quiet(safe: str, css: str = "quiet small") -> str:
    return f'<span class="{css}">{safe}</span>'


def _hidden(safe: str) -> str:
    return f'<span class="visually-hidden"> {safe}</span>'


def _sheet(address: str, safe: str, hidden: str, css: str = "") -> str:
    return f'<a{css} href="{address}" data-sheet>{safe}{_hidden(hidden)}</a>'


def _links(links: Sequence[str]) -> str:
    return f'<span class="links">{"".join(links)}</span>'


def booked_text(change: Booked) -> SafeString:
    """36 licences from 1 Dec 2026."""
    on = short_date_tag(change.on)
    if change.kind == "seats":
        return say(N_("{n:licence,licences} from {d}"), n=change.seats, d=on)
    assert change.plan is not None
    return say(N_("{plan} from {d}"), plan=words.term_and_payment(change.plan), d=on)


def product_cell(row: SubscriptionRow, look: Look) -> str:
    """Name, plan, what is booked."""
    booked = [
        f'<span class="quiet small with-icon">{icon("calendar_clock", 16)}<span>{booked_text(one)}</span></span>'
        for one in row.booked
    ]
    name = f'<a class="row-name" href="/products/{row.reference}">{safe(row.name)}</a>'
    return _lines(name, _quiet(safe(words.term_and_payment(row.plan)), "quiet"), *booked)


def licences_cell(row: SubscriptionRow, look: Look) -> str:
    """How many, how many are held, and a way to change it."""
    pool = row.pool
    if row.status in ("deleted", "scheduled", "disabled"):
        count = f'<span>{say(N_("{n:licence,licences}"), n=row.seats)}</span>'
        return _lines(count, _quiet(say(N_("no access")), "quiet")) if row.status == "disabled" else _lines(count)
    use = say(N_("{a} of {b}"), a=pool.assigned, b=pool.bought)
    left = say(N_("{n} suspended"), n=pool.suspended) if pool.suspended else say(N_("{n} available"), n=pool.available)
    links = [_quiet(left, "quiet")]
    if row.status == "active" and look.money:
        hidden = say(N_("licences of {product}"), product=row.name)
        links.append(_sheet(f"/products/{row.reference}/licences", say(N_("Change")), hidden))
    parts = [f'<span class="licence-use">{licence_bar(pool, 64)}<span>{use}</span></span>', _links(links)]
    if pool.subscriptions > 1:
        sentence = N_("{n} bought here, {m} on {k:other subscription,other subscriptions}")
        parts.append(_quiet(say(sentence, n=row.seats, m=pool.bought - row.seats, k=pool.subscriptions - 1)))
    return _lines(*parts)


def status_cell(row: SubscriptionRow, look: Look) -> str:
    """Badges."""
    parts: list[str] = [badge(row.status)]
    if row.past_due:
        parts.append(badge("past_due"))
    if row.pool.suspended and row.status == "active":
        parts.append(badge("suspended"))
    if row.reason:
        parts.append(_quiet(safe(words.word(words.REASON, row.reason))))
    return _lines(*parts)


def date_cell(row: SubscriptionRow, look: Look) -> str:
    """The renewal line and its links."""
    parts: list[str] = [milestone(row.milestone)]
    if row.past_due and row.disabled_if_unpaid_on:
        on = short_date_tag(row.disabled_if_unpaid_on)
        parts.append(_quiet(say(N_("Disabled on {d} if unpaid"), d=on), "quiet"))
    if look.money:
        parts.append(_links(_date_links(row)))
    return _lines(*parts)


def _date_links(row: SubscriptionRow) -> list[str]:
    here, name, links = f"/products/{row.reference}", safe(row.name), []
    edit = _sheet(
        f"{here}/recurring-billing", say(N_("Edit")), say(N_("recurring billing of {product}"), product=row.name)
    )
    if row.overdue_minor:
        pay = say(N_("Pay {sum}"), sum=money(row.overdue_minor, row.currency))
        if len(row.overdue_invoices) == 1:
            number = safe(row.overdue_invoices[0])
            links.append(_sheet(f"/bills/{number}/pay", pay, number))
        else:
            links.append(f'<a href="/bills?show=overdue">{pay}</a>')
    if row.status == "active":
        links += [edit, _sheet(f"{here}/cancel", say(N_("Cancel")), name)]
    elif row.status == "trial":
        links += [_sheet(f"{here}/buy-now", say(N_("Buy now")), name), edit]
    elif row.status == "scheduled":
        links.append(_sheet(f"{here}/cancel", say(N_("Cancel")), name))
    elif row.status in ("expired", "disabled") and not row.overdue_minor:
        links.append(_sheet(f"{here}/reactivate", say(N_("Reactivate")), name, ' class="button is-small"'))
    elif row.status == "deleted":
        links.append(f'<a href="/buy/{safe(row.product)}">{say(N_("Buy again"))}{_hidden(name)}</a>')
    return links


def price_cell(row: SubscriptionRow, look: Look) -> str:
    """The price of a licence, and per what."""
    amount = f'<span class="amount">{words.price_amount(row.plan, row.seats)}</span>'
    return _lines(amount, _quiet(safe(words.word(words.PER, row.plan.billing))))


def invoice_cell(row: SubscriptionRow, look: Look) -> str:
    """The next charge."""
    if row.next_invoice is None:
        return _lines(_quiet(say(N_("none")), "quiet"))
    amount = f'<span class="amount">{money(row.next_invoice.gross_minor, row.currency)}</span>'
    paid = [_quiet(safe(words.method_short(row.method)), "quiet small paid-with")] if row.method else []
    return _lines(amount, _quiet(day_month_tag(row.next_invoice.on, look.account.today)), *paid)


def method_cell(row: SubscriptionRow, look: Look) -> str:
    """The payment method."""
    return safe(words.method(row.method)) if row.method else _quiet(say(N_("none")), "quiet")


def booked_cell(row: SubscriptionRow, look: Look) -> str:
    """What is booked, with its undo."""
    if not row.booked:
        return _quiet(say(N_("none")), "quiet")
    undo = _sheet(f"/products/{row.reference}/undo", say(N_("Undo")), safe(row.name))
    return _lines(*(f"<span>{booked_text(one)}</span>" for one in row.booked), undo)


def idle_cell(row: SubscriptionRow, look: Look) -> str:
    """What unassigned licences cost a month."""
    if not row.pool.idle_minor:
        return _quiet(say(N_("none")), "quiet")
    amount = f'<span class="amount">{money(row.pool.idle_minor, row.currency)}</span>'
    return _lines(amount, _quiet(say(N_("per month"))))


def year_cell(row: SubscriptionRow, look: Look) -> str:
    """The price of a year."""
    return f'<span class="amount">{money(row.yearly_minor, row.currency)}</span>'


def menu_cell(row: SubscriptionRow, items: Sequence[Item]) -> SafeString:
    """The row's menu: a link for what is possible, a reason for what is not."""
    if not items:
        return mark_safe('<td role="cell" class="cell-more"></td>')
    name = safe(plain(N_("More for {product}"), product=row.name))
    parts = [
        f'<td role="cell" class="cell-more"><button class="button is-subtle is-icon" type="button" '
        f'popovertarget="more-{row.id}" aria-label="{name}" title="{safe(gettext("More"))}">'
        f'{icon("more_horizontal", 20)}</button><ul class="menu" popover id="more-{row.id}">'
    ]
    for item in items:
        if item.reason:
            id_ = f"why-{row.id}-{item.name}"
            reason = strip_tags(item.reason)  # `say` has escaped it
            parts.append(
                f'<li><button type="button" aria-disabled="true" aria-describedby="{id_}">{safe(item.words)}'
                f'<span class="reason" id="{id_}">{reason}</span></button></li>'
            )
        else:
            sheet = " data-sheet" if item.sheet else ""
            parts.append(f'<li><a href="{safe(item.address)}"{sheet}>{safe(item.words)}</a></li>')
    if ask := ask_of(items):
        parts.append(f'<li><a href="{safe(ask)}">{safe(gettext("Ask who can"))}</a></li>')
    return mark_safe("".join([*parts, "</ul></td>"]))  # noqa: S308 - see above
