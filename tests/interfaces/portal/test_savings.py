"""Savings: each advice is a row with its amount per year and one button that books it (SCREENS.md 4.9)."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.invoicing.models import Line
from seatkeeper.domain.licensing.models import PoolUse
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.kit.journal.models import Event
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = pytest.mark.django_db


def rows(client: Client, query: str = "") -> list[tuple[str, str, int, bool]]:
    """(kind, subscription's reference, saving in minor units, booked) of each row."""
    page = client.get(f"/savings{query}").context["page"]
    return [(one.advice.kind, one.reference, one.advice.saves_minor, one.booked) for one in page.rows]


def book(client: Client, kind: str, reference: str) -> str:
    """Press Book on a row; the page that comes of it, as text."""
    page = client.get("/savings").context["page"]
    row = next(one for one in page.rows if (one.advice.kind, one.reference) == (kind, reference))
    sent = {"do": "book", "advice": row.advice.key, "shown": str(row.advice.saves_minor), "reference": reference}
    return client.post("/savings", sent, follow=True).content.decode()


def subscription(contoso: Organisation, name: str) -> SubscriptionRow:
    return SubscriptionRow.objects.get(account_id=contoso.account, id=contoso.ids[name])


def test_unused_licences_and_a_cheaper_frequency_are_advised(contoso: Organisation) -> None:
    """Standard: 1 of 10 at 12.50, then 9 by the year at 95%. Basic: 6 of 20 at 5.32, committed until December."""
    standard, basic = contoso.reference("standard"), contoso.reference("basic")
    client = signed_in(contoso)
    found = rows(client)
    assert ("unused", standard, 15000, False) in found
    assert ("frequency", standard, 9 * 1250 * 12 - 9 * 14250, False) in found
    assert ("unused", basic, 6 * 532 * 12, False) in found
    page = html.unescape(client.get("/savings").content.decode()).replace("\xa0", " ")
    assert "1 Business Standard not assigned since 1 December 2025; never were more than 9 needed." in page
    assert "committed until 31 March 2027" in page
    assert [kind for kind, *_ in rows(client, "?show=frequency")] == ["frequency"]


def test_one_click_books_undo_takes_it_back_and_the_run_bills_the_difference(contoso: Organisation) -> None:
    client, standard = signed_in(contoso), contoso.reference("standard")
    before = len(rows(client))
    page = book(client, "unused", standard)
    assert "Booked for" in page and 'role="status" class="message is-ok"' in page
    assert subscription(contoso, "standard").booked_seats == 9
    assert ("unused", standard, 15000, True) in rows(client)
    client.post("/savings", {"do": "undo", "reference": standard})
    assert subscription(contoso, "standard").booked_seats is None and len(rows(client)) == before
    book(client, "unused", standard)
    contoso.move(datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    lines = Line.objects.filter(account_id=contoso.account, subscription_id=contoso.ids["standard"])
    line = lines.order_by("id").last()
    assert line is not None and line.amount_minor == 9 * 1250


def test_the_most_that_was_held_counts_not_what_is_held_today(contoso: Organisation) -> None:
    users = tuple(contoso.users[f"s{n}"] for n in range(10, 15))
    contoso.give("license.unassign", product="business-basic", users=users)
    found = {(kind, reference): saves for kind, reference, saves, _ in rows(signed_in(contoso))}
    assert found["unused", contoso.reference("basic")] == 6 * 532 * 12
    contoso.move(datetime(2026, 4, 20, 9, 0, tzinfo=UTC))
    found = {(kind, reference): saves for kind, reference, saves, _ in rows(signed_in(contoso))}
    assert found["unused", contoso.reference("basic")] == 11 * 532 * 12
    page = signed_in(contoso).get("/savings").content.decode().replace("\xa0", " ")
    assert "11 Business Basic not assigned since 16 March 2026; 9 were enough since then." in page


def test_what_is_not_for_us_is_set_aside_and_can_be_taken_up_again(contoso: Organisation) -> None:
    client = signed_in(contoso)
    key = client.get("/savings").context["page"].rows[0].advice.key
    before = rows(client)
    client.post("/savings", {"do": "aside", "advice": key})
    assert rows(client) == before[1:] and rows(client, "?aside=1") == before[:1]
    client.post("/savings", {"do": "up", "advice": key})
    assert rows(client) == before
    kinds = Event.objects.filter(account_id=contoso.account).order_by("-sequence").values_list("kind", flat=True)[:2]
    assert list(kinds) == ["take_advice_up", "set_advice_aside"]


def test_what_changed_meanwhile_and_what_is_invented_is_not_booked(contoso: Organisation) -> None:
    client = signed_in(contoso)
    row = client.get("/savings").context["page"].rows[0]
    sent = {"do": "book", "advice": row.advice.key, "shown": str(row.advice.saves_minor + 1)}
    answer = client.post("/savings", sent)
    assert answer.status_code == 409 and "Nothing has been done yet" in answer.content.decode()
    assert client.post("/savings", {"do": "aside", "advice": "<script>"}).status_code == 409
    stranger = f"S-{10_000 + contoso.strangers_subscription}"
    assert client.post("/savings", {"do": "undo", "reference": stranger}).status_code == 409


def test_a_reader_sees_amounts_and_who_can_book_and_others_nothing(contoso: Organisation) -> None:
    page = signed_in(contoso, "daan").get("/savings").content.decode()
    assert "Anna Jansen" in page and 'name="do"' not in page
    assert signed_in(contoso, "carla").get("/savings").status_code == 403


def test_the_export_has_the_same_rows(contoso: Organisation) -> None:
    client = signed_in(contoso)
    lines = client.get("/savings.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == len(rows(client)) + 1 and re.search(r",150\.00,EUR,2026-04-01,no$", "\n".join(lines), re.M)


def test_a_constant_number_of_queries_and_a_row_only_where_the_number_held_changes(contoso: Organisation) -> None:
    client = signed_in(contoso)
    client.get("/savings")
    with CaptureQueriesContext(connection) as queries:
        client.get("/savings")
    assert len(queries) <= 20
    kept = PoolUse.objects.filter(account_id=contoso.account)
    held = [("business-basic", 14), ("business-standard", 9), ("visio-2", 6)]
    assert sorted(kept.values_list("product", "most")) == held


def test_many_advices_are_paged_by_key(contoso: Organisation) -> None:
    from seatkeeper.domain.subscriptions.savings import savings_page
    from tests.support.shelves import shelf_of

    shelf = shelf_of(contoso)
    every = savings_page(shelf).rows
    first = savings_page(shelf, size=2)
    second = savings_page(shelf, size=2, after=first.after)
    assert [*first.rows, *second.rows] == list(every[:4]) and first.total == len(every) and not first.before
    back = savings_page(shelf, size=2, before=second.before)
    assert back.rows == first.rows
