"""Every address with an id: another organisation's finds nothing, by GET and by POST, in the same words.

pytestmark = pytest.mark.any_database

The table follows the addresses themselves: a new one with an id that is not in it fails.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.licensing.models import LicenceRequest
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.payments.operations import write_methods
from seatkeeper.kit.refs import reference
from tests.support.organisation import TODAY, Organisation
from tests.support.portal import signed_in

HARMLESS = {
    "buy/<str:product>": "a product of the catalogue is everybody's",
    "buy/<str:product>/<slug:kind>": "a product of the catalogue is everybody's",
    "licences/<str:product>/users": "always the users of one's own organisation, without that product there",
    "products/selected/<slug:slug>": "an action; whom it is about stands in the query, and is tested below",
    "account/mail/<slug:kind>": "a kind of mail, filled with one's own organisation's data",
    "account/mail/<slug:kind>/letter": "a kind of mail, filled with one's own organisation's data",
    "help/<slug:topic>": "help is everybody's",
    "provider/<str:setup>": "a visit of one organisation; another's is tested with the payment methods",
    "bills/methods/added/<str:setup>": "a visit of one organisation; another's is tested with the payment methods",
    "hooks/<slug:gateway>": "a gateway's name; who calls is known by the signature alone",
    "sign-in/<str:token>": "a link signs in its own person",
    "preferences/language/<slug:language>": "one's own choice",
    "preferences/theme/<slug:theme>": "one's own choice",
    "^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$": "a link that is one's own proof; a wrong one opens nothing",
}
"""Addresses whose part names nothing of an organisation."""

FOREIGN: dict[str, tuple[str, ...]] = {
    "products/<str:reference>": ("products/{subscription}",),
    "products/<str:reference>/renewal": ("products/{subscription}/renewal",),
    "products/<str:reference>/<slug:slug>": tuple(
        f"products/{{subscription}}/{sheet}"
        for sheet in (
            "licences", "recurring-billing", "cancel", "reactivate", "change-plan", "change-frequency",
            "payment-method", "undo", "buy-now", "extend-trial",
        )
    ),
    "licences/<str:product>": ("licences/{product}",),
    "licences/<str:product>.csv": ("licences/{product}.csv",),
    "licences/<str:product>/assign": ("licences/{product}/assign",),
    "licences/<str:product>/unassign": ("licences/{product}/unassign",),
    "licences/<str:product>/keep": ("licences/{product}/keep",),
    "licences/<str:product>/requests": ("licences/{product}/requests",),
    "licences/<str:product>/requests/<int:request_id>": ("licences/{product}/requests/{request}",),
    "me/requests/<int:request_id>/withdraw": ("me/requests/{request}/withdraw",),
    "account/people/<int:user>": ("account/people/{person}",),
    "security/passkeys/<int:pk>/remove": ("security/passkeys/{passkey}/remove",),
    "security/passkeys/<int:pk>/name": ("security/passkeys/{passkey}/name",),
    "bills/<str:number>": ("bills/{invoice}",),
    "bills/<str:number>.pdf": ("bills/{invoice}.pdf",),
    "bills/<str:number>/ubl.xml": ("bills/{invoice}/ubl.xml",),
    "bills/<str:number>/cii.xml": ("bills/{invoice}/cii.xml",),
    "bills/<str:number>/pay": ("bills/{invoice}/pay",),
    "bills/methods/<int:method>/default": ("bills/methods/{method}/default",),
    "bills/methods/<int:method>/backup": ("bills/methods/{method}/backup",),
    "bills/methods/<int:method>/<slug:slug>": ("bills/methods/{method}/replace", "bills/methods/{method}/remove"),
    "done/<str:reference>": ("done/{receipt}",),
    "payments/<int:attempt>": ("payments/{attempt}",),
    "payments/<int:attempt>/bank": ("payments/{attempt}/bank",),
    "provider/confirm/<str:key>": ("provider/confirm/{charge}",),
}  # fmt: skip
"""Address pattern to what is asked for in its place."""

ONLY_POST = {"me/requests/{request}/withdraw": "/me"}
"""Where a GET leads, whoever's id it is, and does nothing."""

GIVEN = {"seats": "9", "when": "now", "to": "off", "method": "1", "users": "1", "recurring": "on", "choice": "as_is"}


def patterns(found: Any = None, before: str = "") -> list[str]:
    """Every address of the web doors, as it is written."""
    out: list[str] = []
    for one in (found or get_resolver()).url_patterns:
        path = before + str(one.pattern)
        out += patterns(one, path) if isinstance(one, URLResolver) else [path]
        assert isinstance(one, URLPattern | URLResolver)
    return out


