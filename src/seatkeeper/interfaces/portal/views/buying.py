"""Purchase services: the catalogue, one product with its plans, and the order sheet for buying or trying it."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.subscriptions.offers import alignable, buy_control, offer_row, trial_control
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.rows import OfferRow
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.calls import Previewed
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.parts import (
    Change,
    Note,
    Outcome,
    Pay,
    Words,
    foot,
    money_button,
    notes_part,
    pay_part,
    then_part,
    when_text,
)
from seatkeeper.interfaces.portal.sheets.reading import Arguments, BadField, kept, read_seats, typed
from seatkeeper.interfaces.portal.sheets.stale import stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.sheets import Shown, preview_shown
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.formatting import last_day, long_date, money, number, span
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain, say

COMMANDS = {"order": "buy", "trial": "start_trial"}
TITLES = {"order": N_("Buy: {product}"), "trial": N_("Start a trial: {product}")}
HINT = N_("Choose a plan and enter the number of licences; what it costs appears here.")


@sees("subscription.see")
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every product that the seller offers in the account's currency."""
    shelf = calls.shelf(request)
    search, category = request.GET.get("search", "")[:100], request.GET.get("category", "")
    offers = [offer_row(shelf, product) for product in shelf.state.catalog.products]
    offers = [one for one in offers if one.plans and all(word in _text(one) for word in search.casefold().split())]
    groups = dict.fromkeys(one.category for one in offers if one.category)
    counts = [(name, sum(one.category == name for one in offers)) for name in groups]
    trials = sum(one.trial is not None for one in offers)
    if category == "trials":
        shown = [one for one in offers if one.trial]
    else:
        shown = [one for one in offers if not category or one.category == category]
    context = {
        "account": shelf.account,
        "offers": shown,
        "all_count": len(offers),
        "categories": counts,
        "trials": trials,
        "category": category,
        "search": search,
        "money": may(request, "money.see"),
    }
    return render(request, "portal/buy.html", context)


def _text(offer: OfferRow) -> str:
    return f"{offer.name} {offer.sku} {offer.summary} {offer.summary_nl} {offer.category}".casefold()


@sees("money.see")
def offer(request: HttpRequest, product: str) -> HttpResponse:
    """One product: what it does, its plans side by side, quantity and start."""
    shelf = calls.shelf(request)
    if product not in shelf.state.catalog.products:
        return not_there(request)
    found = offer_row(shelf, product)
    buy, trial = buy_control(shelf), trial_control(shelf, product)
    names = Names(products={product: found.name}, product_id=product, product_name=found.name)
    denied = None if may(request, "subscription.change") else role_reason(request, "subscription.change")
    context = {
        "account": shelf.account,
        "offer": found,
        "cards": [(plan, words.PLAN_RULES[plan.fewer]) for plan in found.plans],
        "chosen": found.plans[0].id if len(found.plans) == 1 else "",
        "buy_reason": denied or (refusal(buy.code, buy.facts, names) if buy.code else None),
        "trial_reason": denied or (refusal(trial.code, trial.facts, names) if trial.code else None),
    }
    return render(request, "portal/offer.html", context)


@sees("money.see")
def order(request: HttpRequest, product: str, kind: str) -> HttpResponse:
    """The sheet that buys a product or starts its trial."""
    shelf = calls.shelf(request)
    if product not in shelf.state.catalog.products or kind not in COMMANDS:
        return not_there(request)
    found = offer_row(shelf, product)
    data = request.POST if request.method == "POST" else request.GET
    names = _names(shelf, found)
    if not may(request, "subscription.change"):
        denied = Shown(refused=role_reason(request, "subscription.change"))
        return _page(request, shelf, found, kind, data, denied)

    def arguments() -> Arguments | None:
        return _read(data, shelf, found, kind)

    def make(previewed: Previewed, given: Arguments) -> Outcome:
        return _outcome(previewed, given, shelf, found, kind, data)

    stale = None
    if request.method == "POST":
        try:
            given = arguments()
            if given is not None:
                done = calls.perform(request, COMMANDS[kind], data.get("token"), **given)
                return redirect(f"/done/{done}")
        except BadField:
            pass
        except Refused as refused:
            if refused.code not in ("preview_stale", "preview_invalid"):
                said = refusal(refused.code, refused.facts, names)
                return _page(request, shelf, found, kind, data, Shown(refused=said))
            stale = stale_words(refused, names, shelf.account.currency)
    shown = preview_shown(request, COMMANDS[kind], arguments, make, names, HINT)
    return _page(request, shelf, found, kind, data, shown, stale=stale)


def _names(shelf: Shelf, found: OfferRow) -> Names:
    """How refusals of an order call things."""
    return Names(
        products={one.id: one.name for one in shelf.state.catalog.products.values()},
        plans={one.id: _plan_name(one) for one in found.plans},
        subscriptions={one.id: one.name for one in alignable(shelf)},
        product_id=found.product,
        product_name=found.name,
        seller=shelf.account.seller_name,
        timezone=shelf.account.timezone,
    )


def _plan_name(plan: PlanRow) -> str:
    return f"{plan.product_name}, {words.term_and_payment(plan)}"


