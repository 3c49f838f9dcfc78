"""Activity: a sentence for every kind of event, filters, pages, CSV, roles, and where commands came from."""

from __future__ import annotations

import ast
import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from seatkeeper.core.decide import COMMANDS, OUTCOMES
from seatkeeper.domain.accounts.recording import record
from seatkeeper.domain.subscriptions.activity import ActivityRow
from seatkeeper.domain.subscriptions.briefs import Retold
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.interfaces.web.activity_words import KINDS, sentence
from seatkeeper.interfaces.web.session import address_of
from seatkeeper.kit.commands import Actor, Context
from seatkeeper.kit.journal import activity
from seatkeeper.kit.journal.models import Activity, Event, Origin
from tests.support.organisation import Organisation
from tests.support.portal import signed_in
from tests.support.sources import ROOT

RUN = ("billing_date", "dunning")


def html(answer: Any) -> str:
    return str(answer.content.decode().replace("\u00a0", " "))


def table(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig").replace("\u00a0", " ")
    return list(csv.DictReader(io.StringIO(text)))


def recorded() -> set[str]:
    """The kinds that some place records without a decision: the second argument of `record`, and the sections'."""
    from seatkeeper.domain.accounts.details import KINDS as SECTIONS

    found = {f"account_{name}" for name in SECTIONS}
    for path in (ROOT / "src" / "seatkeeper").rglob("*.py"):
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "record":
                kind = node.args[1] if len(node.args) > 1 else None
                if isinstance(kind, ast.Constant):
                    found.add(str(kind.value))
    return found


@pytest.mark.parametrize("kind", sorted({*COMMANDS, *OUTCOMES, *RUN, *recorded()}))
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_kind_of_event_has_a_sentence(kind: str, language: str) -> None:
    facts = {"product": "basic", "is": {"seats": 12}, "was": {"seats": 10}}
    row = ActivityRow(
        1, datetime(2026, 3, 1, tzinfo=UTC), kind, "owner", "web", "A. Jansen", facts, None, (), {"basic": "Basic"},
        {}, {},
    )
    assert kind in KINDS
    with override("en"):
        english = sentence(row)
    with override(language):
        said = sentence(row)
    assert "{" not in said and "did something" not in said
    assert (said == english) == (language == "en")


def test_sentence_says_who_raised_what_from_where_to_where(troubled: Organisation) -> None:
    text = html(signed_in(troubled).get("/activity"))
    assert "Anna Jansen raised Business Standard from 30 to 32 licences" in text
    assert "Anna Jansen cancelled Intune Plan 1" in text
    assert "Visio Plan 2 expired" in text
    assert "was declined: the bank refused the payment" in text
    assert "14 days with" not in text  # what is not this event's is not explained here
    assert "2 more for" in text and "€28.30" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=payments", {"payment_declined", "payment_succeeded"}),
        ("kind=licences", {"assign", "set_seats"}),
        ("who=gateway", {"payment_declined", "payment_succeeded"}),
        ("who=run", {"billing_date", "dunning"}),
        ("from=2026-03-03&to=2026-03-04", {"set_seats", "cancel"}),
        ("kind=nonsense&from=2026-03-04&to=2026-03-04", {"cancel"}),
    ],
)
def test_filters_choose_by_kind_person_and_period(troubled: Organisation, query: str, expected: set[str]) -> None:
    page = signed_in(troubled).get(f"/activity?{query}").context["page"]
    assert {row.kind for row in page.rows} == expected


def test_filter_by_subscription_and_person_and_address_holds_all(troubled: Organisation) -> None:
    client, number = signed_in(troubled), troubled.reference("standard")
    page = client.get(f"/activity?subscription={number}&who={troubled.users['anna']}")
    assert {row.kind for row in page.context["page"].rows} == {"buy", "set_seats"}
    assert f'value="{number}"' in html(page) and "selected" in html(page)
    assert f"/activity.csv?who={troubled.users['anna']}&amp;subscription={number}" in html(page)
    assert "Enter a subscription" in html(client.get("/activity?subscription=visio"))
    assert "Nothing in this period." in html(client.get("/activity?from=2030-01-01"))


