"""Purchase services: the catalogue, one product with its plans, and the sheet that buys or tries it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as N_

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.catalog.rows import PlanRow
from seatkeeper.domain.subscriptions.offers import offer_row
from seatkeeper.domain.subscriptions.ordering import quick_page
from seatkeeper.domain.subscriptions.ordering_rows import AlignRow, CheckoutPage, OfferPage
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.rows import OfferRow
from seatkeeper.interfaces.portal import calls
from seatkeeper.interfaces.portal.menus import role_reason
from seatkeeper.interfaces.portal.sheets.ordering import (
    Item,
    order_names,
    order_outcome,
    order_refusal,
    read_item,
)
from seatkeeper.interfaces.portal.sheets.parts import Note, when_text
from seatkeeper.interfaces.portal.sheets.reading import BadField, typed
from seatkeeper.interfaces.portal.sheets.stale import STALE, stale_words
from seatkeeper.interfaces.portal.views.frame import frame_of, may, not_there, sees
from seatkeeper.interfaces.portal.views.sheets import Shown
from seatkeeper.interfaces.web import words
from seatkeeper.interfaces.web.refusals import Names, refusal
from seatkeeper.interfaces.web.text import plain, say

TITLES = {"order": N_("Buy: {product}"), "trial": N_("Start a trial: {product}")}
HINT = N_("Choose a plan and enter the number of licences; what it costs appears here.")


@sees("subscription.see")
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every product that the seller offers in the account's currency."""
    shelf = calls.shelf(request)
    search, category = request.GET.get("search", "")[:100], request.GET.get("category", "")
    per = "year" if request.GET.get("per") == "year" else "month"
    offers = [offer_row(shelf, product) for product in shelf.state.catalog.products]
    offers = [one for one in offers if one.plans and all(word in _text(one) for word in search.casefold().split())]
    groups = {one.category: category_of(one) for one in offers if one.category}
    counts = [(key, name, sum(one.category == key for one in offers)) for key, name in groups.items()]
    context = {
        "account": shelf.account,
        "offers": [one for one in offers if _shown(one, category)],
        "all_count": len(offers),
        "categories": counts,
        "trials": sum(one.trial is not None for one in offers),
        "held": sum(one.have > 0 for one in offers),
        "category": category,
        "search": search,
        "per": per,
        "money": may(request, "money.see"),
        "in_cart": calls.cart_count(request) if may(request, "money.see") else 0,
    }
    return render(request, "portal/buy.html", context)


def category_of(offer: OfferRow) -> str:
    """The name of a product's category, in the reader's language where the seller gave it."""
    return (offer.category_nl if get_language() == "nl" else "") or offer.category


def _shown(offer: OfferRow, category: str) -> bool:
    if category == "trials":
        return offer.trial is not None
    if category == "held":
        return offer.have > 0
    return not category or offer.category == category


def _text(offer: OfferRow) -> str:
    parts = (
        offer.name, offer.sku, offer.summary, offer.summary_nl, offer.category, offer.category_nl, *offer.features,
        *offer.features_nl,
    )  # fmt: skip
    return " ".join(parts).casefold()


@sees("money.see")
def offer(request: HttpRequest, product: str) -> HttpResponse:
    """One product: what it does and needs, its plans side by side, and what an order would come to, as it is typed."""
    shelf, page = calls.offer(request, product)
    if page is None:
        return not_there(request)
    denied = None if may(request, "subscription.change") else role_reason(request, "subscription.change")
    data = request.POST if request.method == "POST" else request.GET
    shown = Shown(hint=plain(HINT))
    if request.method == "POST" and denied is None:
        answer = _chosen(request, page, data)
        if isinstance(answer, HttpResponse):
            return answer
        shown = answer
    elif denied is None:
        shown = _look(request, shelf, page, data, trial=False).shown
    return _offer_page(request, page, data, shown, denied)


def _chosen(request: HttpRequest, page: OfferPage, data: QueryDict) -> HttpResponse | Shown:
    """What a button of the product's form does: on to the sheet, or into the cart."""
    here, do = f"/buy/{page.offer.product}", typed(data, "do")
    fields = data.copy()
    for name in ("csrfmiddlewaretoken", "do"):
        fields.pop(name, None)
    if do in ("buy", "trial"):
        return redirect(f"{here}/{'order' if do == 'buy' else 'trial'}?{fields.urlencode()}")
    if do not in ("cart", "cart-trial"):
        return redirect(f"{here}?{fields.urlencode()}")
    try:
        item = read_item(data, page, trial=do == "cart-trial")
        if item is None:
            return Shown(bad=BadField("plan", plain(N_("Choose a plan and enter the number of licences."))))
        calls.put_into_cart(request, item)
    except BadField as bad:
        return Shown(bad=bad)
    except Refused as refused:
        return Shown(refused=refusal(refused.code, refused.facts, Names(product_name=page.offer.name)))
    return redirect("/cart")


def _offer_page(
    request: HttpRequest, page: OfferPage, data: QueryDict, shown: Shown, denied: SafeString | None
) -> HttpResponse:
    found = page.offer
    names = Names(products={found.product: found.name}, product_id=found.product, product_name=found.name)
    buy, trial = page.buy, page.trial
    only = found.plans[0].id if len(found.plans) == 1 else ""
    chosen = next((one for one in found.plans if one.id == (data.get("plan") or only)), None)
    context = {
        "account": page.account,
        "page": page,
        "offer": found,
        "dutch": get_language() == "nl",
        "cards": [(plan, words.PLAN_RULES[plan.fewer]) for plan in found.plans],
        "chosen": chosen,
        "others": _alignable(page, chosen),
        "data": data,
        "shown": shown,
        "failed": request.method == "POST",
        "may_order": denied is None,
        "buy_reason": denied or (refusal(buy.code, buy.facts, names) if buy.code else None),
        "trial_reason": denied or (refusal(trial.code, trial.facts, names) if trial.code else None),
    }
    return render(request, "portal/offer.html", context, status=422 if request.method == "POST" else 200)


