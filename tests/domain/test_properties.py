"""What holds in every story, at random and shrinking; `make soak` tells many more of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.ledger.models import Posting
from seatkeeper.domain.licensing.models import Pool
from seatkeeper.domain.subscriptions.previews import comparable
from seatkeeper.domain.subscriptions.run import tick
from seatkeeper.domain.subscriptions.verify import verify
from tests.cast import state_hash
from tests.domain.stories import ACTIONS, HOLDING, Plot, Telling, begin, lines_of, periods_of, plots, totals_of

pytestmark = pytest.mark.django_db

FEW = settings(max_examples=6, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=250, suppress_health_check=list(HealthCheck))
ANY = plots()
RENEWING = ("set_seats@now", "set_seats@renewal", "assign", "wait", "buy", "change_plan@now")


def holds(telling: Telling) -> None:
    """The books of a story's seller hold."""
    findings = verify(seller=telling.story.seller)
    assert findings.ok, str(findings)


def lines_add_up_to_the_rounded_exact_charge(plot: Plot) -> None:
    """After every command and after every date, whatever the order; the checker recomputes it in fractions."""

    def give_and_verify(telling: Telling, command: str, arguments: dict[str, Any]) -> None:
        holds(telling)
        telling.give(command, arguments)
        holds(telling)

    holds(begin(plot, watch=give_and_verify).tell())


def net_credits_never_exceed_net_charges(plot: Plot) -> None:
    telling = begin(plot).tell()
    sums: dict[tuple[int, Any], int] = {}
    for line in Line.objects.filter(account_id=telling.story.account).order_by("id"):
        key = (line.subscription_id, line.period_start)
        sums[key] = sums.get(key, 0) + line.amount_minor
        assert sums[key] >= 0, key


def preview_equals_outcome(plot: Plot) -> None:
    """Line by line: lines, VAT, totals, dates, dropped bookings, method, amount; and a refusal is previewed as one."""

    def preview_then_give(telling: Telling, command: str, arguments: dict[str, Any]) -> None:
        role = "seller" if command == "receive_payment" else "owner"
        try:
            shown = telling.story.look(command, role=role, **arguments)
        except Refused as refusal:
            with pytest.raises(Refused) as again:
                telling.give(command, arguments)
            assert again.value.code == refusal.code
            raise
        outcome = telling.give(command, arguments, preview=shown.token)
        assert comparable(outcome.decision) == comparable(shown.decision)
        issued = [_issued(telling.story.account, id_) for id_, _ in outcome.documents]
        assert issued == [
            [(line.plan, line.kind, line.seats, line.start, line.end, line.amount_minor) for line in one.lines]
            for one in shown.decision.documents
        ]

    begin(plot, watch=preview_then_give).tell()


def _issued(account: int, document: int) -> list[tuple[Any, ...]]:
    lines = Line.objects.filter(account_id=account, document_id=document).order_by("position")
    return list(lines.values_list("plan", "kind", "seats", "start_on", "end_on", "amount_minor"))


def a_refused_command_changes_nothing(plot: Plot) -> None:
    def refused_is_traceless(telling: Telling, command: str, arguments: dict[str, Any]) -> None:
        before = state_hash(telling.story.account)
        try:
            telling.give(command, arguments)
        except Refused:
            assert state_hash(telling.story.account) == before
            raise

    begin(plot, watch=refused_is_traceless).tell()


def a_second_tick_writes_nothing(plot: Plot) -> None:
    def tick_twice(telling: Telling, command: str, arguments: dict[str, Any]) -> None:
        story = telling.story
        telling.give(command, arguments)
        tick(story.now, seller=story.seller)
        kept = state_hash(story.account)
        report = tick(story.now, seller=story.seller)
        assert (report.accounts, report.documents, report.charges, report.parked) == (0, 0, 0, [])
        assert state_hash(story.account) == kept

    begin(plot, watch=tick_twice).tell()


