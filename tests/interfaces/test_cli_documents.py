"""Documents, sellers and rates at the command line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from seatkeeper.interfaces.cli.common import BadInput
from seatkeeper.interfaces.cli.main import app
from tests.cast import Story
from tests.interfaces.test_cli import Shell, made, shell
from tests.support.documents import LOGO
from tests.support.einvoices import faults
from tests.support.pdfs import read_pdf

assert made and shell, "the fixtures of the command line's own tests"

def test_one_document_is_written_in_each_form(shell: Shell) -> None:
    number = shell.json("invoice", "list", "noordzee")[0]["number"]
    assert "Wrote" in shell("invoice", "pdf", number)
    shell("invoice", "xml", number, "--out", "own.xml")
    assert number in read_pdf((shell.home / f"{number}.pdf").read_bytes()).title
    assert faults("ubl", (shell.home / "own.xml").read_bytes()) == []
    cii = shell("invoice", "xml", number, "--syntax", "cii", "--out", "-")
    assert faults("cii", cii.encode()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("invoice pdf INV-1999-000001", "there is no document"),
        ("invoice xml INV-2026-000001 --syntax edifact", "ubl or cii"),
        ("invoice pdf INV-2026-000001 --out nowhere/x.pdf", "cannot write"),
        ("invoice xml INV-2026-000001", "seller vat id"),
        ("documents render --out x", "choose which"),
        ("documents render --all --out x --part 3/2", "such as 1/4"),
        ("documents render --all --out x --kinds doc", "not 'doc'"),
        ("seller set", "say what to change"),
        ("seller set iban", "FACT=TEXT"),
        ("seller set iban=NL00", "no IBAN"),
        ("seller set shoe=44", "documents print"),
        ("rates show XYZ", "no rate of XYZ"),
        ("rates fetch", "SEATKEEPER_RATES_URL"),
        ("rates read logo", "there is no file"),
    ],
)
def test_bad_input_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, words: str
) -> None:
    """In this very process, as starting one takes longer than all of it."""
    monkeypatch.chdir(tmp_path)
    Story("linde").buy()
    with pytest.raises(BadInput, match=words):
        CliRunner().invoke(app, arguments.split(), catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []


def test_all_documents_are_written_by_two_halves(shell: Shell, tmp_path: Path) -> None:
    since = ("--since", "2026-10-01")
    whole = shell.json("documents", "render", *since, "--out", tmp_path / "whole", "--kinds", "ubl,cii")
    halves = [
        shell.json("documents", "render", *since, "--out", tmp_path / "halves", "--kinds", "ubl,cii", "--part", part)
        for part in ("1/2", "2/2")
    ]

    def files(name: str) -> dict[str, bytes]:
        home = tmp_path / name
        return {str(one.relative_to(home)): one.read_bytes() for one in home.rglob("*.xml")}

    assert whole["written"] == len(files("whole")) == sum(one["written"] for one in halves) > 0
    assert files("whole") == files("halves")


def _said(*arguments: str) -> str:
    """What the program prints, run in this very process."""
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.mark.django_db
def test_seller_is_set_and_shown(tmp_path: Path) -> None:
    Story("linde")
    (tmp_path / "logo.svg").write_bytes(LOGO)
    logo = ("--logo", str(tmp_path / "logo.svg"))
    _said("seller", "set", "iban=NL91 ABNA 0417 1643 00", "bic=ABNANL2A", "note-nl=Tot ziens", *logo)
    found = json.loads(_said("seller", "show", "--json"))
    assert (found["iban"], found["note_nl"]) == ("NL91ABNA0417164300", "Tot ziens") and found["logo"]
    assert "Tot ziens" in _said("seller", "show")
    found = json.loads(_said("seller", "set", "note_nl=", "--no-logo", "--json"))
    assert found["note_nl"] == found["logo"] == ""


@pytest.fixture
def bank() -> Iterator[str]:
    """An address at which rates are published."""

    class Published(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/rates.csv" else 404)
            self.end_headers()
            self.wfile.write(b"Date, USD, \n24 November 2030, 1.5, \n")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Published)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db
def test_rates_are_fetched_where_an_address_is_set(bank: str, settings: Any) -> None:
    settings.RATES_URL = f"{bank}/rates.csv"
    assert json.loads(_said("rates", "fetch", "--json")) == {"read": 1, "new": 1}
    assert "0 are new" in _said("rates", "fetch")
    assert "USD 1.5, of 2030-11-24" in _said("rates", "show", "USD", "--on", "2030-11-25")
    assert "European Central Bank" in _said("rates", "show", "usd", "--on", "2026-03-09")
    for wrong in (f"{bank}/gone", "file:///etc/passwd"):
        settings.RATES_URL = wrong
        with pytest.raises(BadInput, match="cannot be fetched"):
            _said("rates", "fetch")
