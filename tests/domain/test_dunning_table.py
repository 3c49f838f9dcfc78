"""The seller's table: changed, followed, foreseen, and played again over what happened."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from seatkeeper.core.payments.lab import simulate, table_from_text, text_of_table
from seatkeeper.core.tables import DUNNING
from seatkeeper.domain.accounts.queries import organisation
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.dunning import failures, planned, set_table, table_of
from seatkeeper.domain.subscriptions.queries import invoice_page
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor
from seatkeeper.kit.journal.models import Event
from tests.cast import Story

pytestmark = pytest.mark.django_db
SELLER = Actor("seller", via="cli")


def owing() -> Story:
    story = Story("linde")
    story.buy("basic-monthly", 10)
    story.card("declined")
    return story.at("2026-04-02T09:00")


def test_what_is_planned_is_what_happens() -> None:
    story = owing()
    for number, (days, what) in enumerate(DUNNING, start=1):
        (step, *_) = planned(story.seller)
        assert (step.on, step.what, step.step) == (date(2026, 4, 1) + timedelta(days=days), what, number)
        story.at(f"{step.on}T09:00")
        assert Document.objects.filter(number=step.number).get().steps_done == number


def test_another_table_is_followed_from_now_on() -> None:
    story = owing()
    assert table_of(story.seller) == DUNNING
    assert set_table(story.seller, ((2, "try"), (5, "disable")), now=story.now, actor=SELLER) == 1
    (step,) = planned(story.seller)
    assert (step.on, step.what, step.steps) == (date(2026, 4, 3), "try", 2)
    story.at("2026-04-06T09:00")
    (one,) = story.state().subscriptions.values()
    assert (one.status, one.reason) == ("disabled", "unpaid")
    set_table(story.seller, None, now=story.now, actor=SELLER)
    assert table_of(story.seller) == DUNNING
    story.at("2026-04-07T09:00")
    assert verify(seller=story.seller).ok


def test_who_replaced_the_table_stands_in_the_journal_of_those_who_owe() -> None:
    story = Story("linde", "ravel")
    story.buy("basic-monthly", 10)
    story.card("declined")
    story.at("2026-04-02T09:00")
    set_table(story.seller, ((2, "try"), (5, "disable")), now=story.now, actor=SELLER)
    told = Event.objects.filter(kind="dunning_table")
    assert [(one.account_id, one.actor, one.at) for one in told] == [(story.account, "seller:-:cli", story.now)]
    facts = json.loads(told[0].payload)["facts"]
    assert facts == {"before": text_of_table(DUNNING), "after": "2 try, 5 disable"}
    assert table_from_text(facts["before"]) == DUNNING
    assert verify(seller=story.seller).ok


def test_a_hard_decline_is_only_reminded_of() -> None:
    story = Story("linde")
    story.buy("basic-monthly", 10)
    story.card("lost")
    story.at("2026-04-02T09:00")
    assert planned(story.seller)[0].what == "remind"


def test_the_present_table_played_again_gives_what_happened() -> None:
    """Recovered on day 7 by a try: the same table says so again; one that gives up before says otherwise."""
    story = owing()
    story.at("2026-04-05T09:00")
    token = {"linde": "ok"}[story.who]
    from seatkeeper.domain.payments.models import Method
    from tests.cast import CARDS

    Method.objects.filter(account_id=story.account).update(token=CARDS[token])
    story.at("2026-04-09T09:00")
    known = failures(story.seller, since=date(2026, 1, 1), until=date(2026, 12, 31))
    assert [(one.refused_days, one.paid_day, one.by_person) for one in known] == [((0, 3), 7, False)]
    (same,) = simulate(known, DUNNING)
    assert (same.kind, same.days) == ("recovered", 7)
    (other,) = simulate(known, ((3, "try"), (4, "disable")))
    assert other.kind == "perhaps" or other.kind == "disabled"


@pytest.mark.parametrize("outcome", ["declined", "lost"])
def test_the_invoice_says_what_is_planned(outcome: str) -> None:
    """The page of an invoice asks the same decision as the seller's list, step after step."""
    story = Story("linde")
    story.buy("basic-monthly", 10)
    story.card(outcome)
    story.at("2026-04-02T09:00")
    found = organisation(story.account)
    assert found is not None
    for _ in DUNNING:
        (step,) = planned(story.seller)
        page = invoice_page(found.row(frozenset()), step.number)
        assert page is not None and page.next_try_on == (step.on if step.what == "try" else None)
        assert (step.what == "try") == (outcome == "declined" and step.step < len(DUNNING))
        story.at(f"{step.on}T09:00")
    assert not planned(story.seller)
