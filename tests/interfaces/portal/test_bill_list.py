"""The list of bills: period, search, order, pages by key and export; the same queries however many there are."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.invoicing.models import Document
from tests.support.organisation import Organisation
from tests.support.portal import signed_in


def history(organisation: Organisation, count: int) -> None:
    """Paid invoices of earlier years, several a day, so that equal dates meet at the pages' edges."""
    newest = Document.objects.filter(account_id=organisation.account).latest("id")
    names = [field.attname for field in Document._meta.concrete_fields]
    values = {name: getattr(newest, name) for name in names}
    old = []
    for number in range(count):
        on = date(2021 + number % 5, 1 + number // 5 % 12, 1)
        changes = {"id": number - count, "number": f"OLD-{number:06d}", "issued_on": on, "due_minor": 0}
        old.append(Document(**values | changes | {"buyer": {"purchase_order": "=PO-7"} if number == 3 else {}}))
    Document.objects.bulk_create(old)


def numbers(client: Client, path: str) -> list[str]:
    return [row.number for row in client.get(path).context["page"].rows]


@pytest.mark.parametrize("order", ["sort=date", "sort=date&order=up", "sort=total", "sort=total&order=up"])
def test_pages_follow_each_other_without_gaps_and_back(contoso: Organisation, order: str) -> None:
    history(contoso, 90)
    client, path, seen, there = signed_in(contoso), f"/bills?period=all&size=25&{order}", [], []
    while path:
        context = client.get(path).context
        there.append([row.number for row in context["page"].rows])
        seen += there[-1]
        path, previous = context["next"], context["previous"]
    assert len(seen) == len(set(seen)) == context["page"].total
    assert len(there) > 3
    for expected in reversed(there[:-1]):
        context = client.get(previous).context
        assert [row.number for row in context["page"].rows] == expected
        previous = context["previous"]
    assert previous == ""


def test_period_search_and_made_up_values(contoso: Organisation) -> None:
    history(contoso, 15)
    client = signed_in(contoso)
    assert not any(one.startswith("OLD") for one in numbers(client, "/bills"))
    assert {"OLD-000004", "OLD-000009"} <= set(numbers(client, "/bills?period=last-year"))
    assert len(numbers(client, "/bills?period=between&from=2022-01-01&to=2022-12-31")) == 3
    assert numbers(client, "/bills?search=old-000007") == ["OLD-000007"]
    assert numbers(client, "/bills?search=po-7") == ["OLD-000003"]
    for made_up in ("after=x", "before=1.2.3", "after=2026-13-40.1", "period=never", "from=x&period=between", "size=7",
                    "sort=name&order=sideways", "sort=total&after=99999999999999999999.1"):  # fmt: skip
        assert client.get(f"/bills?{made_up}").status_code == 200
    assert "No invoices match." in client.get("/bills?search=nothing-like-it").content.decode()


def test_export_is_the_filter_in_plain_decimals(contoso: Organisation) -> None:
    history(contoso, 30)
    client = signed_in(contoso)
    answer = client.get("/bills.csv?period=all&size=25&sort=date&order=up")
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == client.get("/bills?period=all").context["page"].total
    assert [row["Date"] for row in rows] == sorted(row["Date"] for row in rows)
    newest = Document.objects.filter(account_id=contoso.account).latest("id")
    assert rows[-1]["Number"] == newest.number and rows[-1]["Total"].replace(".", "") == str(newest.gross_minor)
    stranger = signed_in(contoso, "eva").get("/bills.csv")
    assert stranger.status_code == 403


def test_the_same_queries_for_few_and_for_thousands(contoso: Organisation) -> None:
    client, counts = signed_in(contoso), []
    for more in (0, 3000):
        history(contoso, more)
        client.get("/bills?period=all")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/bills?period=all").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_default_period_is_read_by_its_index(contoso: Organisation) -> None:
    """A year of documents is found by date, not by reading all of the account's."""
    found = Document.objects.filter(account_id=contoso.account, issued_on__gte=date(2025, 3, 16))
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, Document._meta.db_table)
    assert known["document_by_date"]["columns"] == ["account_id", "issued_on", "id"]
    if connection.vendor == "sqlite":  # PostgreSQL reads a table of a few rows whole, whatever its indexes
        plan = found.order_by("-issued_on", "-id")[:51].explain()
        assert "document_by_date" in plan and "TEMP B-TREE" not in plan