def _read(data: QueryDict, shelf: Shelf, found: OfferRow, kind: str) -> Arguments | None:
    plans = {one.id for one in found.plans if kind == "order" or one.trial_days}
    if typed(data, "plan") not in plans or not typed(data, "seats").strip():
        return None
    given: Arguments = {"plan": typed(data, "plan"), "seats": read_seats(typed(data, "seats"))}
    methods = {str(one): one for one in shelf.methods}
    if typed(data, "method") in methods:
        given["method"] = methods[typed(data, "method")]
    if kind == "trial":
        return given
    if typed(data, "start") == "later":
        given["start"] = _read_start(typed(data, "start_on"), shelf)
    elif typed(data, "align") in {str(one.id) for one in alignable(shelf)}:
        given["align_with"] = int(typed(data, "align"))
    return given


def _read_start(text: str, shelf: Shelf) -> date:
    try:
        start = date.fromisoformat(text)
    except ValueError:
        raise BadField("start_on", plain(N_("Enter a date, such as 2026-04-01."))) from None
    if start <= shelf.today:
        raise BadField("start_on", plain(N_("Enter a date after today.")))
    if start > shelf.today + timedelta(days=366):
        raise BadField("start_on", plain(N_("Enter a date within a year.")))
    return start


def _outcome(
    previewed: Previewed, given: Arguments, shelf: Shelf, found: OfferRow, kind: str, data: QueryDict
) -> Outcome:
    decision = previewed.decision
    plan = next(one for one in found.plans if one.id == given["plan"])
    called = Words(
        account=shelf.account,
        methods=dict(shelf.methods),
        plans={one.id: _plan_name(one) for one in found.plans},
        products={found.product: found.name},
    )
    pay = pay_part(decision, called)
    label, amount, announce = foot(pay)
    seats = int(str(given["seats"]))
    changes = (
        Change(plain(N_("Licences of {product}"), product=found.name), number(found.have), number(found.have + seats)),
        Change(plain(N_("Price")), "", words.unit_price(plan, seats)),
    )
    return Outcome(
        changes=changes,
        pay=pay,
        then=then_part(decision, called, None),
        notes=(*_notes(previewed, plan, shelf, kind), *notes_part(decision, called)),
        button=_button(previewed, pay, kind),
        foot_label=label,
        foot_amount=amount,
        announce=announce,
        token=previewed.token,
        hidden=kept(data),
    )


def _notes(previewed: Previewed, plan: PlanRow, shelf: Shelf, kind: str) -> list[Note]:
    decision = previewed.decision
    new = decision.subscriptions[-1][1]
    if kind == "trial" and new.trial_end:
        price = decision.then[0].gross_minor if decision.then else 0
        text = N_("Free until {d}; then {sum} incl. VAT {per}, unless you turn it off before.")
        per = words.word(words.PER, plan.billing)
        sum_ = money(price, shelf.account.currency)
        return [Note(say(text, d=long_date(last_day(new.trial_end)), sum=sum_, per=per))]
    notes = []
    if new.status == "scheduled" and new.start_on:
        text = N_("It starts on {d} and is charged then. Until that day you can cancel it at no cost.")
        notes.append(Note(say(text, d=long_date(new.start_on))))
    line = decision.documents[0].lines[0] if decision.documents and decision.documents[0].lines else None
    if line is not None and line.kind == "aligned":
        text = N_("The first period is shorter: {period}.")
        notes.append(Note(say(text, period=span(line.start, line.end))))
    if plan.fewer == "any_time":
        notes.append(Note(say(words.PLAN_RULES["any_time"])))
    elif new.window_opened_at and new.term_end:
        closes = new.window_opened_at + timedelta(hours=168)
        text = N_("Until {instant} you can reduce or cancel; after that from {date}.")
        notes.append(Note(say(text, instant=when_text(closes, shelf.account), date=long_date(new.term_end))))
    else:
        notes.append(Note(say(words.PLAN_RULES[plan.fewer])))
    text = N_("By ordering you confirm that {organisation} buys as a business.")
    return [*notes, Note(say(text, organisation=shelf.account.name))]


def _button(previewed: Previewed, pay: Pay, kind: str) -> str:
    new = previewed.decision.subscriptions[-1][1]
    if kind == "trial":
        until = long_date(last_day(new.trial_end)) if new.trial_end else ""
        return plain(N_("Start trial, free until {date}"), date=until)
    if new.status == "scheduled":
        return plain(N_("Order for {date}"), date=long_date(new.start_on) if new.start_on else "")
    if pay.kind == "charge":
        return plain(N_("Place order and pay {sum}"), sum=money(pay.total_minor, pay.currency))
    return money_button(pay)


def _page(
    request: HttpRequest,
    shelf: Shelf,
    found: OfferRow,
    kind: str,
    data: QueryDict,
    shown: Shown,
    *,
    stale: object = None,
) -> HttpResponse:
    plans = [one for one in found.plans if kind == "order" or one.trial_days]
    chosen = next((one for one in plans if one.id == data.get("plan")), None)
    others = [
        one
        for one in alignable(shelf)
        if chosen is not None and (one.plan.term, one.plan.billing) == (chosen.term, chosen.billing)
    ]
    context = {
        "frame_template": frame_of(request),
        "title": plain(TITLES[kind], product=found.name),
        "fields": f"portal/fields/{kind}.html",
        "here": f"/buy/{found.product}/{kind}",
        "back": f"/buy/{found.product}",
        "help": "buying",
        "account": shelf.account,
        "offer": found,
        "plans": plans,
        "methods": list(shelf.methods.values()),
        "default_method": str(shelf.state.default_method or ""),
        "others": others,
        "data": data,
        "shown": shown,
        "stale": stale,
        "failed": bool(shown.refused or shown.bad or stale),
    }
    return render(request, "portal/sheet.html", context, status=shown.status(request, stale=stale is not None))