def test_every_address_with_an_id_is_in_the_table() -> None:
    with_ids = {path for path in patterns() if "<" in path}
    assert with_ids == {*FOREIGN, *HARMLESS}, "say in this table what a stranger's id is, or why it has none"


@pytest.fixture
def fabrikam(contoso: Organisation) -> dict[str, str]:
    """What the stranger has, by the table's words: all of it real, none of it Contoso's."""
    owner = User.objects.filter(account_id=contoso.stranger).earliest("id")
    User.objects.filter(id=owner.id).update(role="owner")
    stranger = Organisation(contoso.seller, contoso.stranger, contoso.account, {"anna": owner.id})
    client = signed_in(stranger)
    subscription = reference(contoso.strangers_subscription)
    number = Document.objects.filter(account_id=contoso.stranger).latest("id").number
    # Ids count from 1 in each account: far ones cannot be mistaken for one's own.
    assert not Document.objects.filter(account_id=contoso.account, number=number).exists()
    sheet = client.get(f"/products/{subscription}/licences?seats=4")
    token = sheet.context["shown"].outcome.token
    done = client.post(f"/products/{subscription}/licences", {"token": token, "seats": "4", "when": "now"})
    assert done.status_code == 302, "the stranger's own things are there for the stranger"
    stranger.now = contoso.now
    stranger.give("subscription.buy", account=contoso.stranger, plan="teams-phone-monthly", seats=1, at=None)
    asking = User.objects.create(account_id=contoso.stranger, key="asks", email="asks@fabrikam.example")
    stranger.users["asks"] = asking.id
    assert signed_in(stranger, "asks").post("/me/requests", {"product": "teams-phone"}).status_code == 302
    request = LicenceRequest.objects.get(account_id=contoso.stranger)
    passkey = Authenticator.objects.create(user_id=owner.id, type="webauthn", data={"name": "Key"})
    far = strangers_method(stranger.account)
    return {
        "request": str(request.id), "person": str(owner.id), "passkey": str(passkey.id),
        "subscription": subscription, "invoice": number, "receipt": done["Location"].rsplit("/", 1)[-1],
        "product": "teams-phone", "method": str(far), **strangers_payment(stranger.account, far),
    }  # fmt: skip


def strangers_method(account: int) -> int:
    """A payment method of the stranger's, with an id that Contoso has not."""
    far = 987_000
    write_methods([(account, far, "card", "Visa", "sandbox_ok", "Visa", "1111", None, False, None, TODAY)])
    return far


def strangers_payment(account: int, method: int) -> dict[str, str]:
    """A payment of the stranger's that its bank wants to be confirmed, with an id that Contoso has not."""
    far = method + 1
    Attempt.objects.create(
        account_id=account, id=far, purpose="document", method_id=method, amount_minor=100, currency="EUR",
        status="pending", reason="authentication", at=TODAY,
    )  # fmt: skip
    return {"attempt": str(far), "charge": f"{account}-{far}"}


def _words(answer: Any) -> str:
    html: str = answer.content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", html[html.index("<main") :])


def test_nothing_of_a_stranger_is_found(contoso: Organisation, fabrikam: dict[str, str]) -> None:
    client: Client = signed_in(contoso)
    nothing = client.get("/products/S-99999")
    assert nothing.status_code == 404
    before = list(Account.objects.order_by("id").values_list("id", "version"))
    for path in (path for paths in FOREIGN.values() for path in paths):
        address = "/" + path.format(**fabrikam)
        looked, sent = [client.get(address), client.get(address, GIVEN)], client.post(address, GIVEN)
        if path in ONLY_POST:
            assert [one["Location"] for one in looked] == [ONLY_POST[path]] * 2
            looked = []
        for answer in (*looked, sent):
            assert answer.status_code == 404, address
            assert _words(answer) == _words(nothing), address
    assert list(Account.objects.order_by("id").values_list("id", "version")) == before


def test_a_strangers_subscription_cannot_be_selected(contoso: Organisation, fabrikam: dict[str, str]) -> None:
    client = signed_in(contoso)
    before = list(Account.objects.order_by("id").values_list("id", "version"))
    given = {"s": fabrikam["subscription"], "to": "off"}
    for answer in (
        client.get("/products/selected/recurring-billing", given),
        client.post("/products/selected/recurring-billing", given),
    ):
        assert (answer.status_code, answer["Location"]) == (302, "/products")
    assert list(Account.objects.order_by("id").values_list("id", "version")) == before
