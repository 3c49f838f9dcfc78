"""Reading the items of an order, and wording what the decision about them says: item by item and together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.decision import Decision
from seatkeeper.core.refusals import Refused
from seatkeeper.core.state import Subscription
from seatkeeper.core.subscriptions.checks import window_closes_at
from seatkeeper.core.subscriptions.order import MOST_ORDER_NUMBER
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.subscriptions.ordering import together
from seatkeeper.domain.subscriptions.ordering_rows import AlignRow, CartLine, OfferPage
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.sheets.parts import (
    Change,
    Note,
    Outcome,
    Pay,
    Then,
    Words,
    foot,
    money_button,
    notes_part,
    pay_part,
    when_text,
)
from seatkeeper.interfaces.portal.sheets.reading import BadField, kept, read_seats, typed
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import join, last_day, long_date, money, number, span
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain, say

Item = dict[str, Any]
YEAR = timedelta(days=366)
BUSINESS = N_("By ordering you confirm that {organisation} buys as a business.")


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What the decision says about one item. today: its line's amount excluding VAT; note: why there is none."""

    starts: str
    renews: str
    today: str
    note: str = ""


# ---- reading --------------------------------------------------------------------------------------------------------


def read_item(data: QueryDict, page: OfferPage, *, trial: bool) -> Item | None:
    """The item that a product's form asks for; None while plan or number are not there yet. Raises BadField."""
    plans = {one.id for one in page.offer.plans if not trial or one.trial_days}
    if typed(data, "plan") not in plans or not typed(data, "seats").strip():
        return None
    item: Item = {"plan": typed(data, "plan"), "seats": read_seats(typed(data, "seats"))}
    everybody = typed(data, "assign") == "all"
    if trial:
        item["trial"] = True
    elif typed(data, "start") == "later":
        item["start"] = read_start(typed(data, "start_on"), page.account.today)
        if everybody:
            sentence = N_("Licences can be assigned once it has started. Start today, or leave this out.")
            raise BadField("assign", plain(sentence))
    elif typed(data, "align") in {str(one.id) for one in page.alignable}:
        item["align_with"] = int(typed(data, "align"))
    if everybody:
        item["assign_all"] = True
    return item


def read_start(text: str, today: date) -> date:
    """A later date. Raises BadField with what is right."""
    try:
        start = date.fromisoformat(text)
    except ValueError:
        raise BadField("start_on", plain(N_("Enter a date, such as 2026-04-01."))) from None
    if start <= today:
        raise BadField("start_on", plain(N_("Enter a date after today.")))
    if start > today + YEAR:
        raise BadField("start_on", plain(N_("Enter a date within a year.")))
    return start


def read_order_number(data: QueryDict) -> str:
    """The buyer's own number. Raises BadField where it is too long or holds control characters."""
    text = typed(data, "purchase_order").strip()
    if len(text) > MOST_ORDER_NUMBER or not text.isprintable():
        sentence = N_("Enter at most {n} letters, digits and signs.")
        raise BadField("purchase_order", plain(sentence, n=MOST_ORDER_NUMBER))
    return text


# ---- wording --------------------------------------------------------------------------------------------------------


def order_names(shelf: Shelf, alignable: tuple[AlignRow, ...], line: CartLine | None = None) -> Names:
    """How refusals of an order call things; line: the item that is refused."""
    return Names(
        products={one.id: one.name for one in shelf.state.catalog.products.values()},
        plans={line.plan.id: plan_name(line.plan)} if line is not None and line.plan is not None else {},
        subscriptions={one.id: one.name for one in alignable},
        product_id=line.product if line is not None else "",
        product_name=line.name if line is not None else "",
        seller=shelf.account.seller_name,
        timezone=shelf.account.timezone,
    )


def order_refusal(
    refused: Refused, shelf: Shelf, alignable: tuple[AlignRow, ...], lines: tuple[CartLine, ...]
) -> SafeString:
    """The sentence of a refusal, with the product that it is about where the order has several."""
    position = refused.facts.get("item")
    line = lines[position] if isinstance(position, int) and position < len(lines) else None
    if refused.code == "no_seats_available":
        return _too_few(refused, line, several=len(lines) > 1)
    sentence = refusal(refused.code, refused.facts, order_names(shelf, alignable, line))
    return sentence if line is None or len(lines) == 1 else _about(line.name, sentence)


