"""Payment methods: added at the provider, replaced, made the default, removed (SCREENS.md 4.6)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from seatkeeper.adapters.gateways.sandbox.models import SandboxSetup
from seatkeeper.core.decide import decide
from seatkeeper.core.refusals import Refused
from seatkeeper.core.values import changed
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.payments.operations import write_methods
from seatkeeper.domain.subscriptions.loading import load
from seatkeeper.domain.subscriptions.models import SubscriptionRow as Subscription
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.journal.models import Event
from tests.support.organisation import SEPA, TODAY, Organisation
from tests.support.portal import signed_in

CARD = 1


def text(answer: Any) -> str:
    html = answer.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.index("<main") :]).replace("\u00a0", " ").split())


def visit(client: Client, back: str = "") -> str:
    """Go to the provider's page; its address."""
    answer = client.post("/bills/methods/add", {"back": back})
    assert answer.status_code == 302
    return str(answer["Location"])


def chosen(client: Client, name: str, back: str = "") -> str:
    """Choose a card for tests there; the address at which one comes back."""
    answer = client.post(visit(client, back), {"choice": name, "do": "choose"})
    assert answer.status_code == 302
    return str(answer["Location"])


def default_of(organisation: Organisation) -> int | None:
    return Account.objects.get(id=organisation.account).default_method


def paid_with(organisation: Organisation, method: int) -> int:
    rows = Subscription.objects.filter(account_id=organisation.account, method_id=method)
    return rows.exclude(status="deleted").count()


def removed(organisation: Organisation, method: int) -> bool:
    return Method.objects.get(account_id=organisation.account, id=method).removed_at is not None


def test_a_choice_that_the_provider_does_not_offer_is_refused_with_a_word(contoso: Organisation) -> None:
    client = signed_in(contoso)
    there = visit(client)
    answer = client.post(there, {"choice": "nothing", "do": "choose"})
    assert answer.status_code == 422 and "Error: Choose one of these, or go back." in text(answer)
    html = answer.content.decode()
    assert "<title>Error: Payment provider" in html and 'id="navigation"' not in html


# ---- adding -----------------------------------------------------------------------------------------


def test_a_card_is_added_at_the_provider_once_and_said(contoso: Organisation) -> None:
    client = signed_in(contoso)
    page = text(client.get(visit(client)))
    assert "Mastercard ending 4444" in page and "No money moves" in page
    address = chosen(client, "mastercard")
    back = client.get(address)
    assert back["Location"].startswith("/bills/methods?added=")
    assert "Mastercard ending 4444 is added." in text(client.get(back["Location"]))
    made = Method.objects.filter(account_id=contoso.account).latest("id")
    assert (made.kind, made.brand, made.last_four, str(made.expires_on)) == ("card", "Mastercard", "4444", "2030-06-30")
    assert client.get(address)["Location"] == "/bills/methods", "a reload adds nothing"
    assert Method.objects.filter(account_id=contoso.account).count() == 3
    assert default_of(contoso) == CARD


def test_a_mandate_can_be_added_and_one_comes_back_to_the_sheet(contoso: Organisation) -> None:
    client = signed_in(contoso)
    sheet = f"/bills/methods/{CARD}/replace"
    assert client.get(chosen(client, "sepa", sheet))["Location"] == sheet
    assert "NL91 ABNA ... 4300" in text(client.get(sheet))
    elsewhere = client.get(chosen(client, "visa", "//evil.example/x"))["Location"]
    assert elsewhere.startswith("/bills/methods?added=")


def test_leaving_the_provider_adds_nothing_and_says_so(contoso: Organisation) -> None:
    client = signed_in(contoso)
    page = visit(client)
    answer = client.post(page, {"do": "leave", "choice": "visa"})
    assert "Nothing was added" in text(client.get(answer["Location"]))
    assert client.get(page).status_code == 404, "the visit is over"
    assert client.get(answer["Location"].partition("?")[0]).status_code == 404
    assert Method.objects.filter(account_id=contoso.account).count() == 2


