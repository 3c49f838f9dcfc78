"""The portal's way down for licences: as `calls`, of which it is a part."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from seatkeeper.domain.licensing.checking import options
from seatkeeper.domain.licensing.queries import matching
from seatkeeper.domain.licensing.requests import RequestRow
from seatkeeper.domain.licensing.rows import (
    AssignPage,
    HoldersPage,
    KeepPage,
    LicenceProductRow,
    LicencesPage,
    UserRow,
)
from seatkeeper.domain.subscriptions import licences as pools
from seatkeeper.domain.subscriptions.licences import OwnPage
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.interfaces.portal.calls import shelf
from seatkeeper.interfaces.web.session import signed


def licences(request: HttpRequest, **filters: Any) -> LicencesPage:
    """The products with licences. filters: as `licences_page` takes them."""
    return pools.licences_page(shelf(request), **filters)


def holders(request: HttpRequest, product: str, **filters: Any) -> HoldersPage | None:
    """Who holds a product's licences. filters: as `holders_page` takes them."""
    return pools.holders_page(shelf(request), product, **filters)


def candidates(
    request: HttpRequest, product: str, *, typed: tuple[str, ...], users: tuple[int, ...], leaving: bool = False
) -> tuple[Shelf, AssignPage | None]:
    """What is known of typed addresses, names and keys, and of users chosen before."""
    found = shelf(request)
    return found, pools.assign_page(found, product, typed=typed, users=users, leaving=leaving)


def matching_holders(request: HttpRequest, product: str, *, search: str, shown: str) -> tuple[int, ...]:
    """Everybody who holds a product and matches."""
    return matching(signed(request).ctx.account, product, search=search, shown=shown)


def user_options(request: HttpRequest, product: str, text: str, after: str) -> tuple[tuple[UserRow, ...], str]:
    """Users whom a typed text may mean, and the key of the next ones."""
    return options(signed(request).ctx.account, product, text, after)


def keeping(request: HttpRequest, product: str, **chosen: Any) -> tuple[Shelf, KeepPage | None]:
    """Choosing who keeps a licence. chosen: as `keep_page` takes it."""
    found = shelf(request)
    return found, pools.keep_page(found, product, **chosen)


def licence_requests(
    request: HttpRequest, product: str, one: int | None = None
) -> tuple[Shelf, LicenceProductRow, tuple[RequestRow, ...]] | None:
    """The requests for a product, or the one of that number; None where the account has no such product."""
    found = shelf(request)
    if product not in found.state.pools:
        return None
    return found, pools.product_row(found, product), pools.requests_of(found, product, one)


def own_licences(request: HttpRequest) -> OwnPage:
    """The reader's own licences and requests."""
    return pools.own_page(shelf(request), signed(request).ctx.actor.user or 0)