def _too_few(refused: Refused, line: CartLine | None, *, several: bool) -> SafeString:
    """More users would get a licence than there are; the number that is enough."""
    text = N_("{n:user has,users have} no licence yet, and {free} would be available. Enter {m} or more, or leave the "
              "assigning out.")  # fmt: skip
    facts = {name: int(str(refused.facts[name])) for name in ("n", "free", "k")}
    seats = int(line.item["seats"]) if line is not None else 0
    sentence = say(text, n=facts["n"], free=number(facts["free"]), m=number(seats + facts["k"]))
    return _about(line.name, sentence) if several and line is not None else sentence


def _about(product: str, sentence: SafeString) -> SafeString:
    return say(N_("{product}: {sentence}"), product=product, sentence=sentence)


def plan_name(plan: PlanRow) -> str:
    """Business Basic, 1 month, paid monthly."""
    return f"{plan.product_name}, {words.term_and_payment(plan)}"


def made(decision: Decision) -> list[Subscription]:
    """The subscriptions that an order makes, in the order of its items."""
    return [after for before, after in decision.subscriptions if before is None]


def item_outcomes(decision: Decision, currency: str) -> list[ItemOutcome]:
    """What is said of each item."""
    amounts = {line.subscription: line.amount_minor for one in decision.documents for line in one.lines}
    return [_item_outcome(one, amounts.get(one.id), currency) for one in made(decision)]


def _item_outcome(new: Subscription, amount: int | None, currency: str) -> ItemOutcome:
    if new.status == "trial" and new.trial_end:
        free = plain(N_("Free until {d}"), d=long_date(last_day(new.trial_end)))
        paid = plain(N_("Becomes paid on {d}"), d=long_date(new.trial_end))
        return ItemOutcome(plain(N_("Today")), paid, "", free)
    if new.status == "scheduled" and new.start_on:
        on = long_date(new.start_on)
        return ItemOutcome(on, "", "", plain(N_("Charged on {d}"), d=on))
    renews = plain(N_("Renews on {d}"), d=long_date(new.term_end)) if new.term_end else ""
    return ItemOutcome(plain(N_("Today")), renews, money(amount or 0, currency))


def order_outcome(
    previewed: Previewed, shelf: Shelf, lines: tuple[CartLine, ...], data: Mapping[str, Any] | QueryDict
) -> Outcome:
    """Everything under the fields of an order, and the button that gives it."""
    decision = previewed.decision
    called = Words(
        account=shelf.account,
        methods=dict(shelf.methods),
        plans={one.plan.id: plan_name(one.plan) for one in lines if one.plan is not None},
        products={one.product: one.name for one in lines},
    )
    pay = _named(pay_part(decision, called), decision, lines)
    label, amount, announce = foot(pay)
    return Outcome(
        changes=_changes(shelf, lines),
        pay=pay,
        then=_then(shelf, decision),
        notes=(*_notes(decision, shelf, lines), *notes_part(decision, called)),
        button=_button(decision, pay),
        foot_label=label,
        foot_amount=amount,
        announce=announce,
        token=previewed.token,
        hidden=kept(data) if isinstance(data, QueryDict) else (),
    )


def _named(pay: Pay, decision: Decision, lines: tuple[CartLine, ...]) -> Pay:
    """The lines with their products, where the order has several."""
    if len(lines) < 2:
        return pay
    names = {new.id: line.name for new, line in zip(made(decision), lines, strict=True)}
    own = [line.subscription for document in decision.documents for line in document.lines]
    named = (
        replace(one, headline=f"{names.get(id_, '')}: {one.headline}", sentence=f"{names.get(id_, '')}: {one.sentence}")
        for one, id_ in zip(pay.lines, own, strict=True)
    )
    return replace(pay, lines=tuple(named))


def _changes(shelf: Shelf, lines: tuple[CartLine, ...]) -> tuple[Change, ...]:
    """How many licences of each product there are now and will be."""
    if len(lines) > 1:
        return ()
    found = []
    for line in lines:
        pool = shelf.state.pools.get(line.product)
        have, more = pool.bought if pool is not None else 0, int(line.item["seats"])
        label = plain(N_("Licences of {product}"), product=line.name)
        found.append(Change(label, number(have), number(have + more)))
        if line.plan is not None:
            found.append(Change(plain(N_("Price")), "", words.unit_price(line.plan, more)))
    return tuple(found)