def test_an_unknown_choice_changes_nothing(contoso: Organisation) -> None:
    client = signed_in(contoso)
    page = visit(client)
    assert client.post(page, {"do": "choose", "choice": "4111111111111111"}).status_code == 422
    assert SandboxSetup.objects.get().status == "open"


def test_a_visit_of_another_organisation_is_not_there(contoso: Organisation) -> None:
    client = signed_in(contoso)
    owner = User.objects.filter(account_id=contoso.stranger).earliest("id")
    User.objects.filter(id=owner.id).update(role="owner")
    stranger = signed_in(Organisation(contoso.seller, contoso.stranger, contoso.account, {"anna": owner.id}))
    page = visit(client)
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {"do": "choose", "choice": "visa"}).status_code == 404
    back = client.post(page, {"do": "choose", "choice": "visa"})["Location"]
    before = Method.objects.count()
    assert stranger.get(back).status_code == 404
    assert Method.objects.count() == before
    assert client.get(back).status_code == 302


def test_more_than_ten_a_day_are_refused_and_the_visit_stays_good(contoso: Organisation) -> None:
    client = signed_in(contoso)
    for _ in range(9):  # the organisation's own second method was not added today
        client.get(chosen(client, "visa"))
    client.get(chosen(client, "visa"))
    address = chosen(client, "visa")
    answer = client.get(address)
    assert answer.status_code == 422 and "several times today" in text(answer)
    assert SandboxSetup.objects.get(id=address.split("/")[-1].partition("?")[0]).status == "chosen"


def test_no_token_is_written_into_the_journal_or_shown(contoso: Organisation) -> None:
    client = signed_in(contoso)
    client.get(chosen(client, "mastercard"))
    token = Method.objects.filter(account_id=contoso.account).latest("id").token
    assert token.startswith("sandbox_ok.")
    for path in ("/bills/methods", "/activity", f"/bills/methods/{CARD}/replace"):
        assert token not in client.get(path).content.decode()
    assert all(token not in str(row) for row in Event.objects.filter(account_id=contoso.account).values())
    assert verify(seller=contoso.seller).ok


def test_who_may_not_change_is_told_who_can(contoso: Organisation) -> None:
    reader = signed_in(contoso, "daan")
    page = reader.get("/bills/methods").content.decode()
    assert 'aria-disabled="true"' in page and "/remove" not in page
    assert reader.post("/bills/methods/add").status_code == 403
    assert not SandboxSetup.objects.exists()
    assert reader.post(f"/bills/methods/{SEPA}/default").status_code == 422
    assert default_of(contoso) == CARD
    for slug in ("replace", "remove"):
        assert reader.post(f"/bills/methods/{CARD}/{slug}", {"to-method": str(SEPA)}).status_code == 422
    assert not removed(contoso, CARD)


# ---- replacing --------------------------------------------------------------------------------------


def confirm(client: Client, address: str, **given: Any) -> Any:
    """Confirm what the sheet shows."""
    sheet = client.get(address, given)
    outcome = sheet.context["shown"].outcome
    assert outcome is not None, text(sheet)
    fields: dict[str, list[str]] = {"token": [outcome.token]}
    for name, value in outcome.hidden:
        fields.setdefault(name, []).append(value)
    return client.post(address, fields)


def test_a_method_is_replaced_for_one_chosen_or_all(contoso: Organisation) -> None:
    client, address = signed_in(contoso), f"/bills/methods/{CARD}/replace"
    count = paid_with(contoso, CARD)
    assert count > 2
    one = contoso.reference(next(iter(contoso.ids)))
    done = confirm(client, address, **{"to-method": str(SEPA), "some": "yes", "s": one})
    assert done["Location"].startswith("/done/")
    assert (paid_with(contoso, CARD), paid_with(contoso, SEPA)) == (count - 1, 1)
    assert confirm(client, address, **{"to-method": str(SEPA)}).status_code == 302
    assert (paid_with(contoso, CARD), paid_with(contoso, SEPA)) == (0, count)
    assert client.get(done["Location"]).status_code == 200


