"""Billing account: what it shows, what a change means before it is saved, who may, and two people at once."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from seatkeeper.domain.accounts.models import Account, Recipient
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor, Context, call
from seatkeeper.kit.journal.models import Event
from tests.support.organisation import Organisation
from tests.support.portal import sign_in_ages, signed_in

ADDRESS = {
    "country": "DE", "number": "1", "street": "Unter den Linden", "extra": "", "postcode": "10117", "town": "Berlin",
}  # fmt: skip
SLUGS = ("names", "address", "vat-id", "regional", "purchase-order", "recipients", "notices")


def html(answer: Any) -> str:
    return str(answer.content.decode().replace("\u00a0", " "))


def row(organisation: Organisation) -> Account:
    return Account.objects.get(id=organisation.account)


def test_all_sections_are_shown_with_edit(contoso: Organisation) -> None:
    said = html(signed_in(contoso).get("/account"))
    for text in ("Contoso Nederland B.V.", "Stationsplein 1", "3511 ED Utrecht", "NL009876543B01", "Confirmed",
                 "21% VAT (Netherlands)", "Europe/Amsterdam", "to be paid within 30 days",
                 "set by Noordlicht Cloud B.V.", "30 days and 7 days"):  # fmt: skip
        assert text in said, text
    assert [f'href="/account/{slug}"' in said for slug in SLUGS] == [True] * len(SLUGS)
    assert 'href="/account/people">People and roles</a>' in said and "65 people" in said


def test_page_and_sections_speak_dutch(contoso: Organisation) -> None:
    client = signed_in(contoso)
    client.cookies["language"] = "nl"
    said = html(client.get("/account"))
    assert "Factureringsaccount" in said and "21% btw (Nederland)" in said
    assert "<option value=\"DE\">Duitsland</option>" in html(client.get("/account/address"))


@pytest.mark.parametrize(
    ("slug", "fields"),
    [
        ("names", {"name": "Contoso Holding B.V.", "display_name": "Contoso"}),
        ("address", ADDRESS),
        ("vat-id", {"vat_id": "NL 0044.95.445 B01"}),
        ("regional", {"language": "nl", "timezone": "Europe/Amsterdam", "currency": "EUR"}),
        ("purchase-order", {"purchase_order": "PO-7781"}),
        ("recipients", {"address-0": "ap@contoso.example", "mails-0": ["invoices"], "pdf-0": "yes", "address-1": ""}),
        ("notices", {"renewal_days": ["60", "7"], "licences_below": "3"}),
    ],
)
def test_saving_a_section_returns_to_the_page_and_says_so(
    contoso: Organisation, slug: str, fields: dict[str, Any]
) -> None:
    client = signed_in(contoso)
    before = html(client.get(f"/account/{slug}"))
    shown = before.split('name="shown" value="')[1].split('"')[0].replace("&quot;", '"')
    answer = client.post(f"/account/{slug}", {**fields, "shown": shown})
    assert (answer.status_code, answer["Location"]) == (302, f"/account?saved={slug}#{slug}")
    assert 'role="status"' in html(client.get(f"/account?saved={slug}"))
    assert Event.objects.filter(account_id=contoso.account).latest("sequence").kind.startswith("account_")
    assert verify(seller=contoso.seller).ok


def test_new_country_shows_its_vat_before_it_is_saved_and_keeps_issued_documents(contoso: Organisation) -> None:
    client = signed_in(contoso)
    said = html(client.post("/account/address", {**ADDRESS, "look": "1"}))
    assert "19% VAT (Germany)" in said and "21% VAT (Netherlands)" in said
    assert "expected on 1 April 2026" in said
    assert row(contoso).country == "NL"
    numbers = Document.objects.filter(account_id=contoso.account).values_list("vat", "buyer")
    issued = list(numbers)
    client.post("/account/address", ADDRESS)
    assert "It is no VAT id of Germany." in html(client.get("/account"))
    assert list(numbers.all()) == issued
    client.post("/account/vat-id", {"vat_id": "DE136695976"})
    said = html(client.get("/account"))
    assert "Until this VAT id is confirmed, 19% VAT of Germany is charged." in said
    seller = Context(Actor("seller", via="cli"), contoso.account, contoso.now)
    call("account.confirm_vat", seller, evidence="VIES on 15 March, WAPI-1", by="Fenna Kok")
    said = html(client.get("/account"))
    assert "VAT reverse charge" in said.replace("Vat", "VAT") and "by Fenna Kok on" in said
    assert "WAPI-1" not in said


def test_what_was_typed_before_a_proof_of_who_it_is_stands_in_the_form_again(contoso: Organisation) -> None:
    client = sign_in_ages(signed_in(contoso))
    look = client.post("/account/vat-id", {"vat_id": "NL004495445B01", "look": "1"})
    assert look.status_code == 200 and "The form is that of a VAT id" in html(look), "looking asks for no proof"
    away = client.post("/account/vat-id", {"vat_id": "NL004495445B01", "shown": "{}"})
    back = parse_qs(urlsplit(away["Location"]).query)["next"][0]
    form = html(client.get(back))
    assert 'value="NL004495445B01"' in form and 'name="shown" value="{}"' in form
    assert row(contoso).vat_id == "NL009876543B01"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("NL004495445B01", "The form is that of a VAT id of Netherlands."),
        ("NL1", "Such an id looks like NL004495445B01"),
    ],
)
def test_form_of_a_vat_id_is_checked_while_typing(contoso: Organisation, typed: str, said: str) -> None:
    answer = signed_in(contoso).post("/account/vat-id", {"vat_id": typed, "look": "1"})
    assert answer.status_code == 200
    assert said in html(answer)
    assert row(contoso).vat_id == "NL009876543B01"


@pytest.mark.parametrize(
    ("slug", "fields", "said"),
    [
        ("names", {"name": ""}, "Enter the legal name."),
        ("vat-id", {"vat_id": "NL1"}, "This is no VAT id of Netherlands."),
        ("address", {**ADDRESS, "town": ""}, "Enter the town."),
        ("regional", {"language": "en", "timezone": "Mars/Base", "currency": "EUR"}, "Choose a time zone"),
        ("regional", {"language": "en", "timezone": "Europe/Paris", "currency": "USD"}, "The currency stays EUR"),
        ("notices", {"licences_below": "few"}, "Enter a whole number"),
        ("recipients", {"address-0": "no", "mails-0": "invoices"}, "Enter a full e-mail address"),
        ("recipients", {"address-0": "a@b.example"}, "Choose at least one kind of mail"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_is_kept(
    contoso: Organisation, slug: str, fields: dict[str, Any], said: str
) -> None:
    answer = signed_in(contoso).post(f"/account/{slug}", fields)
    text = html(answer)
    assert answer.status_code == 422
    assert said in text and 'aria-invalid="true"' in text and "Error:" in text
    for typed in ("no", "Mars/Base", "few", "Unter den Linden", "NL1"):
        if typed in fields.values():
            assert f'value="{typed}"' in text


def test_second_tab_is_told_what_changed_and_keeps_what_was_typed(contoso: Organisation) -> None:
    client, shown = signed_in(contoso), json.dumps({"purchase_order": ""})
    client.post("/account/purchase-order", {"purchase_order": "PO-1", "shown": shown})
    answer = client.post("/account/purchase-order", {"purchase_order": "PO-2", "shown": shown})
    text = html(answer)
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile" in text and "<td>PO-1</td>" in text
    assert 'name="purchase_order" maxlength="64" autocomplete="off" value="PO-2"' in text
    now = text.split('name="shown" value="')[1].split('"')[0].replace("&quot;", '"')
    assert client.post("/account/purchase-order", {"purchase_order": "PO-2", "shown": now}).status_code == 302
    assert row(contoso).purchase_order == "PO-2"


def test_recipients_are_replaced_and_removed(contoso: Organisation) -> None:
    client = signed_in(contoso)
    one = {"address-0": "ap@contoso.example", "mails-0": ["invoices", "receipts"], "pdf-0": "yes", "xml-0": "yes"}
    client.post("/account/recipients", {**one, "address-1": "boss@contoso.example", "mails-1": ["notices"]})
    said = html(client.get("/account"))
    assert "Invoices and payment receipts, with PDF and XML" in said and "Notices, without files" in said
    client.post("/account/recipients", {**one, "address-1": ""})
    assert list(Recipient.objects.values_list("address", flat=True)) == ["ap@contoso.example"]


def test_time_zone_says_from_when_it_counts(contoso: Organisation) -> None:
    client = signed_in(contoso)
    client.post("/account/regional", {"language": "en", "timezone": "America/New_York", "currency": "EUR"})
    said = html(client.get("/account?saved=regional"))
    assert "The new time zone counts from 1 April 2026, 06:00" in said
    assert "America/New_York from 1 April 2026, 06:00, with the next billing period" in said


def test_closing_shows_the_very_decision_and_does_it(contoso: Organisation) -> None:
    client = signed_in(contoso)
    text = html(client.get("/account/close"))
    assert "Business Standard, S-" in text and "cancelled today" in text
    assert "Business Basic, S-" in text and "ends on 1 December 2026" in text
    assert "What ends later is in a committed term" in text
    token = text.split('name="token" value="')[1].split('"')[0]
    answer = client.post("/account/close", {"token": token})
    assert answer["Location"].startswith("/done/")
    assert "The account is closed" in html(client.get(answer["Location"]))
    assert client.post("/account/close", {"token": token})["Location"] == answer["Location"]
    assert "There is nothing left to cancel." in html(client.get("/account/close"))
    assert verify(seller=contoso.seller).ok


def test_number_of_a_subscription_is_changed_from_its_page(contoso: Organisation) -> None:
    client, here = signed_in(contoso), f"/products/{contoso.reference('standard')}"
    assert f'href="{here}/purchase-order"' in html(client.get(here))
    text = html(client.get(f"{here}/purchase-order?number=PO-9"))
    assert "PO-9" in text
    token = text.split('name="token" value="')[1].split('"')[0]
    answer = client.post(f"{here}/purchase-order", {"number": "PO-9", "token": token})
    assert "is changed" in html(client.get(answer["Location"]))
    assert "PO-9" in html(client.get(here))


def test_reader_sees_all_and_may_change_nothing(contoso: Organisation) -> None:
    client = signed_in(contoso, "daan")
    said = html(client.get("/account"))
    assert "This needs another role" in said and 'href="/account/names"' not in said
    for slug in SLUGS:
        assert client.post(f"/account/{slug}", ADDRESS).status_code == 403
    assert client.post("/account/close").status_code == 422
    assert row(contoso).country == "NL"


@pytest.mark.parametrize("person", ["carla", "eva"])
def test_who_sees_no_money_does_not_see_the_account(contoso: Organisation, person: str) -> None:
    client = signed_in(contoso, person)
    for path in ("/account", *(f"/account/{slug}" for slug in SLUGS), "/account/close"):
        assert client.get(path).status_code == 403, path
    assert 'href="/account"' not in html(client.get("/licences"))


def test_nobody_signed_in_is_asked_to_sign_in(contoso: Organisation) -> None:
    for path in ("/account", "/account/vat-id", "/account/close", "/activity", "/activity.csv"):
        assert Client().get(path)["Location"] == f"/sign-in?{urlencode({'next': path})}"
    assert signed_in(contoso).get("/account/nothing").status_code == 404