def test_pages_by_key_show_everything_once(contoso: Organisation) -> None:
    ctx = Context(Actor("owner", contoso.users["anna"]), contoso.account, contoso.now)
    with transaction.atomic():
        for number in range(120):
            record(ctx, "account_notices", {"number": number})
    client, seen, address = signed_in(contoso), [], "/activity"
    while address:
        context = client.get(address).context
        seen += [row.sequence for row in context["page"].rows]
        address = context["older"]
    total = Event.objects.filter(account_id=contoso.account).count()
    assert seen == list(range(total, 0, -1))
    second = client.get(client.get("/activity").context["older"]).context
    first = client.get(second["newer"]).context["page"].rows
    assert [row.sequence for row in first] == list(range(total, total - 50, -1))


def test_csv_is_the_filter_and_no_cell_is_a_formula(troubled: Organisation) -> None:
    user = troubled.user()
    user.name = "=HYPERLINK(1)"
    user.save()
    rows = table(signed_in(troubled).get("/activity.csv?kind=licences"))
    assert {row["On"] for row in rows} >= {troubled.reference("standard")}
    assert {row["Who"] for row in rows} == {"'=HYPERLINK(1)"}
    whole = table(signed_in(troubled).get("/activity.csv"))
    assert len(whole) == Event.objects.filter(account_id=troubled.account).count()
    assert "-58.33" in {row["Amount"] for row in whole}


@pytest.mark.parametrize(
    "query", ["", "kind=changes", "kind=payments&from=2026-03-01", "who={anna}", "subscription={standard}&kind=run",
              "from=2026-02-01&to=2026-02-28", "who=run&subscription={basic}"],
)  # fmt: skip
def test_csv_has_the_rows_of_the_page_under_every_filter(troubled: Organisation, query: str) -> None:
    numbers = {name: troubled.reference(name) for name in ("standard", "basic")}
    query = query.format(anna=troubled.users["anna"], **numbers)
    client, shown, address = signed_in(troubled), [], f"/activity?{query}"
    while address:
        context = client.get(address).context
        shown += [line.what.replace("\xa0", " ") for line in context["lines"]]
        address, export = context["older"], context["export"]
    assert shown and [row["What"] for row in table(client.get(export))] == shown


def test_licence_administrator_sees_licences_and_people_without_money(troubled: Organisation) -> None:
    ctx = Context(Actor("owner", troubled.users["anna"]), troubled.account, troubled.now)
    with transaction.atomic():
        record(ctx, "account_notices", {})
    client = signed_in(troubled, "carla")
    answer = client.get("/activity")
    kinds = {row.kind for row in answer.context["page"].rows}
    assert "assign" in kinds and "set_seats" in kinds
    assert not kinds & {"billing_date", "dunning", "payment_declined", "payment_succeeded", "account_notices"}
    assert "€" not in html(answer) and "/bills" not in html(answer) and "Amount" not in html(answer)
    hidden = client.get("/activity?kind=payments")
    assert not hidden.context["page"].rows
    assert all("Amount" not in row for row in table(client.get("/activity.csv")))


def test_user_and_stranger_see_nothing_of_it(troubled: Organisation) -> None:
    assert signed_in(troubled, "eva").get("/activity").status_code == 403
    assert signed_in(troubled, "eva").get("/activity.csv").status_code == 403
    own = set(Event.objects.filter(account_id=troubled.account).values_list("at", "sequence"))
    rows = signed_in(troubled).get("/activity").context["page"].rows
    assert {(row.at, row.sequence) for row in rows} <= own


