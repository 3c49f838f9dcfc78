"""What the pages of an order read: a product's form, a person's cart, the checkout. A fixed number of queries each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count

from seatkeeper.core.decision import Decision
from seatkeeper.core.tax.vat import tax_on, treatment
from seatkeeper.domain.accounts import operations as accounts
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.invoicing.queries import address_lines
from seatkeeper.domain.licensing.models import Assignment
from seatkeeper.domain.subscriptions.cart import Entry, count, entries
from seatkeeper.domain.subscriptions.offers import alignable, buy_control, offer_row, trial_control
from seatkeeper.domain.subscriptions.ordering_rows import Billing, CartLine, CheckoutPage, OfferPage, Together
from seatkeeper.domain.subscriptions.picture import Shelf, plan_today


def offer_page(shelf: Shelf, product: str, *, user: int | None = None) -> OfferPage | None:
    """One product with its plans and what its form needs; None where the seller has no such product."""
    if product not in shelf.state.catalog.products:
        return None
    return OfferPage(
        account=shelf.account,
        offer=offer_row(shelf, product),
        buy=buy_control(shelf),
        trial=trial_control(shelf, product),
        alignable=alignable(shelf),
        methods=tuple(shelf.methods.values()),
        users_without=users_without(shelf.account.id, [product])[product],
        in_cart=count(shelf.account.id, user),
    )


def users_without(account: int, products: Iterable[str]) -> dict[str, int]:
    """How many active users have no licence of each product: two queries, whatever the number of products."""
    wanted = sorted(set(products))
    active = User.objects.filter(account_id=account, is_active=True)
    everybody = active.count()
    holding = Assignment.objects.filter(account_id=account, product__in=wanted, user_id__in=active.values("id"))
    held: dict[str, int] = dict.fromkeys(wanted, 0)
    held.update(holding.order_by().values_list("product").annotate(held=Count("user_id")))
    return {product: everybody - number for product, number in held.items()}


def checkout_page(shelf: Shelf, *, user: int | None) -> CheckoutPage:
    """The person's cart with what it takes to order it."""
    return _page(shelf, entries(shelf.account.id, user))


def quick_page(shelf: Shelf, item: Mapping[str, Any]) -> CheckoutPage:
    """One item that is ordered at once, past the cart."""
    return _page(shelf, (Entry(0, item),))


def _page(shelf: Shelf, cart: tuple[Entry, ...]) -> CheckoutPage:
    plans = shelf.state.catalog.plans
    products = [plans[one.item["plan"]].product for one in cart if one.item["plan"] in plans]
    without = users_without(shelf.account.id, products) if products else {}
    return CheckoutPage(
        account=shelf.account,
        lines=tuple(_line(shelf, one, without) for one in cart),
        buy=buy_control(shelf),
        billing=billing(shelf),
        alignable=alignable(shelf),
        methods=tuple(shelf.methods.values()),
        default_method=shelf.state.default_method,
    )


def _line(shelf: Shelf, entry: Entry, without: Mapping[str, int]) -> CartLine:
    catalog = shelf.state.catalog
    plan = catalog.plans.get(entry.item["plan"])
    if plan is None:
        return CartLine(entry.id, entry.item, "", str(entry.item["plan"]), None)
    row = plan_today(shelf, plan)
    name = catalog.products[plan.product].name
    sold = row if row.price is not None else None
    return CartLine(entry.id, entry.item, plan.product, name, sold, without.get(plan.product, 0))


def billing(shelf: Shelf) -> Billing:
    """Who an order is billed to, and the VAT of a document of today."""
    account = accounts.look([shelf.account.id])[0]
    address = address_lines(account.address)
    return Billing(
        name=account.name,
        address=address,
        country=account.country,
        vat_id=account.vat_id,
        vat_confirmed=account.vat_confirmed,
        exempt=bool(account.exempt_reason),
        vat=treatment(shelf.state, shelf.today),
        purchase_order=account.purchase_order,
        terms_days=account.terms_days,
        missing=() if address else ("address",),
    )


def together(shelf: Shelf, decision: Decision) -> tuple[Together, ...]:
    """What the decision's subscriptions are charged next, those of one date and interval on one document."""
    rate = treatment(shelf.state, shelf.today)[1]
    sums: dict[tuple[Any, int], list[int]] = {}
    for one in decision.then:
        sums.setdefault((one.on, one.months), []).append(one.net_minor)
    found = []
    for (on, months), nets in sorted(sums.items()):
        net = sum(nets)
        tax = tax_on(net, rate)
        found.append(Together(on, months, len(nets), net, tax, net + tax))
    return tuple(found)