def _alignable(page: OfferPage, chosen: PlanRow | None) -> list[AlignRow]:
    """Those with which the chosen plan can share a renewal date: of equal term and billing frequency."""
    if chosen is None:
        return []
    return [one for one in page.alignable if (one.term, one.billing) == (chosen.term, chosen.billing)]


# ---- the sheet ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Looked:
    """A form that was read and previewed: the item, and what stands under the fields."""

    shown: Shown
    arguments: dict[str, object] | None = None
    quick: CheckoutPage | None = None


def _asked(shelf: Shelf, page: OfferPage, data: QueryDict, *, trial: bool) -> tuple[dict[str, object], CheckoutPage]:
    """The order of one item that a form asks for; BadField with an empty field where something is not there yet."""
    item: Item | None = read_item(data, page, trial=trial)
    if item is None:
        raise BadField("", "")
    asked: dict[str, object] = {"items": (item,)}
    methods = {str(one.id): one.id for one in page.methods}
    if typed(data, "method") in methods:
        asked["method"] = methods[typed(data, "method")]
    return asked, quick_page(shelf, item)


def _look(request: HttpRequest, shelf: Shelf, page: OfferPage, data: QueryDict, *, trial: bool) -> Looked:
    """Read the form, preview the order, and word what comes of it."""
    try:
        asked, quick = _asked(shelf, page, data, trial=trial)
    except BadField as bad:
        return Looked(Shown(bad=bad) if bad.field else Shown(hint=plain(HINT)))
    try:
        previewed = calls.preview(request, "order", **asked)
    except Refused as refused:
        return Looked(Shown(refused=order_refusal(refused, shelf, page.alignable, quick.lines)))
    return Looked(Shown(outcome=order_outcome(previewed, shelf, quick.lines, data)), asked, quick)


def _once_more(request: HttpRequest, shelf: Shelf, looked: Looked) -> Shown:
    """Who comes back after ordering is told so, before the same is ordered a second time."""
    shown = looked.shown
    lately = calls.ordered_lately(request, looked.arguments["items"]) if looked.arguments else None
    if shown.outcome is None or lately is None:
        return shown
    text = N_("You placed this very order on {instant}: [see its receipt]. The button below places it once more.")
    said = say(text, f"/done/{lately[0]}", instant=when_text(lately[1], shelf.account))
    return replace(shown, outcome=replace(shown.outcome, notes=(Note(said, "warn"), *shown.outcome.notes)))


@sees("money.see")
def order(request: HttpRequest, product: str, kind: str) -> HttpResponse:
    """The sheet that buys a product or starts its trial: an order of one."""
    shelf, page = calls.offer(request, product)
    if page is None or kind not in TITLES:
        return not_there(request)
    data = request.POST if request.method == "POST" else request.GET
    if not may(request, "subscription.change"):
        denied = Shown(refused=role_reason(request, "subscription.change"))
        return _sheet(request, shelf, page, kind, data, denied)
    stale = None
    if request.method == "POST":
        try:
            asked, quick = _asked(shelf, page, data, trial=kind == "trial")
            return redirect(f"/done/{calls.perform(request, 'order', data.get('token'), **asked)}")
        except BadField:
            pass
        except Refused as refused:
            if refused.code not in STALE:
                said = order_refusal(refused, shelf, page.alignable, quick.lines)
                return _sheet(request, shelf, page, kind, data, Shown(refused=said))
            stale = stale_words(refused, order_names(shelf, page.alignable), shelf.account.currency)
    looked = _look(request, shelf, page, data, trial=kind == "trial")
    return _sheet(request, shelf, page, kind, data, _once_more(request, shelf, looked), stale=stale)


def _back_with(page: OfferPage, data: QueryDict) -> str:
    """The product's page with what was typed in the sheet, where it can go into the cart."""
    names = ("plan", "seats", "assign", "start", "start_on", "align")
    return f"/buy/{page.offer.product}?{urlencode({name: data[name] for name in names if data.get(name)})}"


def _sheet(
    request: HttpRequest, shelf: Shelf, page: OfferPage, kind: str, data: QueryDict, shown: Shown, *,
    stale: object = None,
) -> HttpResponse:
    plans = [one for one in page.offer.plans if kind == "order" or one.trial_days]
    chosen = next((one for one in plans if one.id == data.get("plan")), None)
    context = {
        "frame_template": frame_of(request),
        "title": plain(TITLES[kind], product=page.offer.name),
        "fields": f"portal/fields/{kind}.html",
        "here": f"/buy/{page.offer.product}/{kind}",
        "back": f"/buy/{page.offer.product}",
        "help": "buying",
        "account": page.account,
        "offer": page.offer,
        "page": page,
        "plans": plans,
        "methods": page.methods,
        "default_method": str(shelf.state.default_method or ""),
        "others": _alignable(page, chosen),
        "data": data,
        "cart_address": _back_with(page, data),
        "shown": shown,
        "stale": stale,
        "failed": bool(shown.refused or shown.bad or stale),
    }
    return render(request, "portal/sheet.html", context, status=shown.status(request, stale=stale is not None))