def test_nothing_ticked_or_chosen_offers_no_confirmation(contoso: Organisation) -> None:
    client, address = signed_in(contoso), f"/bills/methods/{CARD}/replace"
    assert client.get(address).context["shown"].outcome is None
    assert client.get(address, {"to-method": str(SEPA), "some": "yes"}).context["shown"].outcome is None
    assert client.get(f"/bills/methods/{CARD}/other").status_code == 404


# ---- the default ------------------------------------------------------------------------------------


def test_another_method_is_made_the_default(contoso: Organisation) -> None:
    client = signed_in(contoso)
    answer = client.post(f"/bills/methods/{SEPA}/default")
    assert default_of(contoso) == SEPA
    assert "is the default now" in text(client.get(answer["Location"]))
    assert client.post(f"/bills/methods/{SEPA}/default").status_code == 302, "again is no mistake"
    bought = contoso.give("subscription.buy", plan="visio-2-monthly", seats=1)
    made = Subscription.objects.get(account_id=contoso.account, id=bought.subscription)
    assert made.method_id == SEPA
    assert "changed the default payment method" in text(client.get("/activity"))
    assert client.get(f"/bills/methods/{CARD}/default")["Location"] == "/bills/methods" and default_of(contoso) == SEPA


# ---- removing ---------------------------------------------------------------------------------------


def test_what_pays_nothing_is_removed_and_its_token_forgotten(contoso: Organisation) -> None:
    client = signed_in(contoso)
    done = confirm(client, f"/bills/methods/{SEPA}/remove")
    assert "The payment method is removed" in text(client.get(done["Location"]))
    gone = Method.objects.get(account_id=contoso.account, id=SEPA)
    assert gone.removed_at is not None and gone.token == ""
    assert client.get(f"/bills/methods/{SEPA}/remove").status_code == 404
    assert client.post(f"/bills/methods/{SEPA}/default").status_code == 404
    assert "4300" not in text(client.get("/bills/methods"))
    assert default_of(contoso) == CARD


def test_what_still_pays_is_refused_until_another_takes_over(contoso: Organisation) -> None:
    client, address = signed_in(contoso), f"/bills/methods/{CARD}/remove"
    sheet = client.get(address)
    assert sheet.context["shown"].outcome is None and "takes over first" in text(sheet)
    assert client.post(address).status_code == 422
    assert not removed(contoso, CARD)
    count = paid_with(contoso, CARD)
    shown = client.get(address, {"to-method": str(SEPA)})
    assert len(shown.context["shown"].outcome.changes) == count + 1, "each subscription, and the default"
    assert confirm(client, address, **{"to-method": str(SEPA)}).status_code == 302
    assert removed(contoso, CARD) and paid_with(contoso, SEPA) == count and default_of(contoso) == SEPA


def test_replacing_and_removing_tries_declined_invoices_again(troubled: Organisation) -> None:
    client, address = signed_in(troubled), f"/bills/methods/{SEPA}/remove"
    overdue = Document.objects.filter(account_id=troubled.account, due_minor__gt=0, method_id=SEPA)
    due = [one.id for one in overdue]
    assert due
    sheet = client.get(address, {"to-method": str(CARD)})
    assert "tried again" in text(sheet) and "Replace, remove and pay" in text(sheet)
    assert confirm(client, address, **{"to-method": str(CARD)}).status_code == 302
    assert not Document.objects.filter(account_id=troubled.account, id__in=due, due_minor__gt=0).exists()
    assert removed(troubled, SEPA)


def test_the_last_one_stays_while_it_pays(contoso: Organisation) -> None:
    client = signed_in(contoso)
    confirm(client, f"/bills/methods/{SEPA}/remove")
    page = text(client.get(f"/bills/methods/{CARD}/remove"))
    assert "It is the only method, so it stays until another can take over." in page
    assert f"/bills/methods/add?back=/bills/methods/{CARD}/remove" in (
        client.get(f"/bills/methods/{CARD}/remove").content.decode()
    )