def _then(shelf: Shelf, decision: Decision) -> tuple[Then, ...]:
    """What is charged later, one line for each date and interval."""
    currency, found = shelf.account.currency, []
    for one in together(shelf, decision):
        billing = {1: "P1M", 3: "P3M", 12: "P1Y", 36: "P3Y"}[one.months]
        detail = plain(N_("{n:product,products}, {net} excl. VAT"), n=one.items, net=money(one.net_minor, currency))
        if one.items == 1:
            detail = plain(N_("{net} excl. VAT"), net=money(one.net_minor, currency))
        amount = plain(N_("{sum} incl. VAT"), sum=money(one.gross_minor, currency))
        found.append(Then(plain(words.EVERY[billing], d=long_date(one.on)), amount, detail))
    return tuple(found)


def _notes(decision: Decision, shelf: Shelf, lines: tuple[CartLine, ...]) -> list[Note]:
    said: dict[SafeString, dict[str, None]] = {}
    for new, line in zip(made(decision), lines, strict=True):
        for text in _item_notes(decision, new, line, shelf):
            said.setdefault(text, {})[line.name] = None
    found = [Note(text if len(lines) < 2 else _about(join([*names]), text)) for text, names in said.items()]
    count = sum(1 for one in decision.assignments if one.action == "assigned")
    if count:
        found.append(Note(say(N_("{n:user gets,users get} a licence at once."), n=count)))
    for one in decision.warnings:
        if one.kind == "left_out":
            facts = dict(one.facts)
            name = next((line.name for line in lines if line.product == facts["product"]), "")
            sentence = N_("{n:user is,users are} left out: they may not hold {product} beside what they have, or lack "
                          "what it needs.")  # fmt: skip
            found.append(Note(say(sentence, n=facts["count"], product=name), "warn"))
    return [*found, Note(say(BUSINESS, organisation=shelf.account.name))]


def _item_notes(decision: Decision, new: Subscription, line: CartLine, shelf: Shelf) -> list[SafeString]:
    """What is to be known of one item: the end of a trial, a later start, a shorter period, until when to go back."""
    if new.status == "trial" and new.trial_end:
        then = next((one for one in decision.then if one.subscription == new.id), None)
        sum_ = money(then.gross_minor if then else 0, shelf.account.currency)
        per = words.word(words.PER, line.plan.billing) if line.plan is not None else ""
        text = N_("Free until {d}; then {sum} incl. VAT {per}, unless you turn it off before.")
        return [say(text, d=long_date(last_day(new.trial_end)), sum=sum_, per=per)]
    found = []
    if new.status == "scheduled" and new.start_on:
        text = N_("It starts on {d} and is charged then. Until that day you can cancel it at no cost.")
        found.append(say(text, d=long_date(new.start_on)))
    own = [one for document in decision.documents for one in document.lines if one.subscription == new.id]
    if own and own[0].kind == "aligned":
        found.append(say(N_("The first period is shorter: {period}."), period=span(own[0].start, own[0].end)))
    closes = window_closes_at(new)
    if new.policy.fewer == "window" and closes is not None and new.term_end is not None:
        text = N_("Until {instant} you can reduce or cancel; after that from {date}.")
        found.append(say(text, instant=when_text(closes, shelf.account), date=long_date(new.term_end)))
    else:
        found.append(say(words.PLAN_RULES[new.policy.fewer]))
    return found


def _button(decision: Decision, pay: Pay) -> str:
    new = made(decision)
    if all(one.status == "trial" for one in new) and new[0].trial_end:
        return plain(N_("Start trial, free until {date}"), date=long_date(last_day(new[0].trial_end)))
    if all(one.status == "scheduled" for one in new) and new[0].start_on:
        return plain(N_("Order for {date}"), date=long_date(new[0].start_on))
    if pay.kind == "charge":
        return plain(N_("Place order and pay {sum}"), sum=money(pay.total_minor, pay.currency))
    if pay.kind == "nothing":
        return plain(N_("Place order, nothing to pay now"))
    return money_button(pay)
