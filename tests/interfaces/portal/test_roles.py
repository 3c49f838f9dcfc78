"""Every page of the portal and every command, by every role (DOMAIN.md 10): a page or command without a row fails."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client

from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import PERMISSIONS, ROLES
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.subscriptions import commands
from seatkeeper.interfaces.portal.signing import nowhere
from seatkeeper.interfaces.portal.urls import urlpatterns
from seatkeeper.kit.commands import COMMANDS, Actor, Context, call
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = pytest.mark.any_database

assert commands.__all__

MONEY = {"owner", "billing_administrator", "reader"}
SUBSCRIPTIONS = MONEY | {"license_administrator", "user_administrator"}
CHANGES = {"owner", "billing_administrator"}
EVERYBODY = SUBSCRIPTIONS | {"user"}
OPEN = {
    "sign-in", "sign-in/code", "sign-in/passkey", "sign-in/closed", "sign-in/<str:token>", "sign-out",
    "sign-out/everywhere", "session/stay", "password/forgotten", "password/forgotten/sent", "password/new",
    "^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$", "preferences/language/<slug:language>",
    "preferences/theme/<slug:theme>", "licences-sample.csv",
}  # fmt: skip
"""What asks for no role: the way in and out, display choices, and a sample file that is the same for everybody."""
BY_ROUTE = {
    "": EVERYBODY,
    "overview.csv": MONEY,
    "products": SUBSCRIPTIONS,
    "products.csv": SUBSCRIPTIONS,
    "preferences/products": SUBSCRIPTIONS,
    "products/<str:reference>": SUBSCRIPTIONS,
    "products/selected/<slug:slug>": MONEY,
    "products/<str:reference>/renewal": MONEY,
    "products/<str:reference>/<slug:slug>": MONEY,
    "buy": SUBSCRIPTIONS,
    "buy/<str:product>": MONEY,
    "buy/<str:product>/<slug:kind>": MONEY,
    "cart": MONEY,
    "checkout": MONEY,
    "licences": SUBSCRIPTIONS,
    "licences.csv": SUBSCRIPTIONS,
    "licences/<str:product>": SUBSCRIPTIONS,
    "licences/<str:product>.csv": SUBSCRIPTIONS,
    "licences/<str:product>/assign": SUBSCRIPTIONS,
    "licences/<str:product>/users": SUBSCRIPTIONS,
    "licences/<str:product>/unassign": SUBSCRIPTIONS,
    "licences/<str:product>/keep": SUBSCRIPTIONS,
    "licences/<str:product>/requests": SUBSCRIPTIONS,
    "licences/<str:product>/requests/<int:request_id>": SUBSCRIPTIONS,
    "me": EVERYBODY,
    "me/requests": EVERYBODY,
    "me/requests/<int:request_id>/withdraw": EVERYBODY,
    "bills": MONEY,
    "bills.csv": MONEY,
    "bills.zip": MONEY,
    "bills/methods": MONEY,
    "bills/methods/add": MONEY,
    "bills/methods/added/<str:setup>": CHANGES,
    "bills/methods/<int:method>/default": MONEY,
    "bills/methods/<int:method>/backup": MONEY,
    "bills/methods/<int:method>/<slug:slug>": MONEY,
    "provider/<str:setup>": MONEY,
    "provider/confirm/<str:key>": CHANGES,
    "payments/<int:attempt>": CHANGES,
    "payments/<int:attempt>/bank": CHANGES,
    "bills/overdue/pay": MONEY,
    "bills/<str:number>": MONEY,
    "bills/<str:number>.pdf": MONEY,
    "bills/<str:number>/ubl.xml": MONEY,
    "bills/<str:number>/cii.xml": MONEY,
    "bills/<str:number>/pay": MONEY,
    "account/mail": MONEY,
    "account/mail/<slug:kind>": MONEY,
    "account/mail/<slug:kind>/letter": MONEY,
    "savings": MONEY,
    "savings.csv": MONEY,
    "activity": SUBSCRIPTIONS,
    "activity.csv": SUBSCRIPTIONS,
    "account": MONEY,
    "account/names": CHANGES,
    "account/address": CHANGES,
    "account/vat-id": CHANGES,
    "account/regional": CHANGES,
    "account/purchase-order": CHANGES,
    "account/recipients": CHANGES,
    "account/notices": CHANGES,
    "account/close": MONEY,
    "account/people": SUBSCRIPTIONS,
    "account/people/invite": SUBSCRIPTIONS,
    "account/people/<int:user>": SUBSCRIPTIONS,
    "done/<str:reference>": SUBSCRIPTIONS,
    "help": SUBSCRIPTIONS,
    "help/<slug:topic>": SUBSCRIPTIONS,
    "security": EVERYBODY,
    "security/prove": EVERYBODY,
    "security/confirm": EVERYBODY,
    "security/confirm/code": EVERYBODY,
    "security/confirm/passkey": EVERYBODY,
    "security/password": EVERYBODY,
    "security/password/set": EVERYBODY,
    "security/app": EVERYBODY,
    "security/app/off": EVERYBODY,
    "security/codes": EVERYBODY,
    "security/codes/new": EVERYBODY,
    "security/codes.txt": EVERYBODY,
    "security/passkeys": EVERYBODY,
    "security/passkeys/add": EVERYBODY,
    "security/passkeys/<int:pk>/remove": EVERYBODY,
    "security/passkeys/<int:pk>/name": EVERYBODY,
}
"""The roles that see a page; everybody else is told that they cannot. At the first one users are sent on to /me."""
POSTED = {"preferences/products"}
"""Routes that take forms only."""
NEEDS = {
    "account": "subscription.change",
    "advice": "subscription.change",
    "cart": "subscription.change",
    "invoice": "subscription.change",
    "license": "license.assign",
    "payment_method": "subscription.change",
    "person": "user.manage",
    "subscription": "subscription.change",
}
EXACTLY = {
    "account.confirm_vat": "seller",
    "account.set_terms": "seller",
    "license.request": "license.request",
    "license.withdraw_request": "license.request",
    "payment.receive": "seller",
    "invoice.write_off": "seller", "balance.pay_out": "seller",
    "person.set_role": "role.manage",
}
COLUMNS = {
    "subscription.change": CHANGES,
    "license.assign": {"owner", "license_administrator", "user_administrator"},
    "license.request": EVERYBODY,
    "user.manage": {"owner", "user_administrator"},
    "role.manage": {"owner"},
    "seller": set(),
    "money.see": MONEY,
    "subscription.see": SUBSCRIPTIONS,
}
"""DOMAIN.md 10, read by column: the roles of an account that have a permission."""


def addresses(contoso: Organisation) -> dict[str, str]:
    """An address of every route that asks for something."""
    filled = {
        "<str:reference>": contoso.reference("standard"), "<str:product>": "business-basic", "<slug:slug>": "cancel",
        "<slug:kind>": "order", "<str:number>": "INV-0", "<slug:topic>": "cancelling", "<int:request_id>": "1",
        "<int:user>": str(contoso.users["bram"]), "<int:pk>": "1",
        "<int:method>": "1", "<str:setup>": "1", "<str:key>": "1-1", "<int:attempt>": "1",
    }  # fmt: skip
    found = {}
    for route in BY_ROUTE:
        address = "/" + route
        for name, text in filled.items():
            address = address.replace(name, text)
        found[route] = address
    return found


def ask(client: Client, route: str, address: str) -> Any:
    """The answer of a page."""
    return client.post(address) if route in POSTED else client.get(address)


def test_every_page_has_a_row() -> None:
    routes = {str(one.pattern) for one in urlpatterns if one.callback is not nowhere}
    assert routes == OPEN | set(BY_ROUTE)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_the_pages_of_its_row_and_no_other(contoso: Organisation, role: str) -> None:
    person = contoso.users["daan"]
    User.objects.filter(id=person).update(role=role, password=make_password("molen wind kaas 42"))
    Authenticator.objects.create(user_id=person, type="totp", data={})
    client = signed_in(contoso, "daan")
    answers = {route: ask(client, route, address) for route, address in addresses(contoso).items()}
    seen = {route for route, answer in answers.items() if answer.status_code != 403}
    assert seen == {route for route, roles in BY_ROUTE.items() if role in roles}
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 403, 404}
    away = {route for route, answer in answers.items() if answer.get("Location", "").startswith("/sign-in")}
    assert not away, "who is signed in is not asked to sign in"


def test_a_user_lands_on_their_own_licences(contoso: Organisation) -> None:
    answer = signed_in(contoso, "eva").get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/me")


def test_signed_out_sees_no_page(contoso: Organisation) -> None:
    for route, address in addresses(contoso).items():
        answer = ask(Client(), route, address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in"), address


def test_permissions_are_those_of_the_rules() -> None:
    for permission, roles in COLUMNS.items():
        assert {role for role in ROLES if permission in PERMISSIONS[role]} == roles, permission
    assert set().union(*PERMISSIONS.values()) == set(COLUMNS)


def test_every_command_needs_what_the_rules_say() -> None:
    for name, one in COMMANDS.items():
        assert one.needs == EXACTLY.get(name, NEEDS.get(name.split(".")[0])), name


@pytest.mark.parametrize("role", ROLES)
def test_every_command_asks_for_the_role(contoso: Organisation, role: str) -> None:
    """Whoever lacks the permission is refused before anything else is looked at, with whatever arguments."""
    ctx = Context(Actor(role, contoso.users["daan"]), contoso.account, contoso.now)
    for name, one in COMMANDS.items():
        if one.needs in PERMISSIONS[role]:
            continue
        with pytest.raises(Refused) as refused:
            call(name, ctx)
        assert refused.value.code == "not_permitted", name
