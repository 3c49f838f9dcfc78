"""The portal's only way down, with `bill_calls` and `licence_calls`: one command call or one query for each page.

Views import nothing else of the domain.

Every function takes the request, whose `ctx` (actor, account, instant), `organisation` and `reader` the session
middleware has put there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from seatkeeper.core.decision import Decision
from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.queries import Organisation
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.identity.queries import addresses_with
from seatkeeper.domain.subscriptions import cart as carts
from seatkeeper.domain.subscriptions import commands, ordering, previews, queries, receipts
from seatkeeper.domain.subscriptions import people as people_queries
from seatkeeper.domain.subscriptions.account_page import AccountPage, account_page
from seatkeeper.domain.subscriptions.activity import ActivityPage, ActivityRow, Filter, activity_page
from seatkeeper.domain.subscriptions.activity import all_activity as every_activity
from seatkeeper.domain.subscriptions.changing import Effect, effect, vat_id_refusal
from seatkeeper.domain.subscriptions.ordering_rows import CheckoutPage, OfferPage
from seatkeeper.domain.subscriptions.overview import OverviewPage, overview_page
from seatkeeper.domain.subscriptions.people import PeoplePage, PersonRow
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.renewing import RenewalPage, renewal_page
from seatkeeper.domain.subscriptions.rows import BannerRow, ReceiptRow, SubscriptionPage
from seatkeeper.domain.subscriptions.savings import SavingsPage, savings_page
from seatkeeper.interfaces.web.session import Signed, signed
from seatkeeper.kit.commands import call
from seatkeeper.kit.refs import id_from_reference

NAMES = {
    "assign": "license.assign",
    "unassign": "license.unassign",
    "keep": "license.keep",
    "answer_request": "license.answer_request",
    "pay": "invoice.pay",
    "pay_overdue": "invoice.pay_overdue",
    "close": "account.close",
}
"""The commands that do not begin with `subscription.`; importing `commands` has registered them all."""
assert commands.__all__


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a command would do, and the token with which exactly that can be done."""

    decision: Decision
    token: str


