"""This program goes on with tables that the next version has changed already, by what its migrations may do."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import connection

from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.domain.subscriptions.rehearsing import rehearse
from seatkeeper.domain.subscriptions.verify import verify
from tests.cast import Story


def grown() -> list[str]:
    """Every table of the project, with two columns more, and an index more: as the next version would have it."""
    own = [one for one in apps.get_models() if one.__module__.startswith("seatkeeper.")]
    tables = [one._meta.db_table for one in own]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN of_tomorrow integer NULL")
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN also_of_tomorrow integer NOT NULL DEFAULT 7")
            cursor.execute(f"CREATE INDEX {table}_of_tomorrow ON {table} (of_tomorrow)")
    return tables


@pytest.mark.django_db
def test_a_story_is_told_in_tables_of_the_next_version() -> None:
    tables = grown()
    story = Story("linde", "molenaar", at="2026-03-01T09:00")
    bought = story.buy("basic-monthly", 10)
    story.give("set_seats", subscription=bought, seats=14)
    shown = rehearse(story.now, on=date(2026, 4, 30), seller=story.seller)
    story.at("2026-04-30T23:59")
    story.give("cancel", subscription=bought, when="end")
    story.at("2026-06-10T09:00")
    assert shown.totals["EUR"]["invoices"] == 1 and verify().ok
    with connection.cursor() as cursor:
        for table in ("invoicing_document", "invoicing_line", "ledger_posting", "journal_event", "payments_attempt"):
            assert table in tables
            cursor.execute(f"SELECT count(*), min(also_of_tomorrow), max(of_tomorrow) FROM {table}")
            count, default, empty = cursor.fetchone()
            assert count > 1 and default == 7 and empty is None, table
    assert SubscriptionRow.objects.get(id=bought).seats == 14
