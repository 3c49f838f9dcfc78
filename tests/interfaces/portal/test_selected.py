"""Many subscriptions changed by one sheet: what it says of each is what the list says afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.domain.subscriptions.picture import milestone
from seatkeeper.interfaces.web import words
from tests.support.organisation import Organisation
from tests.support.portal import signed_in
from tests.support.shelves import shelf_of

pytestmark = pytest.mark.django_db


def outcome(answer: Any) -> Any:
    """What the sheet shows."""
    assert answer.status_code == 200, answer.content.decode()
    return answer.context["shown"].outcome


def recurring(contoso: Organisation) -> dict[str, str]:
    """How each subscription is set, by reference."""
    return {reference: SubscriptionRow.objects.values_list("recurring", flat=True).get(
        account_id=contoso.account, id=contoso.ids[reference]) for reference in ("standard", "basic")}  # fmt: skip


def test_what_a_row_becomes_is_what_the_list_says_of_it_afterwards(contoso: Organisation) -> None:
    client = signed_in(contoso)
    chosen = {"s": [contoso.reference("standard"), contoso.reference("basic")], "to": "off"}
    shown = outcome(client.get("/products/selected/recurring-billing", chosen))
    told = {change.label: str(change.becomes) for change in shown.changes}
    assert len(told) == 2 and sorted(shown.hidden) == sorted([("s", one) for one in chosen["s"]] + [("to", "off")])
    done = client.post("/products/selected/recurring-billing", {**chosen, "token": shown.token})
    assert done.status_code == 302 and done["Location"].startswith("/done/")
    assert recurring(contoso) == {"standard": "off", "basic": "off"}
    shelf = shelf_of(contoso)
    dates = [milestone(shelf, shelf.state.subscriptions[contoso.ids[name]]) for name in ("standard", "basic")]
    assert sorted(told.values()) == sorted(words.milestone_text(one) for one in dates if one)


def test_nothing_is_chosen_of_a_strangers(contoso: Organisation) -> None:
    client = signed_in(contoso)
    before = recurring(contoso)
    answer = client.post("/products/selected/recurring-billing", {"s": "S-99999", "to": "off", "token": "x"})
    assert answer["Location"] == "/products" and recurring(contoso) == before