def test_command_keeps_where_it_came_from_outside_the_journal(contoso: Organisation) -> None:
    client = signed_in(contoso, REMOTE_ADDR="192.0.2.7")
    client.post("/account/purchase-order", {"purchase_order": "PO-1"})
    assert "Web, 192.0.2.7" in html(client.get("/activity"))
    here = f"/products/{contoso.reference('standard')}/licences"
    token = html(client.get(f"{here}?seats=12")).split('name="token" value="')[1].split('"')[0]
    client.post(here, {"seats": "12", "token": token})
    assert Origin.objects.filter(account_id=contoso.account).count() == 2
    assert "192.0.2.7" not in " ".join(Event.objects.values_list("payload", flat=True))
    assert activity.forget_origins() == 0
    Origin.objects.update(kept_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert activity.forget_origins() == 2
    assert "192.0.2.7" not in html(client.get("/activity"))
    assert verify(seller=contoso.seller).ok


def test_addresses_of_one_person_can_be_erased(contoso: Organisation) -> None:
    for person, address in (("anna", "192.0.2.7"), ("bram", "2001:db8::1")):
        client = signed_in(contoso, person, REMOTE_ADDR=address)
        client.post("/account/purchase-order", {"purchase_order": f"PO-{person}"})
    assert activity.forget_origins_of(contoso.account, contoso.users["anna"]) == 1
    assert list(Origin.objects.values_list("address", flat=True)) == ["2001:db8::1"]


@pytest.mark.parametrize(
    ("https", "forwarded", "expected"),
    [
        (False, "203.0.113.9", "192.0.2.7"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "", "192.0.2.7"),
        (True, "<script>", ""),
    ],
)
def test_forwarded_address_is_trusted_behind_a_proxy_only(
    settings: LazySettings, https: bool, forwarded: str, expected: str
) -> None:
    settings.HTTPS = https
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == expected


def test_person_who_was_erased_is_a_former_user(contoso: Organisation) -> None:
    user = contoso.user()
    client = signed_in(contoso, "bram")
    user.delete()
    assert "A former user bought" in html(client.get("/activity"))


def test_seller_at_work_says_so(contoso: Organisation) -> None:
    ctx = Context(Actor("seller", None, "cli"), contoso.account, contoso.now)
    with transaction.atomic():
        record(ctx, "account_notices", {"consent": contoso.users["anna"], "user": contoso.users["anna"]})
    text = html(signed_in(contoso).get("/activity"))
    assert "The seller changed when the organisation is warned" in text
    assert "on your behalf, with consent of Anna Jansen" in text and "Command line" in text


def test_briefs_made_again_from_the_journal_are_those_that_were_written(troubled: Organisation) -> None:
    told = Retold()
    for event in Event.objects.filter(account_id=troubled.account).order_by("sequence"):
        again, kept = told.follow(json.loads(event.payload)), Activity.objects.get(
            account_id=troubled.account, sequence=event.sequence
        )
        subjects = f",{','.join(map(str, again.subjects))}," if again.subjects else ""
        assert (kept.subjects, kept.kind) == (subjects, event.kind)
        if event.kind not in ("dunning", "payment_declined", "pay"):  # their tries are no part of the payload
            assert (kept.facts, kept.amount_minor) == (json.loads(json.dumps(again.facts)), again.amount_minor)


def test_migration_fills_the_briefs_of_old_events(contoso: Organisation) -> None:
    before = Activity.objects.count()
    Activity.objects.all().delete()
    import_module("seatkeeper.domain.subscriptions.migrations.0005_activity_of_old_events").fill(apps, None)
    assert Activity.objects.count() == before
    assert "Anna Jansen bought 20 licences of Business Basic" in html(signed_in(contoso).get("/activity"))


def test_page_takes_the_same_queries_however_much_there_is(contoso: Organisation) -> None:
    client = signed_in(contoso)
    client.get("/activity")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/activity")
        counts.append(len(queries))
        for number in range(5):
            contoso.buy(f"more{number}", "visio-2-monthly", 1)
            contoso.give("subscription.set_seats", subscription=contoso.ids[f"more{number}"], seats=2)
    assert counts[0] == counts[1] <= 14


def test_row_without_facts_still_has_a_sentence() -> None:
    row = ActivityRow(1, datetime(2026, 3, 1, tzinfo=UTC), "set_seats", "user", "web", "", {}, None, (), {}, {}, {})
    for kind in KINDS:
        assert sentence(replace(row, kind=kind))
