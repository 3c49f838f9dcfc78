"""Every answer is strict: its policy forbids what is inline and elsewhere, whatever the answer is."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.support.organisation import Organisation
from tests.support.portal import signed_in
from tests.support.visited import ALONE, PAGES, SHEETS, address

pytestmark = pytest.mark.any_database

DOWNLOADS = ("/products.csv", "/overview.csv", "/savings.csv")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


QUOTED = re.compile(r"<pre[ >].*?</pre>", re.S)
"""A mail as text, which names addresses in full."""


def test_every_answer_forbids_inline_and_elsewhere(troubled: Organisation) -> None:
    client = signed_in(troubled)
    for path in (*PAGES, *SHEETS, *ALONE, *DOWNLOADS, "/sign-out", "/preferences/theme/dark"):
        answer = client.get(address(troubled, path))
        policy = dict(one.split(" ", 1) for one in answer["Content-Security-Policy"].split("; "))
        assert "unsafe" not in answer["Content-Security-Policy"], path
        assert policy["default-src"] == "'none'" and policy["script-src"] == policy["style-src"] == "'self'", path
        assert answer["X-Content-Type-Options"] == "nosniff", path
        if answer["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            assert " style=" not in html and not re.search(r"\son\w+=", html) and "<style" not in html, path
            assert "://" not in QUOTED.sub("", html), path


def test_titles_name_the_page_and_the_organisation(troubled: Organisation) -> None:
    client, titles = signed_in(troubled), {}
    for path in (*PAGES, *SHEETS):
        found = TITLE.search(client.get(address(troubled, path)).content.decode())
        assert found is not None and found[1].endswith(", Contoso Nederland B.V."), path
        titles[path] = found[1]
        assert found[1].removeprefix("Error: ")[:1] not in (",", " ", ""), path
    refused = {path for path, title in titles.items() if title.startswith("Error: ")}
    assert "/products/{standard}/licences?seats=abc" in refused and "/products" not in refused
    own = [path for path in PAGES if "?" not in path]
    assert len({titles[path] for path in own}) == len(own)


def test_a_stranger_to_the_portal_gets_the_same_policy() -> None:
    answer = Client().get("/sign-in")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
