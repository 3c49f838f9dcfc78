"""Who sees and does what: roles, strangers, sign-in, headers."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, override_settings

from seatkeeper.domain.identity.operations import make_link
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.models import Receipt
from seatkeeper.kit.clock import system_now
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = pytest.mark.any_database

SECRET = re.compile(r'value="\w{64}"')
"""A form's own secret: chance may spell any word in it."""


def test_nobody_signed_in_is_asked_to_sign_in(contoso: Organisation) -> None:
    for path in ("/products", "/products.csv", f"/products/{contoso.reference('basic')}/cancel", "/bills", "/buy"):
        answer = Client().get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=%2F"), path


def test_link_works_once_and_only_by_the_button(contoso: Organisation) -> None:
    path = contoso.link()
    assert Client().get(path).status_code == 200  # a mail scanner that opens it does not use it up
    client = Client()
    assert client.post(path)["Location"] == "/"
    assert client.get("/products").status_code == 200
    assert Client().post(path).status_code == 410
    assert Client().post("/sign-in/forged").status_code == 410


def test_old_link_and_inactive_person_are_refused(contoso: Organisation) -> None:
    old = make_link(contoso.users["anna"], now=system_now() - timedelta(days=2))
    assert Client().post(f"/sign-in/{old}").status_code == 410
    client = signed_in(contoso)
    user = contoso.user()
    user.is_active = False
    user.save()
    assert client.get("/products")["Location"] == "/sign-in?next=%2Fproducts"


def test_signing_out_ends_the_session(contoso: Organisation) -> None:
    client = signed_in(contoso)
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/products").status_code == 302


@pytest.mark.parametrize("person", ["carla"])
def test_licence_administrator_sees_no_money(troubled: Organisation, person: str) -> None:
    client = signed_in(troubled, person)
    paths = ["/products", "/licences", "/licences/business-basic", "/buy"]
    paths += [f"/products/{troubled.reference(name)}" for name in troubled.ids]
    for path in paths:
        answer = client.get(path)
        html = SECRET.sub("", answer.content.decode())
        assert answer.status_code == 200, path
        for sign in ("€", "INV-", "Visa", "SEPA", "VAT"):
            assert sign not in html, f"{sign} on {path}"
    heads = [
        signed_in(troubled, who).get("/products.csv").content.decode("utf-8-sig").splitlines()[0].split(",")
        for who in (person, "anna")
    ]
    assert set(heads[0]) < set(heads[1])
    assert not any(word in one.lower() for one in heads[0] for word in ("price", "amount", "payment", "invoice"))
    refused = ["/bills", "/buy/business-basic", "/buy/business-basic/order"]
    refused += [f"/products/{troubled.reference('basic')}/{sheet}" for sheet in ("licences", "change-plan", "cancel")]
    for path in refused:
        assert client.get(path).status_code == 403, path


def test_licence_administrator_assigns(contoso: Organisation) -> None:
    client = signed_in(contoso, "carla")
    path = "/licences/business-basic/assign"
    user = contoso.users["s40"]
    token = client.get(f"{path}?users={user}").context["shown"].outcome.token
    answer = client.post(path, {"token": token, "users": [str(user)]})
    assert answer.status_code == 302
    assert "1\u00a0licence of Business Basic assigned" in client.get(answer["Location"]).content.decode()


def test_reader_sees_all_and_changes_nothing(contoso: Organisation) -> None:
    client = signed_in(contoso, "daan")
    assert "€" in client.get("/products").content.decode()
    path = f"/products/{contoso.reference('standard')}/licences"
    sheet = client.get(f"{path}?seats=12")
    assert "Anna Jansen" in sheet.content.decode()  # who can do it
    assert sheet.context["shown"].outcome is None
    before = Document.objects.count()
    assert client.post(path, {"seats": "12", "when": "now"}).status_code == 422
    assert Document.objects.count() == before


def test_user_without_a_role_sees_nothing(contoso: Organisation) -> None:
    client = signed_in(contoso, "eva")
    for path in ("/products", "/licences", "/bills", "/buy", "/help"):
        assert client.get(path).status_code == 403, path


