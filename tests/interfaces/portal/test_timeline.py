"""The timeline of a subscription: what happened, by whom, for how much, in pages by key; what is booked, with undo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.subscriptions.history import AT_ONCE, COMMANDS, WITH_MONEY
from seatkeeper.interfaces.portal.timeline_words import EVENTS, Ahead, Past
from seatkeeper.kit.commands import Actor, Context, call
from tests.support.organisation import Organisation, founded
from tests.support.portal import signed_in

MONTH = timedelta(days=30)


def _context(organisation: Organisation, name: str, person: str = "anna", earlier: str = "") -> Any:
    query = {"earlier": earlier} if earlier else {}
    answer = signed_in(organisation, person).get(f"/products/{organisation.reference(name)}", query)
    assert answer.status_code == 200
    return answer.context


def _said(line: Past | Ahead) -> str:
    return line.text.replace("\xa0", " ")


def _by(organisation: Organisation, person: str, role: str, command: str, **arguments: Any) -> None:
    actor = Actor(role, organisation.users[person], "web")
    call(f"subscription.{command}", Context(actor, organisation.account, organisation.now), **arguments)


def _all(organisation: Organisation, name: str) -> tuple[list[Past], list[str]]:
    """Every line of the past by following "Show earlier", and the keys of their entries."""
    lines: list[Past] = []
    keys: list[str] = []
    earlier, pages = "", 0
    while pages == 0 or earlier:
        context = _context(organisation, name, earlier=earlier)
        history = context["history"]
        assert len(history.past) == AT_ONCE or not history.earlier
        assert history.newest is (pages == 0)
        lines += context["past"]
        keys += [str(one.key) for one in history.past]
        earlier, pages = history.earlier, pages + 1
        assert pages < 100
    return lines, keys


@pytest.fixture
def grown(db: None) -> Organisation:
    """Two and a half years of one subscription: changes by two people, a month that could not be charged."""
    found = founded(staff=3)
    found.buy("standard", "business-standard-monthly", 10)
    found.buy("other", "visio-2-monthly", 4)
    for month in range(1, 31):
        found.move(datetime(2025, 12, 1, 9, 0, tzinfo=UTC) + month * MONTH)
        if month % 5 == 0:
            person, role = ("bram", "billing_administrator") if month % 10 else ("anna", "owner")
            _by(found, person, role, "set_seats", subscription=found.ids["standard"], seats=10 + month)
        if month == 12:
            cards = Method.objects.filter(account_id=found.account, kind="card")
            cards.update(token="sandbox_declined")
            found.move(datetime(2026, 12, 2, 9, 0, tzinfo=UTC))
            cards.update(token="sandbox_ok")
    return found


def test_pages_by_key_tell_everything_once_and_in_order(grown: Organisation) -> None:
    lines, keys = _all(grown, "standard")
    assert len(set(keys)) == len(keys) > 3 * AT_ONCE
    assert [line.on for line in lines] == sorted((line.on for line in lines), reverse=True)
    assert _said(lines[-1]) == "Bought: 10 licences"
    changes = [line for line in lines if "added" in line.text]
    assert [(line.who, _said(line)) for line in changes][:2] == [
        ("Anna Jansen", "5 licences added"), ("Bram de Vries", "5 licences added"),
    ]  # fmt: skip
    assert ("Licences", "35", "40") in changes[0].differences
    assert any(line.text.startswith("A payment failed: ") and line.amount_minor for line in lines)


def test_amounts_are_those_of_the_documents(grown: Organisation) -> None:
    """Each document is told by the subscription's part of it: added up over all subscriptions it is the document."""
    parts: dict[str, int] = {}
    for name in ("standard", "other"):
        for line in _all(grown, name)[0]:
            if line.document and not line.text.startswith("A payment failed"):
                assert line.amount_minor is not None
                parts[line.document] = parts.get(line.document, 0) + line.amount_minor
                charged = sum(one.amount_minor for one in line.explained)
                assert abs(line.amount_minor - charged * 121 // 100) <= 1
    documents = dict(Document.objects.filter(account_id=grown.account).values_list("number", "gross_minor"))
    assert set(parts) == set(documents)
    assert all(abs(parts[number] - gross) <= 1 for number, gross in documents.items())


def test_entries_of_one_instant_are_paged_too(db: None) -> None:
    found = founded(staff=1)
    id_ = found.buy("standard", "business-standard-monthly", 10)
    for turn in range(25):
        found.give("subscription.set_recurring", subscription=id_, to=("off", "on")[turn % 2])
    lines, keys = _all(found, "standard")
    assert len(lines) == len(set(keys)) == 26
    assert [line.text for line in lines[:2]] == ["Recurring billing changed: off", "Recurring billing changed: on"]
    assert _said(lines[-1]) == "Bought: 10 licences"


def test_a_key_of_nobody_begins_at_the_newest(contoso: Organisation) -> None:
    newest = _context(contoso, "standard")["history"].past
    wrong = "x", "20260315T000000000000-9-1", "20269915T000000000000-1-1", "1' OR 1=1", "²0260315T000000000000-1-1"
    for earlier in wrong:
        history = _context(contoso, "standard", earlier=earlier)["history"]
        assert history.newest and history.past == newest
    before = signed_in(contoso).get(f"/products/{contoso.reference('standard')}?earlier=20200101T000000000000-0-1")
    assert before.context["past"] == [] and "Nothing earlier." in before.content.decode()


def test_the_same_queries_for_a_short_and_a_long_life(grown: Organisation) -> None:
    grown.buy("fresh", "business-basic-monthly", 3)
    counts = []
    for name, earlier in (("fresh", ""), ("standard", ""), ("standard", "20270601T000000000000-0-1")):
        client = signed_in(grown)
        query = {"earlier": earlier} if earlier else {}
        client.get("/products")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/products/{grown.reference(name)}", query)
        counts.append(len(queries))
    assert max(counts) - min(counts) <= 1, counts
    assert max(counts) <= 24


def test_what_is_booked_says_who_and_when_and_each_has_its_undo(contoso: Organisation) -> None:
    id_ = contoso.ids["standard"]
    _by(contoso, "bram", "billing_administrator", "set_seats", subscription=id_, seats=9, when="renewal")
    contoso.move(contoso.now + timedelta(hours=3))
    _by(contoso, "anna", "owner", "change_frequency", subscription=id_, plan="business-standard-yearly")
    ahead = [line for line in _context(contoso, "standard")["ahead"] if line.undo]
    told = {line.undo: (line.by, _said(line)) for line in ahead}
    assert told == {
        "seats": ("Bram de Vries", "Booked: 10 to 9 licences"),
        "plan": ("Anna Jansen", "Booked: Business Standard, 1 year, paid yearly"),
    }
    assert {line.at for line in ahead} == {contoso.now, contoso.now - timedelta(hours=3)}
    client, address = signed_in(contoso), f"/products/{contoso.reference('standard')}"
    html = client.get(address).content.decode().replace("\xa0", " ")
    assert html.count('name="what"') == 2 and "Booked by Bram de Vries, 15 March 2026" in html
    answer = client.post(f"{address}/undo", {"what": "seats"})
    assert answer.status_code == 302 and answer["Location"].startswith("/done/")
    left = [line for line in _context(contoso, "standard")["ahead"] if line.undo]
    assert [line.undo for line in left] == ["plan"]
    past = _context(contoso, "standard")["past"]
    assert past[0].text == "Booked change undone"
    assert ("Booked licences", "9", "–") in past[0].differences


def test_what_comes_by_itself_can_be_stopped_from_the_timeline(contoso: Organisation) -> None:
    for name, text, slug in (
        ("visio", "Ends; nothing is billed any more", "recurring-billing?to=on"),
        ("entra", "Becomes paid: 25 licences", "recurring-billing?to=off"),
    ):
        (line,) = [one for one in _context(contoso, name)["ahead"] if _said(one).startswith(text)]
        assert line.link == f"/products/{contoso.reference(name)}/{slug}"
        assert signed_in(contoso).get(line.link).status_code == 200


def test_those_who_see_no_money_see_who_did_what_without_amounts(grown: Organisation) -> None:
    grown.give("subscription.set_payment_method", subscription=grown.ids["standard"], method=2)
    assert _context(grown, "standard")["past"][0].text == "Payment method changed"
    context = _context(grown, "standard", person="carla")
    assert context["history"].documents == () and context["history"].document_count == 0
    for line in context["past"]:
        assert line.amount_minor is None and line.document is None and not line.explained
        assert "payment" not in line.text.lower()
    reader = _context(grown, "standard", person="daan")
    assert all(line.amount_minor is not None for line in reader["past"] if line.document)
    assert all(not line.undo for line in reader["ahead"])


def test_a_change_of_many_is_told_on_each(contoso: Organisation) -> None:
    ids = (contoso.ids["standard"], contoso.ids["basic"])
    contoso.give("subscription.set_many_recurring", subscriptions=ids, to="off")
    for name in ("standard", "basic"):
        newest = _context(contoso, name)["past"][0]
        assert (newest.text, newest.who) == ("Recurring billing changed: off", "Anna Jansen")


def test_every_kind_that_is_told_has_words() -> None:
    renamed = {"order", "set_many_recurring", "set_many_method"}
    assert set(COMMANDS) | set(WITH_MONEY) <= set(EVENTS) | renamed


def test_the_undo_sheet_shows_only_what_it_undoes(contoso: Organisation) -> None:
    id_ = contoso.ids["standard"]
    contoso.give("subscription.set_seats", subscription=id_, seats=9, when="renewal")
    contoso.give("subscription.change_frequency", subscription=id_, plan="business-standard-yearly")
    client, address = signed_in(contoso), f"/products/{contoso.reference('standard')}/undo"
    both, one = (client.get(f"{address}{query}").content.decode() for query in ("", "?what=plan"))
    assert "Licences from" in both and "Plan from" in both
    assert "Licences from" not in one and "Plan from" in one and '<input type="hidden" name="what" value="plan">' in one


def test_ends_that_come_by_themselves_are_told(troubled: Organisation) -> None:
    newest = {name: _said(_context(troubled, name)["past"][0]) for name in ("visio", "exchange", "intune", "deleted")}
    assert newest == {
        "visio": "Expired",
        "exchange": "Disabled: users lost access",
        "intune": "Cancelled",
        "deleted": "Cancelled",
    }
