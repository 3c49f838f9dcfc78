"""What every page's frame shows: organisation, person, pages of the role, theme."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

THEMES = ("light", "dark")
PAGES = (
    ("/", "home", N_("Overview"), "subscription.see"),
    ("/products", "box", N_("Products & services"), "subscription.see"),
    ("/licences", "key_multiple", N_("Licences"), "subscription.see"),
    ("/buy", "cart", N_("Purchase services"), "money.see"),
    ("/bills", "receipt", N_("Bills & payments"), "money.see"),
    ("/savings", "savings", N_("Savings"), "money.see"),
    ("/activity", "history", N_("Activity"), "subscription.see"),
    ("/account", "building", N_("Billing account"), "money.see"),
)
"""(address, icon, words, permission that its data needs) in the order of the navigation."""


@dataclass(frozen=True, slots=True)
class FramePage:
    """One item of the navigation."""

    address: str
    icon: str
    words: str
    current: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page: set on the request as `reader` by the middleware that knows the session."""

    name: str
    email: str
    organisation: str
    seller: str
    role: str
    permissions: frozenset[str]


def frame(request: HttpRequest) -> dict[str, object]:
    """The context processor of the frame. Costs no query: everything is on the request."""
    reader: Reader | None = getattr(request, "reader", None)
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return {"theme": theme if theme in THEMES else "", "frame": _frame(request, reader)}


def _frame(request: HttpRequest, reader: Reader | None) -> dict[str, object]:
    if reader is None:
        return {}
    return {
        "organisation": reader.organisation,
        "seller": reader.seller,
        "person": reader.name,
        "email": reader.email,
        "role": reader.role,
        "initials": "".join(part[0] for part in reader.name.split() if part[0].isalpha())[:2].upper(),
        "pages": [
            FramePage(address, icon, gettext(words), _is_current(request.path, address))
            for address, icon, words, needs in PAGES
            if needs in reader.permissions
        ],
    }


ALSO = {"/buy": ("/cart", "/checkout")}
"""Addresses that belong to a page of the navigation without beginning like it."""


def _is_current(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address + "/")) or path in ALSO.get(address, ())
