"""A dry run shows what the run then writes, exactly; and leaves nothing else behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.models import RunPreviewLine
from seatkeeper.domain.subscriptions.rehearsing import Billed, Change, rehearse
from tests.cast import Story, state_hash
from tests.domain.stories import Plot, begin, plots

pytestmark = pytest.mark.django_db
BOOKING = (
    *("buy", "buy", "set_seats@renewal", "change_frequency", "set_recurring", "buy_later", "start_trial", "wait"),
)


def written(account: int, since: int) -> dict[str, int]:
    """What the documents after an id come to."""
    found = Document.objects.filter(account_id=account, id__gt=since)
    return {
        "invoices": sum(one.kind == "invoice" for one in found),
        "credit_notes": sum(one.kind == "credit_note" for one in found),
        "net_minor": sum(one.net_minor for one in found),
        "vat_minor": sum(one.vat_minor for one in found),
        "gross_minor": sum(one.gross_minor for one in found),
    }


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(plots(who=("linde", "molenaar", "ravel"), actions=BOOKING), st.integers(0, 70))
def test_the_run_writes_what_was_shown(plot: Plot, days: int) -> None:
    telling = begin(plot).tell()
    story = telling.story
    on = story.state().today(story.now) + timedelta(days=days)
    before = state_hash(story.account)
    shown = rehearse(story.now, on=on, seller=story.seller)
    assert state_hash(story.account) == before and not shown.parked
    since = Account.objects.get(id=story.account).last_id
    story.at(f"{on}T23:59")
    found: dict[str, Any] = next(iter(shown.totals.values()), {})
    made = written(story.account, since)
    assert {name: found.get(name, 0) for name in made} == made


def test_the_next_preview_names_what_became_different() -> None:
    story = Story("linde", "molenaar", at="2026-03-01T09:00")
    one = story.buy("basic-monthly", 10)
    on = date(2026, 4, 1)
    first = rehearse(story.now, on=on, seller=story.seller)
    assert (first.accounts, first.before_at, first.changes) == (1, None, [])
    assert first.totals["EUR"]["gross_minor"] == 7260 and first.totals["EUR"]["renewed"] == 1
    story.give("set_seats", subscription=one, seats=8, when="renewal")
    second = rehearse(story.now, on=on, seller=story.seller)
    (change,) = second.changes
    assert change == Change(story.account, Billed("EUR", 1, 6000, 1260, 7260), Billed("EUR", 1, 4800, 1008, 5808))
    assert second.before == first.totals and second.totals["EUR"]["gross_minor"] == 5808
    story.give("set_recurring", subscription=one, to="off")
    (gone,) = rehearse(story.now, on=on, seller=story.seller).changes
    assert (gone.before, gone.after) == (Billed("EUR", 1, 4800, 1008, 5808), None)
    assert RunPreviewLine.objects.count() == 0


def test_a_preview_whose_sum_is_the_same_differs_where_its_parts_do() -> None:
    story = Story("linde", at="2026-03-01T09:00")
    story.buy("basic-monthly", 10)
    on = date(2026, 4, 1)
    rehearse(story.now, on=on, seller=story.seller)
    assert rehearse(story.now, on=on, seller=story.seller).changes == []
    RunPreviewLine.objects.update(net_minor=7260, vat_minor=0)
    (moved,) = rehearse(story.now, on=on, seller=story.seller).changes
    assert moved.before is not None and moved.after is not None
    assert (moved.before.vat_minor, moved.after.vat_minor) == (0, 1260)
    assert moved.before.gross_minor == moved.after.gross_minor


def test_a_missed_date_and_the_dates_that_follow_are_played_and_taken_back() -> None:
    story = Story("linde", at="2026-01-31T09:00")
    story.buy("basic-monthly", 10)
    before = state_hash(story.account)
    shown = rehearse(story.now, on=date(2026, 6, 30), seller=story.seller)
    assert shown.totals["EUR"]["invoices"] == 5 and shown.totals["EUR"]["charged_minor"] == 5 * 7260
    assert state_hash(story.account) == before


def test_an_account_that_cannot_be_decided_is_named() -> None:
    story = Story("linde", at="2026-03-01T09:00")
    one = story.buy("basic-monthly", 10)
    Account.objects.filter(id=story.account).update(currency="CHF")
    shown = rehearse(datetime(2026, 3, 2, tzinfo=UTC), on=date(2026, 4, 1), seller=story.seller)
    assert one and shown.accounts == 0 and "no price" in shown.parked[0][1]
