"""Signing in and staying safe: passwords, second steps, proofs, sessions, and what a stranger learns."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.support.organisation import Organisation
from tests.support.portal import signed_in
from tests.support.secured import secure

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PASSWORD = "molen wind kaas 42"


@pytest.fixture(autouse=True)
def quick_and_alone(settings: Any) -> None:
    """No slow hashes, and no attempts of other tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def with_password(contoso: Organisation, person: str = "anna", password: str = PASSWORD) -> str:
    """The person's e-mail address; they have a password from now on."""
    user = contoso.user(person)
    user.set_password(password)
    user.save()
    return user.email


def enter(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", {"login": email, "password": password, **more})


def code_of(secret: str) -> str:
    """What an app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_password_signs_in_and_a_wrong_one_says_nothing_about_who_is_here(contoso: Organisation) -> None:
    email = with_password(contoso)
    client = Client()
    before = client.cookies.get("session")
    wrong = enter(client, email, "not the password")
    unknown = enter(Client(), "nobody@contoso.example")
    errors = [re.findall(r'<div class="message is-bad".*?</div></div>', one.content.decode(), re.S)
              for one in (wrong, unknown)]
    assert errors[0] == errors[1] and len(errors[0]) == 1
    answer = enter(client, email)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/products").status_code == 200
    assert client.cookies["session"].value != (before.value if before else "")


def test_the_way_back_never_leads_to_another_host(contoso: Organisation) -> None:
    email = with_password(contoso)
    assert enter(Client(), email, next="/bills")["Location"] == "/bills"
    assert enter(Client(), email, next="https://evil.example/")["Location"] == "/"


def test_guessing_is_slowed_down(contoso: Organisation) -> None:
    email = with_password(contoso)
    for _ in range(5):
        enter(Client(), email, "guess")
    late = enter(Client(), email)
    assert late.status_code == 200 and "/products" not in late.get("Location", "")


def test_a_forgotten_password_is_chosen_anew_by_a_link(contoso: Organisation) -> None:
    email = with_password(contoso)
    client = Client()
    for address in (email, "nobody@contoso.example"):
        assert client.post("/password/forgotten", {"email": address})["Location"] == "/password/forgotten/sent"
    (sent,) = mail.outbox
    assert sent.to == [email] and PASSWORD not in sent.body
    path = re.search(r"http://testserver(/password/new/\S+)", sent.body)
    assert path is not None
    form = client.get(path[1], follow=True)
    new = "een heel ander woord 7"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done["Location"] == "/password/new"
    assert enter(Client(), email).status_code == 200 and enter(Client(), email, new).status_code == 302
    assert "used already" in Client().get(path[1]).content.decode()


def test_weak_passwords_are_refused_with_what_is_right(contoso: Organisation) -> None:
    client = signed_in(contoso)
    page = client.post("/security/password/set", {"password1": "123456789012", "password2": "123456789012"})
    assert page.status_code == 200 and "Error:" in page.content.decode()
    assert not contoso.user().has_usable_password()


def test_code_of_an_app_is_asked_for_and_its_secret_is_not_kept_in_clear(contoso: Organisation) -> None:
    email = with_password(contoso)
    client = Client()
    enter(client, email)
    form = client.get("/security/app")
    secret = form.context["form"].secret
    assert client.post("/security/app", {"code": code_of(secret)})["Location"] == "/security/codes"
    kept = Authenticator.objects.get(type="totp")
    assert secret not in str(kept.data) and TOTP(kept).validate_code(code_of(secret)) in (True, False)
    codes = client.get("/security/codes").context["unused_codes"]
    other = Client()
    assert enter(other, email)["Location"] == "/sign-in/code"
    assert other.get("/products").status_code == 302
    assert other.post("/sign-in/code", {"code": "000000"}).status_code == 200
    assert other.post("/sign-in/code", {"code": codes[0]})["Location"] == "/"
    assert other.get("/products").status_code == 200


def test_signing_out_everywhere_ends_every_session(contoso: Organisation) -> None:
    here, there = signed_in(contoso), signed_in(contoso)
    other = signed_in(contoso, "bram")
    assert here.post("/sign-out/everywhere")["Location"] == "/sign-in?said=everywhere"
    assert there.get("/products").status_code == 302 and other.get("/products").status_code == 200


def test_a_new_password_ends_the_other_sessions(contoso: Organisation) -> None:
    with_password(contoso)
    here, there = signed_in(contoso), signed_in(contoso)
    new = "een heel ander woord 7"
    answer = here.post("/security/password", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert here.get("/products").status_code == 200 and there.get("/products").status_code == 302


def test_what_was_typed_comes_back_after_signing_in(contoso: Organisation) -> None:
    email = with_password(contoso)
    path = f"/products/{contoso.reference('standard')}/licences"
    client = Client()
    away = client.post(path, {"seats": "14", "when": "now", "token": "x", "csrfmiddlewaretoken": "y"})
    assert away.status_code == 302 and away["Location"].startswith("/sign-in?said=kept&next=")
    page = client.get(away["Location"])
    assert "What you typed is kept." in page.content.decode()
    back = enter(client, email, next=f"{path}?seats=14&when=now")["Location"]
    form = client.get(back)
    assert form.context["data"]["seats"] == "14" and form.context["shown"].outcome is not None


def test_live_sums_of_a_signed_out_reader_lead_to_the_sign_in_page(contoso: Organisation) -> None:
    answer = Client().get(f"/products/{contoso.reference('standard')}/licences", headers={"HX-Request": "true"})
    assert answer.status_code == 401 and answer["HX-Redirect"].startswith("/sign-in?next=")


def test_nobody_signs_up_and_other_addresses_are_not_there(contoso: Organisation) -> None:
    for path in ("/sign-up", "/security/address"):
        assert Client().get(path).status_code == 404 and Client().post(path).status_code == 404


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_page_of_signing_in_reads_in_both_languages(contoso: Organisation, language: str) -> None:
    email = with_password(contoso)
    cookies = {"language": language}
    out = Client()
    out.cookies.load(cookies)
    for path in ("/sign-in", "/password/forgotten", "/password/forgotten/sent", "/password/new", "/sign-in/closed"):
        page = out.get(path)
        assert page.status_code == 200 and f'lang="{language}"' in page.content.decode(), path
    client = Client()
    client.cookies.load(cookies)
    enter(client, email)
    for path in ("/security", "/security/password", "/security/app", "/security/passkeys/add", "/security/confirm"):
        assert client.get(path).status_code == 200, path


def test_the_ways_to_confirm_are_told_apart(contoso: Organisation) -> None:
    secure(contoso)
    client = signed_in(contoso)
    ways = dict(re.findall(r'<a href="(/security/confirm[^"?]*)[^"]*">([^<]*)</a>',
                           client.get("/security/confirm").content.decode()))
    assert ways == {
        "/security/confirm/code": "With a code of your app", "/security/confirm/passkey": "With a passkey",
    }  # fmt: skip
