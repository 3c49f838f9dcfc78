"""Every sentence of the sign-in pages is ours, in both languages: none of allauth's, none of Django's."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from babel.messages.pofile import read_po
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override

from seatkeeper.interfaces.web.signing import PeopleAdapter, SecondStepAdapter
from tests.support.organisation import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PASSWORD = "molen wind kaas 42"
OTHER = "een heel ander woord 7"
LANGUAGES = {"English", "Nederlands"}
SHORT = 3
"""Words so short may be the same in any catalogue."""


@pytest.fixture(autouse=True)
def quick_and_alone(settings: Any) -> None:
    """No slow hashes, and no attempts of other tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def sentences(path: Path, language: str) -> set[str]:
    """What a catalogue says in a language."""
    with path.open("rb") as file:
        found = [(str(one.id), one.string) for one in read_po(file) if one.id and isinstance(one.string, str)]
    return {(id_ if language == "en" else said).strip() for id_, said in found} - {""}


def theirs(language: str) -> set[str]:
    """Sentences of allauth's and Django's that are not ours as well."""
    ours = sentences(Path(str(resources.files("seatkeeper"))) / "locale/nl/LC_MESSAGES/django.po", language)
    found: set[str] = set()
    for package in (Path(allauth.__file__).parent, *(Path(django.__file__).parent / at for at in (
        "conf", "contrib/auth"
    ))):
        found |= sentences(package / "locale/nl/LC_MESSAGES/django.po", language)
    return {one for one in found - ours - LANGUAGES if len(one) > SHORT}


def texts(page: Any) -> set[str]:
    """The texts of a page, and what its fields say of themselves."""
    html = re.sub(r"<(svg|script).*?</\1>", "", page.content.decode(), flags=re.S)
    said = re.findall(r'(?:placeholder|aria-label|title|alt)="([^"]*)"', html)
    parts = [re.sub(r"^(Error|Fout): ", "", one.strip()) for one in (*re.split(r"<[^>]+>", html), *said)]
    return {one for one in parts if one}


