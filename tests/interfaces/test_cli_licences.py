"""`seatkeeper license`: many at once from a file, who keeps one, requests."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from seatkeeper.domain.licensing.models import Assignment, LicenceRequest
from seatkeeper.interfaces.cli import common, giving, licences
from seatkeeper.interfaces.cli.main import app
from tests.support.organisation import Organisation, settled
from tests.support.remembered import put_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso(monkeypatch: pytest.MonkeyPatch) -> Organisation:
    """Contoso on the test's own database, which the program need not open itself."""
    for module in (common, giving, licences):
        monkeypatch.setattr(module, "begin", common.speak_english)
    return put_back(settled)


def run(*words: str, exits: int = 0) -> str:
    done = CliRunner().invoke(app, ["license", *words])
    assert done.exit_code == exits, (done.output, done.exception)
    return done.output


def held(organisation: Organisation, product: str) -> set[int]:
    rows = Assignment.objects.filter(account_id=organisation.account, product=product)
    return set(rows.values_list("user_id", flat=True))


def test_a_file_is_assigned_and_taken_back(contoso: Organisation, tmp_path: object) -> None:
    file = f"{tmp_path}/users.csv"
    with open(file, "w", encoding="utf-8-sig") as out:
        out.write("name;email\r\n" + "".join(f"x;{contoso.user(f's{n}').email}\r\n" for n in (30, 31)))
    run("assign", "contoso", "business-basic", "--file", file, "--dry-run")
    two = {contoso.users["s30"], contoso.users["s31"]}
    assert not two & held(contoso, "business-basic")
    run("assign", "contoso", "business-basic", "--file", file)
    assert two <= held(contoso, "business-basic")
    listed = run("list", "contoso", "--json")
    assert '"assigned": 16' in listed
    run("unassign", "contoso", "business-basic", "s30", "--file", file)
    assert not two & held(contoso, "business-basic")


def test_buying_and_assigning_and_swapping(contoso: Organisation) -> None:
    run("add-and-assign", "contoso", contoso.reference("standard"), "12", "s40", "s41")
    assert {contoso.users["s40"], contoso.users["s41"]} <= held(contoso, "business-standard")
    contoso.buy("premium", "business-premium-monthly", 2)
    run("assign", "contoso", "business-premium", "s40", exits=1)
    run("assign", "contoso", "business-premium", "s40", "--swap")
    assert contoso.users["s40"] in held(contoso, "business-premium") - held(contoso, "business-standard")


def test_requests_are_asked_listed_and_answered(contoso: Organisation) -> None:
    assert "Request" in run("request", "contoso", "eva", "business-basic", "--note", "For the project")
    run("request", "contoso", "eva", "business-basic", exits=1)
    number = str(LicenceRequest.objects.get().pk)
    assert "For the project" in run("requests", "contoso", "--json")
    run("answer-request", "contoso", number)
    assert contoso.users["eva"] in held(contoso, "business-basic")
    run("request", "contoso", "eva", "visio-2")
    second = str(LicenceRequest.objects.get(status="open").pk)
    run("withdraw-request", "contoso", "eva", second)
    run("answer-request", "contoso", second, "--decline", exits=1)
    statuses = LicenceRequest.objects.order_by("id").values_list("status", flat=True)
    assert list(statuses) == ["approved", "withdrawn"]


def test_who_keeps_one_must_add_up(contoso: Organisation) -> None:
    before = held(contoso, "visio-2")
    said = run("keep", "contoso", "visio-2", "--back", "s0", "--back", "s2", "--instead", "s1", exits=1)
    assert "refused (bad_input)" in said
    assert held(contoso, "visio-2") == before