def other_steps_of_time_give_the_same(plot: Plot) -> None:
    """Each date as it comes, or all of them made good after a standstill: the same subscriptions, lines, totals."""
    told = [begin(plot, standing_still=still).tell() for still in (False, True)]
    daily, late = told
    assert daily.done == late.done
    own = [[replace(one, id=0) for one in telling.subscriptions()] for telling in told]
    assert own[0] == own[1]
    assert lines_of(daily.story.account) == lines_of(late.story.account)
    assert totals_of(daily.story.account) == totals_of(late.story.account)
    holds(late)


def active_assignments_never_exceed_seats(plot: Plot) -> None:
    def look_at_pools(telling: Telling, command: str, arguments: dict[str, Any]) -> None:
        telling.give(command, arguments)
        for pool in Pool.objects.filter(account_id=telling.story.account):
            assert 0 <= pool.assigned <= pool.bought

    telling = begin(plot, watch=look_at_pools).tell()
    for _ in range(30):
        telling.wait(24 * 7)
        for pool in Pool.objects.filter(account_id=telling.story.account):
            assert 0 <= pool.assigned <= pool.bought
    holds(telling)


def net_and_vat_are_gross_and_postings_balance(plot: Plot) -> None:
    telling = begin(plot).tell()
    account = telling.story.account
    totals: dict[str, int] = {}
    for posting in Posting.objects.filter(account_id=account):
        totals[posting.debit] = totals.get(posting.debit, 0) + posting.amount_minor
        totals[posting.credit] = totals.get(posting.credit, 0) - posting.amount_minor
    assert sum(totals.values()) == 0
    documents = list(Document.objects.filter(account_id=account))
    assert all(one.net_minor + one.vat_minor == one.gross_minor for one in documents)
    assert totals.get("receivable", 0) == sum(one.due_minor for one in documents)
    assert -totals.get("customer_balance", 0) == telling.story.state().balance_minor


def a_balance_never_stands_beside_an_open_document(plot: Plot) -> None:
    def look_at_the_balance(telling: Telling, command: str, arguments: dict[str, Any]) -> None:
        telling.give(command, arguments)
        _, due, _, balance = totals_of(telling.story.account)
        assert not (due and balance)

    begin(plot, watch=look_at_the_balance).tell()


def periods_tile(plot: Plot) -> None:
    """While a subscription goes on renewing, each billing period begins on the day the one before it ends."""
    telling = begin(plot).tell()
    telling.wait(24 * 400)
    for periods in periods_of(telling.story.account).values():
        for one, following in itertools.pairwise(periods):
            assert one[1] == following[0], periods


def numbers_have_no_gap(plot: Plot) -> None:
    telling = begin(plot).tell()
    by_series: dict[str, list[int]] = {}
    for number in Document.objects.filter(seller_id=telling.story.seller).values_list("number", flat=True):
        series, _, last = number.rpartition("-")
        by_series.setdefault(series, []).append(int(last))
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in by_series.values())


PAYING = plots(who=("linde", "ravel", "harbor", "kanto"), actions=ACTIONS)
STEADY = plots(who=("linde", "ravel", "molenaar"), actions=RENEWING)
CROWDED = plots(actions=(*ACTIONS, *HOLDING, *HOLDING))
PROPERTIES: dict[Callable[[Plot], None], Any] = {
    lines_add_up_to_the_rounded_exact_charge: ANY,
    net_credits_never_exceed_net_charges: ANY,
    preview_equals_outcome: ANY,
    a_refused_command_changes_nothing: ANY,
    a_second_tick_writes_nothing: ANY,
    other_steps_of_time_give_the_same: PAYING,
    active_assignments_never_exceed_seats: CROWDED,
    net_and_vat_are_gross_and_postings_balance: ANY,
    a_balance_never_stands_beside_an_open_document: ANY,
    periods_tile: STEADY,
    numbers_have_no_gap: ANY,
}
each_property = pytest.mark.parametrize("holds_in", PROPERTIES, ids=[one.__name__ for one in PROPERTIES])


@each_property
def test_in_random_stories(holds_in: Callable[[Plot], None]) -> None:
    FEW(given(PROPERTIES[holds_in])(holds_in))()


@pytest.mark.soak
@each_property
def test_in_many_random_stories(holds_in: Callable[[Plot], None]) -> None:
    MANY(given(PROPERTIES[holds_in])(holds_in))()
