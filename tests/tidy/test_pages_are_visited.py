"""Every page that the portal has is walked by the tests that look at all of them; what is not walked says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.urls import Resolver404, resolve
from django.urls.resolvers import URLPattern

from seatkeeper.interfaces.portal.sheets.actions import ACTIONS
from seatkeeper.interfaces.portal.urls import urlpatterns
from seatkeeper.interfaces.portal.views.help_pages import TOPICS
from seatkeeper.interfaces.portal.views.method_sheets import SHEETS as METHOD_SHEETS
from seatkeeper.interfaces.portal.views.selected import KINDS
from tests.support import visited

ONLY_BY_POST = "does something by POST; GET is refused or leads back"
NOWHERE = "answers as an address that is not there"
NOT_WALKED = {
    "preferences/products": ONLY_BY_POST,
    "preferences/language/<slug:language>": "keeps a choice and leads back",
    "preferences/theme/<slug:theme>": "keeps a choice and leads back",
    "account/mail/<slug:kind>/letter": "the HTML of a mail, shown inside its page",
    "bills/methods/<int:method>/default": ONLY_BY_POST,
    "bills/methods/<int:method>/backup": ONLY_BY_POST,
    "payments/<int:attempt>": "applies what came of a visit to the bank and leads to the receipt",
    "payments/<int:attempt>/bank": "leads to the bank's page",
    "provider/confirm/<str:key>": "stands for a bank's page while a payment waits: the journey that pays so goes there",
    "licences/<str:product>/users": "the list under a field, a piece of the page that has the field",
    "me/requests": ONLY_BY_POST,
    "me/requests/<int:request_id>/withdraw": ONLY_BY_POST,
    "sign-in/code": "comes after a password only: the walk of the pages of signing in goes there by one",
    "sign-in/passkey": "what the browser asks a passkey for, no page",
    "sign-out": ONLY_BY_POST,
    "sign-out/everywhere": ONLY_BY_POST,
    "session/stay": ONLY_BY_POST,
    "security/passkeys": "the page at /security again",
    "sign-up": NOWHERE,
    "security/address": NOWHERE,
    "security/address/sent": NOWHERE,
}
FILES = (".csv", ".pdf", ".xml", ".zip", ".txt")
"""How addresses of files end; those have tests of their own."""
WALKED = (
    *visited.PAGES, *visited.SHEETS, *visited.ALONE, *visited.DEBTLESS, *visited.TOLD, *visited.STRANGERS,
    *visited.SECURED, *visited.PROVING,
)  # fmt: skip
KINDS_OF_SHEETS = {
    "sheet": ("slug", set(ACTIONS)),
    "selected": ("slug", set(KINDS)),
    "method-sheet": ("slug", set(METHOD_SHEETS)),
    "order": ("kind", {"order", "trial"}),
    "help-topic": ("topic", set(TOPICS)),
}
"""Addresses whose last part names one of a table, all of whose entries are walked."""


class _Any(dict[str, str]):
    """Stands for every value that an organisation has."""

    def __missing__(self, name: str) -> str:
        return "1"


def _matches() -> Iterator[Any]:
    for path in WALKED:
        try:
            yield resolve(path.format_map(_Any()).partition("?")[0])
        except Resolver404:
            assert path == "/nowhere", f"{path} leads nowhere"


def _routes() -> set[str]:
    assert all(isinstance(one, URLPattern) for one in urlpatterns)
    return {str(one.pattern) for one in urlpatterns}


def test_every_page_is_walked_or_says_why_not() -> None:
    walked = {match.route for match in _matches()}
    left = {route for route in _routes() - walked - set(NOT_WALKED) if not route.endswith(FILES)}
    assert not left, f"add these to tests/support/visited.py, or say here why not: {sorted(left)}"


def test_every_sheet_of_a_table_is_walked() -> None:
    found = defaultdict(set)
    for match in _matches():
        if match.url_name in KINDS_OF_SHEETS:
            found[match.url_name].add(match.kwargs[KINDS_OF_SHEETS[match.url_name][0]])
    assert dict(found) == {name: slugs for name, (_, slugs) in KINDS_OF_SHEETS.items()}


def test_what_is_not_walked_is_there_and_is_not() -> None:
    assert set(NOT_WALKED) <= _routes() - {match.route for match in _matches()}
