"""Giving commands by the sheets: what was shown happens, once, and what is refused leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.models import Receipt, SubscriptionRow
from tests.support.organisation import SEPA, Organisation
from tests.support.portal import signed_in


def shown(client: Client, path: str, **fields: str) -> tuple[str, Any]:
    """The token of a sheet with these fields, and its outcome."""
    outcome = client.get(path, fields).context["shown"].outcome
    assert outcome is not None, client.get(path, fields).context["shown"]
    return outcome.token, outcome


def given(client: Client, path: str, **fields: str) -> str:
    """Look at the sheet, press its button; the receipt as text."""
    token, _ = shown(client, path, **fields)
    answer = client.post(path, {"token": token, **fields})
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"]).content.decode()


def row(organisation: Organisation, name: str) -> SubscriptionRow:
    return SubscriptionRow.objects.get(account_id=organisation.account, id=organisation.ids[name])


def test_adding_licences_charges_what_the_button_says(contoso: Organisation) -> None:
    client, path = signed_in(contoso), f"/products/{contoso.reference('standard')}/licences"
    token, outcome = shown(client, path, seats="12", when="now")
    assert outcome.button == "Pay €16.59 now"
    answer = client.post(path, {"token": token, "seats": "12", "when": "now"})
    receipt = client.get(answer["Location"]).content.decode()
    assert "Business Standard now has 12\u00a0licences" in receipt
    assert "€16.59" in receipt and "Visa 4242" in receipt
    document = Document.objects.filter(account_id=contoso.account).latest("id")
    assert (document.gross_minor, document.paid_minor, document.due_minor) == (1659, 1659, 0)


@pytest.mark.parametrize(
    ("name", "slug", "fields", "sentence"),
    [
        ("standard", "licences", {"seats": "9", "when": "now"}, "Business Standard now has 9"),
        ("standard", "licences", {"seats": "9", "when": "renewal"}, "Business Standard goes to 9"),
        ("standard", "recurring-billing", {"to": "off"}, "Business Standard expires on 1"),
        ("standard", "recurring-billing", {"to": "once"}, "Business Standard renews one more time"),
        ("standard", "cancel", {"when": "now"}, "Business Standard is cancelled"),
        ("basic", "cancel", {"when": "end"}, "Business Basic expires on"),
        ("standard", "change-frequency", {"plan": "business-standard-yearly"}, "The change is booked for"),
        ("standard", "change-plan", {"plan": "exchange-1-monthly", "when": "renewal"}, "The change is booked for"),
        ("standard", "payment-method", {"method": "2"}, "The payment method of Business Standard is changed"),
        ("standard", "payment-method", {"method": "2", "everywhere": "yes"}, "of all subscriptions is changed"),
        ("entra", "buy-now", {}, "Entra ID P1 is bought"),
    ],
)
def test_every_action_ends_on_its_receipt(
    contoso: Organisation, name: str, slug: str, fields: dict[str, str], sentence: str
) -> None:
    receipt = given(signed_in(contoso), f"/products/{contoso.reference(name)}/{slug}", **fields)
    assert sentence in receipt.replace("\u00a0", " ")
    assert "Anna Jansen" in receipt


def test_cancelled_comes_back_by_reactivating(contoso: Organisation) -> None:
    client, here = signed_in(contoso), f"/products/{contoso.reference('standard')}"
    assert "Reactivate" in given(client, f"{here}/cancel", when="now")
    assert row(contoso, "standard").status == "disabled"
    assert "Business Standard is active again" in given(client, f"{here}/reactivate")
    assert row(contoso, "standard").status == "active"


def test_method_everywhere_changes_every_subscription(contoso: Organisation) -> None:
    given(
        signed_in(contoso), f"/products/{contoso.reference('basic')}/payment-method", method=str(SEPA), everywhere="yes"
    )
    rows = SubscriptionRow.objects.filter(account_id=contoso.account)
    assert set(rows.values_list("method_id", flat=True)) == {SEPA}


def test_booked_change_is_undone_by_one_click(contoso: Organisation) -> None:
    client, here = signed_in(contoso), f"/products/{contoso.reference('standard')}"
    given(client, f"{here}/licences", seats="9", when="renewal")
    assert row(contoso, "standard").booked_seats == 9
    answer = client.post(f"{here}/undo")  # the timeline's button: no preview was shown
    assert "is undone" in client.get(answer["Location"]).content.decode()
    assert row(contoso, "standard").booked_seats is None
    assert client.post(f"{here}/undo").status_code == 422


def test_receipt_offers_undo_only_for_what_was_booked(contoso: Organisation) -> None:
    client, here = signed_in(contoso), f"/products/{contoso.reference('standard')}"
    booked = given(client, f"{here}/licences", seats="9", when="renewal")
    added = given(client, f"{here}/licences", seats="12", when="now")
    assert f'href="{here}/undo"' in booked
    assert f'href="{here}/undo"' not in added


def test_order_and_trial_make_subscriptions(contoso: Organisation) -> None:
    client = signed_in(contoso)
    receipt = given(client, "/buy/intune-1/order", plan="intune-1-monthly", seats="5")
    assert "Ordered: 5\u00a0licences of Intune Plan 1" in receipt
    later = given(
        client, "/buy/exchange-1/order", plan="exchange-1-monthly", seats="2", start="later", start_on="2026-04-01"
    )
    assert "Ordered for 1\u00a0April\u00a02026" in later
    trial = given(client, "/buy/planner-3/trial", plan="planner-3-monthly", seats="3")
    assert "The trial of Planner and Project Plan 3 has started, free until 13\u00a0April\u00a02026" in trial


def test_assigning_and_taking_back(contoso: Organisation) -> None:
    client = signed_in(contoso)
    user = contoso.users["s50"]
    assert "assigned" in given(client, "/licences/business-basic/assign", users=str(user))
    assert "taken back" in given(client, "/licences/business-basic/unassign", users=str(user))
    again = client.get("/licences/business-basic/unassign", {"users": str(user)}).context["page"]
    assert [one.outcome for one in again.candidates] == ["ok"]


def test_overdue_invoice_is_paid(troubled: Organisation) -> None:
    client = signed_in(troubled)
    overdue = Document.objects.filter(account_id=troubled.account, due_minor__gt=0).get()
    refused = client.get(f"/products/{troubled.reference('standard')}/licences?seats=40").content.decode()
    assert "is overdue" in refused
    receipt = given(client, f"/bills/{overdue.number}/pay", method="1")
    assert "The invoice is paid" in receipt and "€78.16" in receipt
    assert client.get("/bills?show=overdue").context["page"].rows == ()


def test_declined_payment_says_so_and_changes_nothing(troubled: Organisation) -> None:
    client = signed_in(troubled)
    overdue = Document.objects.filter(account_id=troubled.account, due_minor__gt=0).get()
    path = f"/bills/{overdue.number}/pay"
    token, _ = shown(client, path, method=str(SEPA))
    for _ in range(2):  # pressed again it is declined again, and not charged again
        answer = client.post(path, {"token": token, "method": str(SEPA)})
        assert answer.status_code == 422
        assert "was declined for €78.16" in answer.content.decode()
    overdue.refresh_from_db()
    assert overdue.paid_minor == 0


def test_double_click_gives_one_outcome(contoso: Organisation) -> None:
    client, path = signed_in(contoso), f"/products/{contoso.reference('standard')}/licences"
    token, _ = shown(client, path, seats="12", when="now")
    fields = {"token": token, "seats": "12", "when": "now"}
    before = Document.objects.count()
    first, second = client.post(path, fields), client.post(path, fields)
    assert first["Location"] == second["Location"]
    assert Document.objects.count() == before + 1
    assert Receipt.objects.count() == 1


def test_stale_preview_shows_the_new_sum_and_does_nothing(contoso: Organisation) -> None:
    client, path = signed_in(contoso), f"/products/{contoso.reference('standard')}/licences"
    token, _ = shown(client, path, seats="12", when="now")
    contoso.give("subscription.set_seats", subscription=contoso.ids["standard"], seats=11)
    answer = client.post(path, {"token": token, "seats": "12", "when": "now"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Something changed while this was open" in html
    assert "Was shown" in html and "€16.59" in html and "€8.30" in html
    assert answer.context["shown"].outcome.button == "Pay €8.30 now"
    assert row(contoso, "standard").seats == 11


def test_old_preview_is_renewed(contoso: Organisation) -> None:
    client, path = signed_in(contoso), f"/products/{contoso.reference('standard')}/licences"
    token, _ = shown(client, path, seats="12", when="now")
    contoso.move(contoso.now.replace(minute=45))
    answer = client.post(path, {"token": token, "seats": "12", "when": "now"})
    assert answer.status_code == 409
    assert client.post(path, {"token": answer.context["shown"].outcome.token, "seats": "12", "when": "now"})


@pytest.mark.parametrize("token", ["forged", "", "eyJhIjoxfQ:1abcde:xyz"])
def test_forged_token_is_refused(contoso: Organisation, token: str) -> None:
    client, path = signed_in(contoso), f"/products/{contoso.reference('standard')}/licences"
    answer = client.post(path, {"token": token or "x" * 5000, "seats": "12", "when": "now"})
    assert answer.status_code == 409
    assert "not valid any more" in answer.content.decode()
    assert row(contoso, "standard").seats == 10


def test_token_for_other_arguments_is_refused(contoso: Organisation) -> None:
    client, path = signed_in(contoso), f"/products/{contoso.reference('standard')}/licences"
    token, _ = shown(client, path, seats="12", when="now")
    assert client.post(path, {"token": token, "seats": "13", "when": "now"}).status_code == 409
    assert row(contoso, "standard").seats == 10


@pytest.mark.parametrize("seats", ["-3", "2.5", "abc", "", "99999999999999", "1e3", "１２", "<b>"])
def test_bad_numbers_are_answered_and_kept(contoso: Organisation, seats: str) -> None:
    client, path = signed_in(contoso), f"/products/{contoso.reference('standard')}/licences"
    answer = client.post(path, {"seats": seats, "when": "now"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter a whole number" in html and "<title>Error: " in html
    assert "<b>" not in html
    if seats and "<" not in seats:
        assert f'value="{seats}"' in html
    assert row(contoso, "standard").seats == 10


def test_refusal_leads_to_the_next_step(contoso: Organisation) -> None:
    client = signed_in(contoso)
    html = client.get(f"/products/{contoso.reference('basic')}/licences?seats=15").content.decode()
    assert "Fewer licences are possible from 1\u00a0December\u00a02026" in html
    assert f"/products/{contoso.reference('basic')}/licences?seats=15&amp;when=renewal" in html
    few = client.get(f"/products/{contoso.reference('standard')}/licences?seats=4").content.decode()
    assert "/licences/business-standard?choose=5" in few


def test_due_account_is_brought_up_to_date_by_the_command(contoso: Organisation) -> None:
    from seatkeeper.domain.accounts.models import Seller

    late = contoso.now.replace(month=4, day=3)
    Seller.objects.filter(id=contoso.seller).update(clock_at=late)  # the run has not come by yet
    client = signed_in(contoso)
    shown(client, f"/products/{contoso.reference('standard')}/licences", seats="12", when="now")
    assert row(contoso, "standard").term_start_on.isoformat() == "2026-04-01"  # type: ignore[union-attr]
    assert Account.objects.get(id=contoso.account).due_at > late  # type: ignore[operator]
