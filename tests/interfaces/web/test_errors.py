"""The pages of what went wrong: in both languages, with a way on, as strict as every other answer."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.views import LoginView
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client

from seatkeeper.interfaces.portal.views import session

LANGUAGES = {"en": ("Products &amp; services", "Nothing"), "nl": ("Producten en diensten", "niet")}


def _client(language: str, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.cookies["language"] = language
    return client


def _html(answer: Any) -> str:
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    html: str = answer.content.decode()
    assert html.count("<h1") == 1 and " style=" not in html and "://" not in html.replace("http://testserver", "")
    return html


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_not_there_and_not_from_here_lead_on(language: str) -> None:
    way_on, word = LANGUAGES[language]
    missing = _client(language).get("/nowhere")
    refused = _client(language, enforce_csrf_checks=True).post("/sign-in/forged")
    assert (missing.status_code, refused.status_code) == (404, 403)
    for answer in (missing, refused):
        html = _html(answer)
        assert way_on in html and f'lang="{language}"' in html and word in html
        assert 'class="button is-primary" href="/products"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_read_leads_on(language: str, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    client = _client(language, enforce_csrf_checks=True)
    client.cookies["csrf"] = "a" * 32
    answer = client.post("/sign-in/forged", {"a": "1", "b": "2", "c": "3"})
    assert answer.status_code == 400
    assert LANGUAGES[language][0] in _html(answer)


def _fail(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    def fails(*args: object, **values: object) -> None:
        raise problem

    monkeypatch.setattr(session, "render", fails)
    monkeypatch.setattr(LoginView, "get_context_data", fails)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("problem", "status", "said"),
    [
        (ValueError("secret-in-an-error"), 500, ("Something failed", "Er ging iets mis")),
        (OperationalError("database is locked"), 503, ("This took too long", "Dit duurde te lang")),
    ],
)
def test_a_failure_says_so_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int, said: tuple[str, str]
) -> None:
    _fail(monkeypatch, problem)
    looked = _client("nl").get("/sign-in?next=/products")
    assert looked.status_code == status
    html = _html(looked)
    assert all(one in html for one in said) and "secret" not in html and "locked" not in html
    assert 'href="/sign-in?next=/products">Try again</a>' in html and "Er is niets gewijzigd." in html
    sent = _client("en").post("/sign-in/forged")
    html = _html(sent)
    assert sent.status_code == status and "may not have been carried out" in html and "Try again" not in html
    assert 'href="/products"' in html
    assert ("Retry-After" in sent) == (status == 503)


def test_the_page_needs_no_database() -> None:
    from seatkeeper.interfaces.web.errors import failed

    request = HttpRequest()
    request.method, request.path = "GET", "/x"
    assert failed(request).status_code == 500
