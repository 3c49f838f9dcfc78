"""Overview: next invoice, what needs attention, the next 12 months, idle money, booked changes (SCREENS.md 4.1)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = pytest.mark.django_db


def test_the_next_invoice_is_the_one_that_the_run_makes(contoso: Organisation) -> None:
    context = signed_in(contoso).get("/").context
    (coming,) = context["page"].coming
    contoso.move(datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    made = Document.objects.filter(account_id=contoso.account).order_by("id").last()
    assert made is not None
    assert (coming.on, coming.gross_minor) == (made.issued_on, made.gross_minor)
    assert context["page"].next_gross_minor == made.gross_minor and context["next_lines"] == 2


def test_chart_table_and_csv_have_the_same_sums(contoso: Organisation) -> None:
    client = signed_in(contoso)
    page = client.get("/").context["page"]
    months = page.months
    assert len(months) == 13 and sum(month.total_minor for month in months) == page.year_minor
    assert page.fixed_minor == 8 * 20 * 532  # committed until December: April to November
    lines = list(csv.reader(io.StringIO(client.get("/overview.csv").content.decode("utf-8-sig"))))
    assert len(lines) == 14 and lines[2] == ["2026-04", "106.40", "265.00", "371.40", "EUR"]
    html = client.get("/").content.decode()
    assert 'role="img"' in html and html.count("<tr>") == 15 and "€371.40" in html


def test_what_needs_attention_stands_worst_first_with_one_action_each(troubled: Organisation) -> None:
    context = signed_in(troubled).get("/").context
    kinds = [one.kind for one in context["page"].attention]
    assert kinds == sorted(kinds, key=("overdue disabled_unpaid disabled suspended will_suspend expiring expired "
                                       "trial_ends becomes_paid card_expires renewal").split().index)
    assert kinds[0] == "overdue" and {"disabled", "suspended", "expiring"} <= set(kinds)
    first = context["lines"][0]
    assert first.button.startswith("Pay €") and first.address.startswith("/bills/INV-") and first.reason is None
    assert all(line.address and line.text for line in context["lines"])


def test_a_card_that_expires_before_a_charge_is_named(contoso: Organisation) -> None:
    Method.objects.filter(account_id=contoso.account, id=1).update(expires_on="2026-03-31")
    lines = [line.text.replace("\xa0", " ") for line in signed_in(contoso).get("/").context["lines"]]
    assert "Visa ending 4242 expires on 31 March 2026, before €279.99 on 1 April 2026" in lines


def test_booked_changes_are_undone_by_one_click(contoso: Organisation) -> None:
    contoso.give("subscription.set_seats", subscription=contoso.ids["standard"], seats=8, when="renewal")
    client = signed_in(contoso)
    assert [row.change.seats for row in client.get("/").context["page"].booked] == [8]
    client.post(f"/products/{contoso.reference('standard')}/undo", {"what": "seats"})
    assert SubscriptionRow.objects.get(account_id=contoso.account, id=contoso.ids["standard"]).booked_seats is None


def test_roles_see_only_what_they_may(troubled: Organisation) -> None:
    licence_administrator = signed_in(troubled, "carla").get("/")
    page = licence_administrator.content.decode()
    assert licence_administrator.status_code == 200 and "€" not in page and "suspended" in page
    reader = signed_in(troubled, "daan").get("/")
    overdue = reader.context["lines"][0]
    assert overdue.role == "info" and overdue.reason and "Anna Jansen" in overdue.reason
    assert signed_in(troubled, "carla").get("/overview.csv").status_code == 403


def test_a_new_account_is_shown_where_to_begin(contoso: Organisation) -> None:
    SubscriptionRow.objects.filter(account_id=contoso.account).delete()
    page = signed_in(contoso).get("/").content.decode()
    assert "You have no subscriptions yet." in page and 'class="tiles"' not in page


def test_it_costs_as_many_queries_as_the_list(contoso: Organisation) -> None:
    client = signed_in(contoso)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) <= 14