def test_without_any_method_the_list_says_what_that_means(contoso: Organisation) -> None:
    client = signed_in(contoso)
    Subscription.objects.filter(account_id=contoso.account).update(method_id=SEPA)
    done = confirm(client, f"/bills/methods/{CARD}/remove")
    assert done.status_code == 302 and default_of(contoso) == SEPA
    Subscription.objects.filter(account_id=contoso.account).update(method_id=None)
    sheet = client.get(f"/bills/methods/{SEPA}/remove")
    assert "It is the last one" in text(sheet)
    confirm(client, f"/bills/methods/{SEPA}/remove")
    assert default_of(contoso) is None
    assert "No payment method yet" in text(client.get("/bills/methods"))
    client.get(chosen(client, "visa"))
    assert default_of(contoso) == Method.objects.filter(account_id=contoso.account).latest("id").id


def test_a_preview_that_is_not_true_any_more_does_nothing(contoso: Organisation) -> None:
    client, address = signed_in(contoso), f"/bills/methods/{CARD}/remove"
    token = client.get(address, {"to-method": str(SEPA)}).context["shown"].outcome.token
    contoso.give("subscription.buy", plan="visio-2-monthly", seats=1)
    answer = client.post(address, {"to-method": str(SEPA), "token": token})
    assert answer.status_code == 409 and not removed(contoso, CARD)


def test_a_method_of_another_organisation_is_not_there(contoso: Organisation) -> None:
    client, far = signed_in(contoso), 987_000
    write_methods([(contoso.stranger, far, "card", "Visa", "sandbox_ok", "Visa", "1111", None, False, None, TODAY)])
    for path in ("default", "replace", "remove"):
        for answer in (client.get(f"/bills/methods/{far}/{path}"), client.post(f"/bills/methods/{far}/{path}")):
            assert answer.status_code == 404
    address = f"/bills/methods/{CARD}/remove"
    assert client.get(address, {"to-method": str(far)}).context["shown"].outcome is None
    for command, arguments in (
        ("payment_method.set_default", {"method": far}),
        ("payment_method.remove", {"method": far}),
        ("payment_method.remove", {"method": CARD, "replacement": far}),
        ("payment_method.replace", {"old": far, "token": "sandbox_ok"}),
        ("payment_method.add", {"setup": "unknown"}),
    ):
        with pytest.raises(Refused) as caught:
            contoso.give(command, **arguments)
        assert caught.value.code == "not_found"


def test_a_removed_or_replaced_method_is_not_chosen_again(contoso: Organisation) -> None:
    contoso.give("payment_method.remove", method=SEPA)
    for command in ("set_many_method", "set_payment_method"):
        given: dict[str, Any] = {"subscriptions": (1,)} if command == "set_many_method" else {}
        with pytest.raises(Refused) as caught:
            contoso.give(f"subscription.{command}", method=SEPA, **given)
        assert caught.value.code == "not_found"
    made = contoso.give("payment_method.replace", old=CARD, token="sandbox_ok").method
    with pytest.raises(Refused):
        contoso.give("payment_method.set_default", method=CARD)
    assert default_of(contoso) == made


def test_a_charge_on_its_way_keeps_its_method(troubled: Organisation) -> None:
    owed = Document.objects.filter(account_id=troubled.account, due_minor__gt=0, method_id=SEPA).earliest("id")
    state = load([troubled.account], locked=False)[troubled.account].state
    documents = tuple(
        changed(one, pending_minor=one.due_minor) if one.id == owed.id else one for one in state.documents
    )
    with pytest.raises(Refused) as caught:
        decide(changed(state, documents=documents), "remove_method", {"method": SEPA, "replacement": CARD},
               now=troubled.now)  # fmt: skip
    assert caught.value.code == "payment_pending"
