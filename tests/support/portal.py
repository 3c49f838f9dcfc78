"""Signing people in, for tests of the portal."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.support.organisation import Organisation


def signed_in(organisation: Organisation, person: str = "anna", **options: Any) -> Client:
    """A browser in which a person of the organisation is signed in, by a link as they are given one."""
    client = Client(**options)
    path = organisation.link(person)
    if options.get("enforce_csrf_checks"):
        client.handler.enforce_csrf_checks = False
    answer = client.post(path)
    client.handler.enforce_csrf_checks = bool(options.get("enforce_csrf_checks"))
    assert answer.status_code == 302, answer.content
    return client


def sign_in_ages(client: Client) -> Client:
    """The same browser, whose sign-in is longer ago than what is sensitive allows."""
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**records[-1], "at": records[-1]["at"] - 1900}]
    session.save()
    return client
