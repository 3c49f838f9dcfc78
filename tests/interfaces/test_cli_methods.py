"""`seatkeeper method`: list, add, make the default, remove."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.payments.models import Method
from seatkeeper.interfaces.cli import common, giving, methods
from seatkeeper.interfaces.cli.main import app
from tests.support.organisation import SEPA, Organisation, settled
from tests.support.remembered import put_back

pytestmark = pytest.mark.django_db
CARD = 1


@pytest.fixture
def contoso(monkeypatch: pytest.MonkeyPatch) -> Organisation:
    """Contoso on the test's own database, which the program need not open itself."""
    for module in (common, giving, methods):
        monkeypatch.setattr(module, "begin", common.speak_english)
    return put_back(settled)


def run(*words: str, exits: int = 0) -> str:
    done = CliRunner().invoke(app, ["method", *words])
    assert done.exit_code == exits, (done.output, done.exception)
    return done.output


def test_methods_are_listed_and_added(contoso: Organisation) -> None:
    assert "Visa" in run("list", "contoso") and "default" in run("list", "contoso")
    run("add", "contoso", "--token", "sandbox_ok", "--label", "Visa 1111", "--expires-on", "2027-09-30")
    listed = json.loads(run("list", "contoso", "--json"))
    assert (listed[-1]["label"], listed[-1]["expires_on"]) == ("Visa 1111", "2027-09-30")
    assert "sandbox_ok" not in run("list", "contoso", "--json")
    run("add", "contoso", "--token", "sandbox_ok", "--kind", "cheque", exits=1)
    assert Method.objects.filter(account_id=contoso.account).count() == 3


def test_another_is_the_default(contoso: Organisation) -> None:
    run("default", "contoso", str(SEPA), "--dry-run")
    assert Account.objects.get(id=contoso.account).default_method == CARD
    run("default", "contoso", str(SEPA))
    assert Account.objects.get(id=contoso.account).default_method == SEPA
    run("default", "contoso", str(SEPA), exits=1)


def test_removing_needs_a_replacement_while_it_pays(contoso: Organisation) -> None:
    run("remove", "contoso", str(CARD), exits=1)
    run("remove", "contoso", str(CARD), "--replacement", str(CARD), exits=1)
    assert Method.objects.get(account_id=contoso.account, id=CARD).removed_at is None
    run("remove", "contoso", str(CARD), "--replacement", str(SEPA))
    assert Method.objects.get(account_id=contoso.account, id=CARD).removed_at is not None
    assert "Visa" not in run("list", "contoso")
    run("default", "contoso", str(CARD), exits=1)


def test_every_command_has_an_example(contoso: Organisation) -> None:
    for name in ("list", "add", "default", "remove"):
        assert f"seatkeeper method {name} northwind" in " ".join(run(name, "--help").split())


def test_a_backup_is_named_and_taken_back(contoso: Organisation) -> None:
    run("backup", "contoso", str(SEPA), "--dry-run")
    assert Account.objects.get(id=contoso.account).backup_method is None
    run("backup", "contoso", str(SEPA))
    assert Account.objects.get(id=contoso.account).backup_method == SEPA and "backup" in run("list", "contoso")
    assert "default" in run("backup", "contoso", str(CARD), exits=1)
    run("backup", "contoso")
    assert Account.objects.get(id=contoso.account).backup_method is None
    run("backup", "contoso", exits=1)
