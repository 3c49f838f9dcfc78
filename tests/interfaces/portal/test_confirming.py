"""The bank wants a payment to be confirmed: from the sheet to the bank's page and back to the receipt."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from seatkeeper.domain.identity.models import User
from seatkeeper.domain.payments.models import Attempt, Method
from tests.support.organisation import Organisation
from tests.support.portal import signed_in


def text(answer: Any) -> str:
    html = answer.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.index("<main") :]).replace("\u00a0", " ").split())


def asked(organisation: Organisation, client: Client) -> str:
    """More licences by a card that wants to be confirmed; the receipt's address."""
    Method.objects.filter(account_id=organisation.account).update(token="sandbox_confirm")
    address = f"/products/{organisation.reference('standard')}/licences"
    sheet = client.get(address, {"seats": "12"})
    outcome = sheet.context["shown"].outcome
    fields = {"token": outcome.token, **dict(outcome.hidden), "seats": "12"}
    return str(client.post(address, fields)["Location"])


def attempt(organisation: Organisation) -> Attempt:
    return Attempt.objects.filter(account_id=organisation.account).latest("id")


def test_confirmed_at_the_bank_it_is_done(contoso: Organisation) -> None:
    client = signed_in(contoso)
    receipt = asked(contoso, client)
    page = client.get(receipt)
    assert "Your bank wants you to confirm this payment" in text(page)
    assert "Nothing is changed yet" in text(page) and "€16.59 at your bank" in text(page)
    link = f"/payments/{attempt(contoso).id}/bank"
    assert f'href="{link}"' in page.content.decode()
    bank = client.get(link)["Location"]
    assert "No money moves" in text(client.get(bank))
    back = client.post(bank, {"do": "confirm"})["Location"]
    assert back == f"/payments/{attempt(contoso).id}"
    assert client.get(back)["Location"] == receipt
    assert "now has 12 licences" in text(client.get(receipt)) and "€16.59" in text(client.get(receipt))
    assert client.get(link)["Location"] == receipt, "there is nothing to confirm any more"
    assert client.get(bank).status_code == 404


def test_not_confirmed_nothing_is_changed(contoso: Organisation) -> None:
    client = signed_in(contoso)
    receipt = asked(contoso, client)
    bank = client.get(f"/payments/{attempt(contoso).id}/bank")["Location"]
    back = client.post(bank, {"do": "refuse"})["Location"]
    assert client.get(back)["Location"] == receipt
    assert "The payment did not go through" in text(client.get(receipt))
    assert attempt(contoso).status == "declined"


def test_a_reader_and_another_organisation_find_nothing_to_confirm(contoso: Organisation) -> None:
    asked(contoso, signed_in(contoso))
    one = attempt(contoso)
    owner = User.objects.filter(account_id=contoso.stranger).earliest("id")
    User.objects.filter(id=owner.id).update(role="owner")
    stranger = signed_in(Organisation(contoso.seller, contoso.stranger, contoso.account, {"anna": owner.id}))
    bank = f"/provider/confirm/{contoso.account}-{one.id}"
    assert stranger.get(bank).status_code == 404
    assert stranger.post(bank, {"do": "confirm"}).status_code == 404
    Attempt.objects.filter(account_id=contoso.stranger, id=one.id).delete()
    assert stranger.get(f"/payments/{one.id}").status_code == 404
    reader = signed_in(contoso, "daan")
    for address in (bank, f"/payments/{one.id}", f"/payments/{one.id}/bank"):
        assert reader.get(address).status_code == 403
    one.refresh_from_db()
    assert (one.status, one.reason) == ("pending", "authentication")


def test_in_dutch_too(contoso: Organisation) -> None:
    client = signed_in(contoso)
    receipt = asked(contoso, client)
    client.get("/preferences/language/nl")
    page = text(client.get(receipt))
    assert "bevestigen bij uw bank" in page and "30 minuten" in page
    bank = client.get(f"/payments/{attempt(contoso).id}/bank")["Location"]
    assert "De betaling bevestigen" in text(client.get(bank))
