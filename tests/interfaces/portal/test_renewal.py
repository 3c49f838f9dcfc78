"""Prepare renewal: the amount on each card is the invoice of that choice, and one click chooses (SCREENS.md 4.10)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from seatkeeper.core.decide import decide
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from tests.cast import after, moment, pure_state
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = pytest.mark.django_db
CARD = re.compile(r'id="choice-([\w-]+)">(.*?)(?=<li class="card renewal-choice|</main>)', re.S)


def cards(html: str) -> dict[str, str]:
    """What each card says, by the name of its choice."""
    plain = {name: re.sub(r"<[^>]+>", " ", body).replace("\xa0", " ") for name, body in CARD.findall(html)}
    return {name: " ".join(body.split()) for name, body in plain.items()}


def hidden(html: str, choice: str) -> dict[str, str]:
    """The fields that a card sends."""
    body = dict(CARD.findall(html))[choice]
    return dict(re.findall(r'<input type="hidden" name="(choice|shown)" value="([^"]*)"', body))


def row(contoso: Organisation) -> SubscriptionRow:
    return SubscriptionRow.objects.get(account_id=contoso.account, id=contoso.ids["standard"])


def test_each_card_shows_the_invoice_of_its_choice_and_what_it_saves(contoso: Organisation) -> None:
    """10 x 12.50 and the rest of the day's invoice; for 9; a year at once at 95%: SCREENS.md's own example in kind."""
    page = signed_in(contoso).get(f"/products/{contoso.reference('standard')}/renewal").content.decode()
    found = cards(page)
    assert list(found) == [
        "as_is", "assigned", "frequency-business-standard-yearly-monthly", "frequency-business-standard-yearly", "end"
    ]
    assert "10 licences, 1 month, paid monthly" in found["as_is"]
    assert "€1,815.00 per year" in found["as_is"] and "Chosen" in found["as_is"]
    assert "9 licences" in found["assigned"] and "€181.44 less per year" in found["assigned"]
    assert "€90.75 less per year" in found["frequency-business-standard-yearly"]
    assert "Fixed until 31 March 2027" in found["frequency-business-standard-yearly"]
    assert "Nothing billed" in found["end"] and "9 users have access until 30 April 2026" in found["end"]


@pytest.mark.parametrize("choice", ["assigned", "frequency-business-standard-yearly", "end"])
def test_one_click_chooses_and_the_run_bills_what_the_card_said(contoso: Organisation, choice: str) -> None:
    client = signed_in(contoso)
    address = f"/products/{contoso.reference('standard')}/renewal"
    page = client.get(address).content.decode()
    said = re.search(r"€([\d,.]+) invoice", cards(page)[choice])
    answer = client.post(address, hidden(page, choice), follow=True).content.decode()
    assert "Chosen" in cards(answer)[choice] and "Chosen" not in cards(answer)["as_is"]
    assert 'role="status" class="message is-ok"' in answer
    contoso.move(datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    billed = Document.objects.filter(account_id=contoso.account, issued_on="2026-04-01").order_by("id").last()
    if said is None:
        assert row(contoso).status == "expired"
    else:
        assert billed is not None and f"{billed.gross_minor / 100:,.2f}" == said[1]  # shown, not reckoned with


def test_undo_goes_back_to_as_it_is(contoso: Organisation) -> None:
    client = signed_in(contoso)
    address = f"/products/{contoso.reference('standard')}/renewal"
    page = client.get(address).content.decode()
    client.post(address, hidden(page, "end"))
    assert row(contoso).recurring == "off"
    page = client.get(address).content.decode()
    undo = re.search(r'value="as_is"><input type="hidden" name="shown" value="([^"]+)"', page)
    assert undo
    client.post(address, {"choice": "as_is", "shown": undo[1]})
    assert row(contoso).recurring == "on" and row(contoso).booked_seats is None


def test_what_is_no_longer_as_shown_is_not_chosen(contoso: Organisation) -> None:
    client = signed_in(contoso)
    address = f"/products/{contoso.reference('standard')}/renewal"
    sent = hidden(client.get(address).content.decode(), "assigned")
    contoso.give("license.unassign", product="business-standard", users=(contoso.users["s0"],))
    answer = client.post(address, sent)
    assert answer.status_code == 409 and "Nothing has been done yet" in answer.content.decode()
    assert row(contoso).booked_seats is None


def test_it_opens_60_days_before_and_is_for_active_subscriptions_only(contoso: Organisation) -> None:
    client = signed_in(contoso)
    page = client.get(f"/products/{contoso.reference('basic')}/renewal").content.decode()
    assert "This opens on" in page and "renewal-choices" not in page
    assert client.get(f"/products/{contoso.reference('entra')}/renewal").status_code == 404
    assert client.get("/products/S-10001/renewal").status_code == 404


def test_dearer_choices_wait_while_a_balance_is_due(troubled: Organisation) -> None:
    address = f"/products/{troubled.reference('copy')}/renewal"
    client = signed_in(troubled)
    page = client.get(address).content.decode()
    found = cards(page)
    assert "Chosen" in found["end"] and "is overdue" in found["as_is"]
    shown = f"{client.get(address).context['cards'][1].shown}"
    assert client.post(address, {"choice": "as_is", "shown": shown}).status_code == 409


def test_what_is_booked_and_none_of_the_choices_is_a_card_of_its_own(contoso: Organisation) -> None:
    contoso.give("subscription.set_seats", subscription=contoso.ids["standard"], seats=14, when="renewal")
    page = signed_in(contoso).get(f"/products/{contoso.reference('standard')}/renewal").content.decode()
    found = cards(page)
    assert next(iter(found)) == "booked" and "14 licences" in found["booked"] and "Chosen" in found["booked"]
    assert "more per year" in found["booked"] and "Undo" in found["booked"]


def test_a_reader_sees_the_amounts_and_who_can_choose(contoso: Organisation) -> None:
    client = signed_in(contoso, "daan")
    address = f"/products/{contoso.reference('standard')}/renewal"
    page = client.get(address).content.decode()
    assert "<form" not in page.split('class="renewal-choices"')[1].split("</main>")[0]
    assert "Anna Jansen" in cards(page)["assigned"]
    client.post(address, {"choice": "end", "shown": "0/0"})
    assert row(contoso).recurring == "on"


def test_setting_a_renewal_drops_what_was_booked_and_refuses_what_changes_nothing() -> None:
    now = moment("2026-03-01T09:00")
    state = after(pure_state(), decide(pure_state(), "buy", {"plan": "basic-monthly", "seats": 10}, now=now))
    (id_,) = state.subscriptions
    wanted = {"subscription": id_, "seats": 8, "plan": "basic-yearly"}
    state = after(state, decide(state, "set_renewal", wanted, now=now))
    booked = state.subscriptions[id_]
    assert (booked.booked_seats, booked.booked_plan, booked.booked_plan_at) == (8, "basic-yearly", "renewal")
    with pytest.raises(Exception, match="nothing_changes"):
        decide(state, "set_renewal", wanted, now=now)
    state = after(state, decide(state, "set_renewal", {"subscription": id_}, now=now))
    assert (state.subscriptions[id_].booked_seats, state.subscriptions[id_].booked_plan) == (None, None)