def _arguments(command: str, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The command's full name and its arguments. everywhere: a payment method for all subscriptions."""
    found = dict(given)
    if command == "set_payment_method" and found.pop("everywhere", False):
        found["subscription"] = None
    return NAMES.get(command, f"subscription.{command}"), found


def preview(request: HttpRequest, command: str, /, **arguments: Any) -> Previewed:
    """Decide without applying. Raises Refused."""
    name, given = _arguments(command, arguments)
    outcome = call(name, signed(request).ctx.previewing(), **given)
    return Previewed(outcome.decision, outcome.token)


def perform(request: HttpRequest, command: str, token: str | None, /, **arguments: Any) -> str:
    """Give the command; the reference of its receipt. A repeat of a token gives the first reference. Raises Refused.

    token None: the form showed no preview, as with undo; then one is made first, so that there is a receipt. Where
    nobody knows yet whether the payment went through, the receipt says so until it is known.
    """
    name, given = _arguments(command, arguments)
    shown, ctx = token or preview(request, command, **arguments).token, signed(request).ctx
    try:
        return str(call(name, ctx, **given, preview=shown).reference)
    except Refused as refused:
        waiting = previews.done_with(ctx, shown, status=previews.PENDING) if refused.code == "payment_pending" else None
        if waiting is None:
            raise
        return waiting


def _who(request: HttpRequest) -> tuple[Organisation, frozenset[str]]:
    found: Signed = signed(request)
    return found.organisation, found.permissions


def account_row(request: HttpRequest) -> AccountRow:
    """The organisation as far as the reader may see it."""
    organisation, permissions = _who(request)
    return organisation.row(permissions)


def shelf(request: HttpRequest) -> Shelf:
    """The account as the list and the catalogue need it; read once for a page that is only looked at."""
    seen: Shelf | None = getattr(request, "shelf_seen", None)
    if seen is not None and request.method == "GET":
        return seen
    found = queries.shelf(*_who(request))
    request.shelf_seen = found  # type: ignore[attr-defined]
    return found


def worst(request: HttpRequest) -> BannerRow | None:
    """What stands above every page. On a page that read the account it costs no query, on others one, or a shelf."""
    organisation, permissions = _who(request)
    seen = getattr(request, "shelf_seen", None)
    if seen is None and not queries.needs_attention(organisation):
        return None
    return queries.banner(seen or shelf(request), money="money.see" in permissions)


def currency(request: HttpRequest) -> str:
    """The organisation's currency."""
    return _who(request)[0].currency


def subscription(request: HttpRequest, reference: str) -> SubscriptionPage | None:
    """The detail page of one subscription, or None where the reader has none of that reference."""
    return queries.subscription_page(shelf(request), reference)


def renewal(request: HttpRequest, reference: str) -> RenewalPage | None:
    """The choices of a renewal, or None where the reader has no active subscription of that reference."""
    found, id_ = shelf(request), id_from_reference(reference)
    one = found.state.subscriptions.get(id_) if id_ is not None else None
    return renewal_page(found, one) if one is not None else None


def overview(request: HttpRequest) -> OverviewPage:
    """The overview, by the list's queries."""
    return overview_page(shelf(request))


def savings(request: HttpRequest, **wanted: Any) -> SavingsPage:
    """What can be saved, as `savings_page` takes it. Costs five queries more than the list."""
    return savings_page(shelf(request), **wanted)


def people(request: HttpRequest, *, search: str = "", role: str = "", after: str = "") -> PeoplePage:
    """The people of the organisation."""
    return people_queries.people_page(signed(request).ctx.account, search=search, role=role, after=after)


def person(request: HttpRequest, user: int) -> PersonRow | None:
    """One of them, or None for anybody else."""
    return people_queries.person_row(signed(request).ctx.account, user)


def held_by(request: HttpRequest, user: int) -> int:
    """How many licences a person holds."""
    return len(people_queries.held_products(signed(request).ctx.account, user))


def give(request: HttpRequest, name: str, /, **arguments: Any) -> Any:
    """Give a command that has no preview, by its full name. Raises Refused."""
    return call(name, signed(request).ctx, **arguments)


def receipt(request: HttpRequest, reference: str) -> ReceiptRow | None:
    """The outcome of a command."""
    return receipts.receipt_row(shelf(request), reference)


def people_to_ask(request: HttpRequest, permission: str) -> tuple[tuple[str, str], ...]:
    """(name, e-mail address) of those who may do something."""
    return addresses_with(signed(request).ctx.account, permission)


def offer(request: HttpRequest, product: str) -> tuple[Shelf, OfferPage | None]:
    """One product with its plans, and what its form needs; None where the seller has none of that id."""
    found = shelf(request)
    return found, ordering.offer_page(found, product, user=signed(request).ctx.actor.user)


def cart(request: HttpRequest) -> tuple[Shelf, CheckoutPage]:
    """The reader's cart, with what it takes to order it."""
    found = shelf(request)
    return found, ordering.checkout_page(found, user=signed(request).ctx.actor.user)


def cart_count(request: HttpRequest) -> int:
    """How many items the reader's cart holds."""
    ctx = signed(request).ctx
    return carts.count(ctx.account, ctx.actor.user)


def put_into_cart(request: HttpRequest, item: dict[str, Any]) -> int:
    """Put an item into the reader's cart. Raises Refused."""
    return int(call("cart.add", signed(request).ctx, item=item))


def change_cart(request: HttpRequest, entry: int, **changes: Any) -> None:
    """Change an item of the reader's cart. Raises Refused."""
    call("cart.change", signed(request).ctx, entry=entry, changes=changes)


def take_out_of_cart(request: HttpRequest, entry: int) -> None:
    """Take an item out of the reader's cart."""
    call("cart.remove", signed(request).ctx, entry=entry)


def done_before(request: HttpRequest, token: str) -> str | None:
    """The receipt of what a form was sent for before; None where it was not."""
    return previews.done_with(signed(request).ctx, token)


def ordered_lately(request: HttpRequest, items: Any) -> tuple[str, datetime] | None:
    """Receipt and instant of the reader's order of the very same items a moment ago."""
    return previews.ordered_lately(signed(request).ctx, items)


def account(request: HttpRequest) -> AccountPage:
    """What the organisation says of itself."""
    return account_page(account_row(request))


def vat_effect(request: HttpRequest, **typed: str) -> Effect:
    """What a new country or vat_id, as typed, would mean for the next document."""
    ctx = signed(request).ctx
    return effect(ctx.account, ctx.now, **typed)


def vat_id_problem(request: HttpRequest, typed: str) -> Refused | None:
    """What the command would refuse a VAT id for, by its form alone; None where it would take it."""
    return vat_id_refusal(signed(request).ctx.account, typed)


def organisation(request: HttpRequest) -> Organisation:
    """The reader's organisation."""
    return signed(request).organisation


def activity(
    request: HttpRequest, wanted: Filter, *, before: int | None = None, after: int | None = None
) -> ActivityPage:
    """A page of what happened."""
    return activity_page(account_row(request), organisation(request).seller, wanted, before=before, after=after)


def all_activity(request: HttpRequest, wanted: Filter) -> Iterator[ActivityRow]:
    """All that happened, of a filter."""
    return every_activity(account_row(request), organisation(request).seller, wanted)