def pages(contoso: Organisation, language: str) -> Iterator[tuple[str, Any]]:
    """Every page of signing in, as it opens and as it refuses."""
    user = contoso.user()
    user.set_password(PASSWORD)
    user.save()
    out = _client(language)
    yield from _seen(out, "/sign-in", {}, {"login": "abc", "password": "x"}, {"login": user.email, "password": "x"})
    for _ in range(6):
        slow = out.post("/sign-in", {"login": user.email, "password": "x"})
    yield "/sign-in slowed", slow
    yield from _seen(out, "/password/forgotten", {"email": ""}, {"email": "abc"}, *[{"email": user.email}] * 6)
    cache.clear()
    path = re.search(r"http://testserver(/password/new/\S+)", str(mail.outbox[0].body))
    assert path is not None
    form = out.get(path[1], follow=True).redirect_chain[-1][0]
    wrong = ("a", "123456789012", user.email)
    yield from _seen(out, form, {}, *({"password1": one, "password2": one} for one in wrong),
                     {"password1": OTHER, "password2": PASSWORD})
    inside = _client(language)
    inside.post("/sign-in", {"login": user.email, "password": PASSWORD})
    yield from _seen(inside, "/security/password", {}, {"oldpassword": "x", "password1": OTHER, "password2": "y"})
    yield from _seen(inside, "/security/confirm", {}, {"password": "x"})
    yield from _seen(inside, "/security/app", {"code": ""}, {"code": "12 3"})
    yield from _seen(inside, "/security/passkeys/add", {}, {"name": "x" * 101, "credential": '{"a": 1}'})
    secret = inside.get("/security/app").context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert inside.post("/security/app", {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/security/codes"
    for at in ("/security", "/security/codes", "/security/codes/new", "/security/app/off"):
        yield at, inside.get(at)
    yield from _seen(inside, "/security/confirm/code", {"code": ""}, {"code": "1"})
    half = _client(language)
    half.post("/sign-in", {"login": user.email, "password": PASSWORD})
    yield from _seen(half, "/sign-in/code", {"code": ""}, {"credential": "{}"}, *[{"code": "1"}] * 6)
    invited = _client(language)
    invited.post(contoso.link("bram"))
    yield from _seen(invited, "/security/password/set", {}, {"password1": PASSWORD, "password2": OTHER})
    for at in ("/sign-in/closed", "/password/forgotten/sent", "/password/new", contoso.link("carla")):
        yield at, _client(language).get(at)


def _client(language: str) -> Client:
    found = Client()
    found.cookies.load({"language": language})
    return found


def _seen(client: Client, path: str, *sent: dict[str, str]) -> Iterator[tuple[str, Any]]:
    yield path, client.get(path)
    for number, one in enumerate(sent):
        yield f"{path} {number}", client.post(path, one)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_sentence_is_a_librarys(contoso: Organisation, language: str) -> None:
    foreign = theirs(language)
    assert len(foreign) > 500
    wrong = {}
    for name, page in pages(contoso, language):
        if page.status_code == 302:
            continue
        assert f'lang="{language}"' in page.content.decode(), name
        if found := texts(page) & foreign:
            wrong[name] = found
        assert PASSWORD not in page.content.decode() and OTHER not in page.content.decode(), name
    assert not wrong, wrong


def test_every_refusal_that_allauth_may_give_here_is_said_in_our_words() -> None:
    for ours, default, elsewhere in (
        (PeopleAdapter, DefaultAccountAdapter, ELSEWHERE), (SecondStepAdapter, DefaultMFAAdapter, ELSEWHERE),
    ):
        for code in default.error_messages:
            if code not in elsewhere:
                with override("nl"):
                    assert str(ours.error_messages[code]) != str(default.error_messages[code]), code


ELSEWHERE = {
    "cannot_remove_primary_email", "duplicate_email", "email_taken", "invalid_or_expired_key", "max_email_addresses",
    "phone_password_mismatch", "phone_taken", "same_as_current", "select_only_one", "unknown_phone",
    "unverified_primary_email", "username_blacklisted", "username_password_mismatch", "username_taken",
    "add_email_blocked", "unverified_email", "invalid_login", "unknown_email", "invalid_password_reset",
}
"""Of other addresses, user names and telephones, which nobody has here; of what is said by the page itself."""


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_refused_form_names_the_field_and_keeps_what_was_typed_save_passwords(
    contoso: Organisation, language: str
) -> None:
    client = _client(language)
    html = client.post("/sign-in", {"login": "abc", "password": ""}).content.decode()
    assert f"<title>{'Error' if language == 'en' else 'Fout'}: " in html
    assert '<a href="#id_login">' in html and '<a href="#id_password">' in html
    for name in ("login", "password"):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
        assert field is not None and 'aria-invalid="true"' in field[0]
        described = re.search(r'aria-describedby="([^"]+)"', field[0])
        assert described is not None and all(f'id="{one}"' in html for one in described[1].split())
    assert 'value="abc"' in html


def test_password_managers_find_their_fields(contoso: Organisation) -> None:
    user = contoso.user()
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    tokens = {"/sign-in": ["username", "current-password"], "/password/forgotten": ["email"]}
    inside = {
        "/security/password": ["username", "current-password", "new-password", "new-password"],
        "/security/confirm": ["username", "current-password"], "/security/app": ["one-time-code"],
    }
    found = {path: _tokens(client.get(path)) for path in tokens}
    assert found == tokens
    client.post("/sign-in", {"login": user.email, "password": PASSWORD})
    assert {path: _tokens(client.get(path)) for path in inside} == inside


def _tokens(page: Any) -> list[str]:
    return re.findall(r'autocomplete="([^"]+)"', page.content.decode())


def test_a_passkey_that_is_not_accepted_is_said_and_the_way_is_kept(contoso: Organisation) -> None:
    answer = Client().post("/sign-in/passkey", {"credential": "{}", "next": "/bills"})
    assert answer["Location"] == "/sign-in?said=passkey&next=%2Fbills"
    page = Client().get(answer["Location"]).content.decode()
    assert "The passkey was not accepted" in page and 'name="next" value="/bills"' in page