def test_another_organisations_things_do_not_exist(contoso: Organisation) -> None:
    client = signed_in(contoso)
    own = client.get(f"/products/{contoso.reference('standard')}/licences?seats=12").context["shown"].outcome.token
    done = client.post(
        f"/products/{contoso.reference('standard')}/licences", {"token": own, "seats": "12", "when": "now"}
    )
    stranger = Client()
    owner = Organisation(contoso.seller, contoso.stranger, 0, {"u1": _first_user(contoso.stranger, role="owner")})
    stranger.post(owner.link("u1"))
    number = Document.objects.filter(account_id=contoso.account).latest("id").number
    paths = [
        f"/products/{contoso.reference('standard')}", f"/products/{contoso.reference('standard')}/cancel",
        f"/bills/{number}", f"/bills/{number}/pay", f"/bills/{number}.pdf", f"/bills/{number}/ubl.xml",
        f"/bills/{number}/cii.xml", done["Location"], "/licences/visio-2", "/licences/visio-2/assign",
    ]  # fmt: skip
    nothing = stranger.get("/products/S-99999")
    assert nothing.status_code == 404
    for path in paths:
        answer = stranger.get(path)
        assert answer.status_code == 404, path
        assert _words(answer) == _words(nothing), path
    posted = stranger.post(f"/products/{contoso.reference('standard')}/cancel", {"when": "now"})
    assert posted.status_code == 404
    known = contoso.user("s3").name
    page = stranger.get(f"/licences/business-basic/assign?typed={known}&users={contoso.users['s4']}").context["page"]
    assert [one.outcome for one in page.candidates] == ["unknown"]
    assert page.found == ()


def _first_user(account: int, *, role: str) -> int:
    from seatkeeper.domain.identity.models import User

    user = User.objects.filter(account_id=account).earliest("id")
    user.role = role
    user.save()
    return user.id


def _words(answer: Any) -> str:
    html = answer.content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html[html.index("<main") :])


def test_token_of_another_person_is_refused(contoso: Organisation) -> None:
    path = f"/products/{contoso.reference('standard')}/licences"
    token = signed_in(contoso).get(f"{path}?seats=12").context["shown"].outcome.token
    answer = signed_in(contoso, "bram").post(path, {"token": token, "seats": "12", "when": "now"})
    assert answer.status_code == 409
    assert Receipt.objects.count() == 0


def test_forms_need_their_own_secret(contoso: Organisation) -> None:
    client = signed_in(contoso, enforce_csrf_checks=True)
    answer = client.post(f"/products/{contoso.reference('standard')}/cancel", {"when": "now"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_headers_are_strict(contoso: Organisation) -> None:
    answer = signed_in(contoso).get("/products")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"
    cookies = Client().post(contoso.link()).cookies
    assert cookies["session"]["httponly"] and cookies["session"]["samesite"] == "Lax"


@override_settings(SESSION_COOKIE_NAME="__Host-session", SESSION_COOKIE_SECURE=True)
def test_host_cookie_has_no_domain_and_the_root_path(contoso: Organisation) -> None:
    cookie = Client().post(contoso.link(), secure=True).cookies["__Host-session"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_pages_name_no_other_host(contoso: Organisation) -> None:
    client = signed_in(contoso)
    for path in ("/products", "/buy/business-basic", f"/products/{contoso.reference('basic')}"):
        html = client.get(path).content.decode()
        assert "http://" not in html and "https://" not in html, path
        assert " style=" not in html and "onclick" not in html, path


def asked(html: str) -> list[tuple[str, str]]:
    """The mails that a page offers to write: to whom, and what stands in them."""
    found = []
    for address in re.findall(r'<a href="(mailto:[^"]*)">', html):
        parts = urlsplit(unescape(address))
        found.append((parts.path, parse_qs(parts.query)["body"][0]))
    return found


@pytest.mark.parametrize(
    "path",
    ["/products/{standard}", "/products/{standard}/cancel", "/savings", "/account", "/bills/methods", "/buy/visio-2"],
)
def test_who_may_not_is_offered_a_mail_to_who_can_with_the_page_in_it(contoso: Organisation, path: str) -> None:
    where = path.format(standard=contoso.reference("standard"))
    html = signed_in(contoso, "daan").get(where).content.decode()
    found = asked(html)
    assert "anna.jansen@contoso.example,bram.devries@contoso.example" in {to for to, _ in found}
    assert all(body.endswith(f"http://testserver{where}") for _, body in found)
    assert ">Ask</a>" in html
    assert not asked(signed_in(contoso).get(where).content.decode()), "who may needs nobody"


def test_the_row_menu_asks_once_for_all_that_it_withholds(contoso: Organisation) -> None:
    html = signed_in(contoso, "daan").get("/products").content.decode()
    menus = re.findall(r'<ul class="menu" popover id="more-\d+">.*?</ul>', html, re.DOTALL)
    assert menus and all(menu.count("mailto:") == 1 and "Ask who can" in menu for menu in menus)
    dutch = signed_in(contoso, "daan")
    dutch.cookies["language"] = "nl"
    assert "Vraag wie het kan" in dutch.get("/products").content.decode()
