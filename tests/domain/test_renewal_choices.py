"""Each card of a renewal shows the very invoice that its choice makes: at random, on the pure core."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, event, given, settings

from seatkeeper.core.decide import decide
from seatkeeper.core.tables import ACTIVE
from seatkeeper.domain.accounts.rows import AccountRow
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.renewing import renewal_open, renewal_page
from tests.cast import after
from tests.core.test_forecast import HISTORY, run_until, told


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(HISTORY)
def test_the_amount_on_each_card_is_the_invoice_of_that_choice(history: Any) -> None:
    state, now = told(history)
    today = state.today(now)
    shelf = Shelf(AccountRow(1, "De Linde", "EUR", state.timezone, today, now, frozenset({"money.see"})), state)
    for found in state.subscriptions.values():
        if found.status != ACTIVE or not renewal_open(shelf, found):
            continue
        page = renewal_page(shelf, found)
        assert page is not None and page.choices[0].chosen
        assert sum(choice.chosen for choice in page.choices) == 1
        for choice in page.choices:
            event(choice.kind)
            left = state
            if not choice.chosen:
                arguments = {"subscription": found.id, **choice.arguments}
                left = after(state, decide(state, "set_renewal", arguments, now=now))
            then, billed = run_until(left, page.on + timedelta(days=1))
            of_day = [(method, net + vat) for on, method, net, vat, _ in billed if on == page.on]
            if choice.invoice is None:
                assert then.subscriptions[found.id].status != ACTIVE
            else:
                assert (choice.invoice.method, choice.invoice.gross_minor) in of_day, choice.name
                assert then.subscriptions[found.id].seats == choice.seats
                assert then.subscriptions[found.id].plan == choice.plan.id
