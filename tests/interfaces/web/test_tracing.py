"""Log lines say which request and account they belong to, as lines or as JSON, and name no secret and no person."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from allauth.account.views import LoginView
from django.test import Client

from seatkeeper.config.logs import JsonLines, Lines, Redacted, logging_as
from seatkeeper.interfaces.portal.views import overview
from seatkeeper.kit.trace import current, note_account, request_id, tracing
from tests.support.organisation import settled
from tests.support.portal import signed_in
from tests.support.remembered import put_back


def logged(formatter: logging.Formatter, message: str, *arguments: object, **extra: Any) -> str:
    record = logging.LogRecord("seatkeeper.run", 30, "", 1, message, arguments, None)
    vars(record).update(extra)
    assert Redacted().filter(record)
    return formatter.format(record)


LINES = Lines("%(asctime)s %(levelname)s %(name)s %(message)s")


WRONG = ("", "short", "a" * 65, "with space in it", "new\nline-1234", "ünïcödé-123", "-first-is-no-letter")


@pytest.mark.parametrize("given", WRONG)
def test_an_id_that_is_none_is_replaced(given: str) -> None:
    made = request_id(given)
    assert made != given and len(made) == 16 and made != request_id(given)


def test_an_id_of_the_proxy_is_kept() -> None:
    assert request_id("7f9c2ba4-e88f_827d.1") == "7f9c2ba4-e88f_827d.1"


def test_a_line_names_request_and_account_while_they_are_worked_on() -> None:
    with tracing(request="abcdef0123456789"):
        note_account(7)
        with tracing(account=8):
            assert logged(LINES, "inner").endswith("WARNING seatkeeper.run inner request=abcdef0123456789 account=8")
        assert current() == ("abcdef0123456789", 7)
    assert logged(LINES, "outer").endswith("seatkeeper.run outer") and current() == ("", None)


def test_json_has_one_object_a_line() -> None:
    with tracing(request="abcdef0123456789", account=8):
        line = logged(JsonLines(), "took\n%d", 3, facts={"route": "/bills", "status": 200})
    found = json.loads(line)
    assert "\n" not in line and found.pop("at").endswith("Z")
    assert found == {
        "level": "WARNING", "logger": "seatkeeper.run", "message": "took\n3", "request": "abcdef0123456789",
        "account": 8, "route": "/bills", "status": 200,
    }


@pytest.mark.parametrize("formatter", [LINES, JsonLines()])
def test_no_secret_and_no_person_is_logged(formatter: logging.Formatter) -> None:
    database = 'duplicate key\nDETAIL:  Key (name)=(Anna de Vries) already exists.\nCONTEXT:  COPY x, line 1: "Anna"'
    line = logged(formatter, "of anna@linde.example: %s at /sign-in/abc-DEF and %s", database, "smtp://u:pass@host")
    assert not [word for word in ("anna@", "Anna", "abc-DEF", "pass@") if word in line]
    try:
        raise ValueError(f"{database} of anna@linde.example")
    except ValueError as error:
        record = logging.LogRecord("x", 40, "", 1, "failed", (), (type(error), error, error.__traceback__))
    text = formatter.format(record)
    assert "Anna" not in text and "anna@" not in text and "ValueError" in text


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="SEATKEEPER_LOG_FORMAT"):
        logging_as("xml")


@pytest.mark.django_db
def test_every_answer_and_every_request_line_carries_the_id(caplog: Any) -> None:
    contoso = put_back(settled)
    client = signed_in(contoso)
    with caplog.at_level(logging.INFO, logger="seatkeeper.request"):
        answer = client.get("/bills?search=anna", headers={"x-request-id": "proxy-0001"})
        missing = client.get("/sign-in/some-token", headers={"x-request-id": "no such id"})
        static = client.get("/nowhere")
    assert answer["X-Request-ID"] == "proxy-0001" and len(missing["X-Request-ID"]) == 16
    first, second, third = [one for one in caplog.records if one.name == "seatkeeper.request"]
    assert (first.facts["route"], first.facts["status"], first.facts["method"]) == ("/bills", 200, "GET")
    assert "some-token" not in second.getMessage() and "anna" not in first.getMessage()
    assert third.facts["route"] == "-" and static["X-Request-ID"] and current() == ("", None)


@pytest.mark.django_db
def test_what_is_logged_while_a_person_is_answered_names_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    contoso = put_back(settled)
    client, seen = signed_in(contoso), []

    def look(*arguments: Any, **named: Any) -> Any:
        seen.append(current())
        raise LookupError("stopped here")

    monkeypatch.setattr(overview, "render", look)
    with pytest.raises(LookupError):
        client.get("/", headers={"x-request-id": "proxy-0002"})
    assert seen == [("proxy-0002", contoso.account)] and current() == ("", None)


@pytest.mark.django_db
def test_the_page_of_a_failure_names_the_id(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: object, **named: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(LoginView, "get_context_data", fails)
    answer = Client(raise_request_exception=False).get("/sign-in", headers={"x-request-id": "proxy-0003"})
    assert answer.status_code == 500 and answer["X-Request-ID"] == "proxy-0003"
    assert "<code>proxy-0003</code>" in answer.content.decode()
