"""The columns of the list: what each is called, how its cell is drawn, what it is in an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.money import plain as plain_money
from seatkeeper.domain.subscriptions.rows import Booked, SubscriptionRow
from seatkeeper.interfaces.portal.cells import (
    Look,
    booked_cell,
    date_cell,
    idle_cell,
    invoice_cell,
    licences_cell,
    method_cell,
    price_cell,
    product_cell,
    safe,
    status_cell,
    year_cell,
)
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.templatetags.look import short_date_tag
from seatkeeper.interfaces.web.text import plain

Draw = Callable[[SubscriptionRow, Look], str]
Put = Callable[[SubscriptionRow], object]


@dataclass(frozen=True, slots=True)
class Column:
    """name: in addresses and preferences; css: classes of head and cell; money: only for who may see it.

    shown: always, wide (from 1440 px on, while nothing was chosen), widest (from 1920) or asked (only when chosen).
    draw: what stands in the cell; put: (head, value) pairs for an export.
    """

    name: str
    head: str
    css: str
    draw: Draw
    put: tuple[tuple[str, Put], ...]
    money: bool = False
    shown: str = "always"
    label: bool = False


def _amount(minor: int | None, row: SubscriptionRow) -> str:
    return "" if minor is None else plain_money(minor, row.currency)


COLUMNS: Mapping[str, Column] = {
    one.name: one
    for one in (
        Column("product", N_("Product and plan"), "", product_cell, (
            (N_("Product"), lambda row: row.name), (N_("Plan"), lambda row: words.term_and_payment(row.plan)),
        )),
        Column("licences", N_("Licences"), "col-licences cell-licences", licences_cell, (
            (N_("Licences"), lambda row: row.seats), (N_("Assigned"), lambda row: row.pool.assigned),
            (N_("Available"), lambda row: row.pool.available), (N_("Suspended"), lambda row: row.pool.suspended),
        )),
        Column("status", N_("Status"), "col-status cell-status", status_cell, (
            (N_("Status"), lambda row: gettext(words.STATUS[row.status].words)),
            (N_("Past due"), lambda row: gettext("yes") if row.past_due else gettext("no")),
        )),
        Column("date", N_("Renews / expires"), "col-date cell-date", date_cell, (
            (N_("Renews / expires"), lambda row: words.milestone_text(row.milestone) if row.milestone else ""),
            (N_("Date"), lambda row: row.milestone.on.isoformat() if row.milestone else ""),
        )),
        Column("price", N_("Price"), "col-price number", price_cell, (
            (N_("Price per month, excl. VAT"), lambda row: _amount(row.monthly_minor, row)),
        ), money=True, label=True),
        Column("invoice", N_("Next invoice"), "col-invoice number", invoice_cell, (
            (N_("Next invoice"), lambda row: row.next_invoice.on.isoformat() if row.next_invoice else ""),
            (N_("Amount, incl. VAT"), lambda row: _amount(row.next_invoice.gross_minor, row) if row.next_invoice
             else ""),
        ), money=True, label=True),
        Column("method", N_("Paid with"), "col-method", method_cell, (
            (N_("Paid with"), lambda row: words.method(row.method) if row.method else ""),
        ), money=True, shown="wide", label=True),
        Column("idle", N_("Cost of unassigned"), "col-idle number", idle_cell, (
            (N_("Cost of unassigned per month, excl. VAT"), lambda row: _amount(row.pool.idle_minor, row)),
        ), money=True, shown="widest", label=True),
        Column("booked", N_("Booked change"), "col-booked", booked_cell, (
            (N_("Booked change"), lambda row: "; ".join(_plain_booked(one) for one in row.booked)),
        ), shown="widest", label=True),
        Column("number", N_("Number"), "col-number", lambda row, look: row.reference, (), shown="asked",
               label=True),
        Column("order", N_("Purchase order"), "col-order", lambda row, look: safe(row.purchase_order or "–"), (
            (N_("Purchase order"), lambda row: row.purchase_order),
        ), shown="asked", label=True),
        Column("term", N_("Term ends"), "col-day", lambda row, look: short_date_tag(row.term_ends_on) or "–", (
            (N_("Term ends"), lambda row: row.term_ends_on.isoformat() if row.term_ends_on else ""),
        ), shown="asked", label=True),
        Column("year", N_("Cost per year"), "col-year number", year_cell, (
            (N_("Cost per year, excl. VAT"), lambda row: _amount(row.yearly_minor, row)),
        ), money=True, shown="asked", label=True),
        Column("bought", N_("Bought on"), "col-day", lambda row, look: short_date_tag(row.bought_on), (
            (N_("Bought on"), lambda row: row.bought_on.isoformat()),
        ), shown="asked", label=True),
    )
}  # fmt: skip
"""By name, in the order of the list that "Columns" offers."""
FIRST = "product"


def _plain_booked(change: Booked) -> str:
    if change.kind == "seats":
        return plain(N_("{n:licence,licences} from {d}"), n=change.seats, d=change.on.isoformat())
    assert change.plan is not None
    return plain(N_("{plan} from {d}"), plan=words.term_and_payment(change.plan), d=change.on.isoformat())


def offered(*, money: bool) -> list[Column]:
    """The columns that this reader may see."""
    return [one for one in COLUMNS.values() if money or not one.money]


def by_default(*, money: bool) -> list[Column]:
    """Those shown to who has chosen none: the wider the screen, the more of them."""
    return [one for one in offered(money=money) if one.shown != "asked"]


def chosen(names: object, *, money: bool) -> list[Column]:
    """The columns of a reader's choice in its order, the product always first; by default where there is none."""
    known = {one.name: one for one in offered(money=money)}
    found = [known[name] for name in names if name in known] if isinstance(names, list) else []
    if not found:
        return by_default(money=money)
    return [COLUMNS[FIRST], *(one for one in dict.fromkeys(found) if one.name != FIRST)]


def cells(row: SubscriptionRow, columns: Sequence[Column], look: Look, *, own: bool) -> SafeString:
    """The cells of one row; own: the reader chose the columns, so that all are shown on every screen."""
    parts = []
    for column in columns:
        drawn = column.draw(row, look)
        if column.name == FIRST:
            parts.append(f'<th role="rowheader" scope="row">{drawn}</th>')
            continue
        css = column.css if own or column.shown == "always" else f"{column.css} is-{column.shown}"
        label = f' data-label="{safe(gettext(column.head))}"' if column.label else ""
        parts.append(f'<td role="cell" class="{css}"{label}>{drawn}</td>')
    return mark_safe("".join(parts))  # noqa: S308 - see above
