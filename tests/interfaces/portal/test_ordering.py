"""The catalogue, a product's page, the cart and the checkout: what is shown is what is ordered, once, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.licensing.models import Assignment
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.subscriptions.models import CartItem, SubscriptionRow
from tests.support.organisation import SEPA, Organisation
from tests.support.portal import signed_in

INTUNE = {"plan": "intune-1-monthly", "seats": "5"}
PLANNER = {"plan": "planner-3-yearly-monthly", "seats": "2"}


def text(answer: Any) -> str:
    found: str = answer.content.decode().replace("\u00a0", " ")
    return found


def put(client: Client, product: str, **fields: str) -> Any:
    """Press "Add to cart" on the product's page."""
    return client.post(f"/buy/{product}", {"do": "cart", **fields})


def filled(organisation: Organisation, person: str = "anna") -> Client:
    """A browser whose cart holds Intune, monthly, and Planner, a year paid monthly."""
    client = signed_in(organisation, person)
    for product, fields in (("intune-1", INTUNE), ("planner-3", PLANNER)):
        assert put(client, product, **fields)["Location"] == "/cart"
    return client


def ordered(client: Client, **fields: str) -> Any:
    """Check out, and press the button that is there: the form sends the method that is chosen from the start, too."""
    page = client.get("/checkout", fields)
    outcome, method = page.context["shown"].outcome, page.context["default_method"]
    assert outcome is not None
    return client.post("/checkout", {"token": outcome.token, "method": method, "purchase_order": "", **fields})


def bought(organisation: Organisation) -> list[tuple[str, int, str]]:
    rows = SubscriptionRow.objects.filter(account_id=organisation.account, product__in=("intune-1", "planner-3"))
    return list(rows.order_by("id").values_list("plan", "seats", "status"))


def test_catalogue_narrows_by_words_category_and_what_one_has(contoso: Organisation) -> None:
    client = signed_in(contoso)

    def shown(query: str) -> set[str]:
        return {one.product for one in client.get(f"/buy?{query}").context["offers"]}

    assert shown("search=reports") == {"power-bi-pro"}
    assert shown("category=Security") == {"entra-p1", "intune-1"}
    assert shown("category=held") == {"business-basic", "business-standard", "visio-2", "entra-p1"}
    assert shown("category=Security&search=phones") == {"intune-1"}
    assert "from €7.125" in text(client.get("/buy?search=intune"))
    assert "from €85.50" in text(client.get("/buy?search=intune&per=year"))
    assert shown("search=zzz") == set()


def test_product_page_shows_what_it_needs_and_what_it_comes_to(contoso: Organisation) -> None:
    client = signed_in(contoso)
    phone = text(client.get("/buy/teams-phone", {"plan": "teams-phone-monthly", "seats": "4"}))
    assert "Works only with Business Standard, which you have." in phone
    assert "Total now" in phone and "€36.30" in phone  # 4 at 7.50, and 21%
    assert "beside Business Standard, which you have" in text(client.get("/buy/business-premium"))
    basic = text(client.get("/buy/business-basic"))
    assert "€67.20 per licence per year" in basic and "Mail of 50 GB" in basic
    assert client.get("/buy/nothing").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"plan": "intune-1-monthly", "seats": "many"}, "Enter a whole number"),
        ({"plan": "intune-1-monthly", "seats": ""}, "Choose a plan and enter the number"),
        ({"plan": "business-basic-monthly", "seats": "3"}, "Choose a plan and enter the number"),
        ({"plan": "intune-1-monthly", "seats": "3", "start": "later", "start_on": "soon"}, "Enter a date, such as"),
        ({"plan": "intune-1-monthly", "seats": "3", "start": "later", "start_on": "2026-03-15"}, "a date after today"),
        (
            {"plan": "intune-1-monthly", "seats": "3", "start": "later", "start_on": "2026-04-01", "assign": "all"},
            "Licences can be assigned once it has started",
        ),
    ],
)
def test_what_cannot_go_into_the_cart_is_said_and_kept(
    contoso: Organisation, fields: dict[str, str], sentence: str
) -> None:
    client = signed_in(contoso)
    answer = put(client, "intune-1", **fields)
    assert answer.status_code == 422 and sentence in text(answer)
    assert f'value="{fields["seats"]}"' in text(answer)
    assert not CartItem.objects.exists()


def test_buttons_of_the_product_lead_on_with_what_was_typed(contoso: Organisation) -> None:
    client = signed_in(contoso)
    for do, kind in (("buy", "order"), ("trial", "trial")):
        answer = client.post("/buy/intune-1", {"do": do, **INTUNE})
        assert answer["Location"] == f"/buy/intune-1/{kind}?plan=intune-1-monthly&seats=5"
    assert client.post("/buy/intune-1", {"do": "look", **INTUNE})["Location"].startswith("/buy/intune-1?")


def test_cart_shows_each_item_and_the_sums_of_the_very_decision(contoso: Organisation) -> None:
    client = filled(contoso)
    page = client.get("/cart")
    assert [row.outcome.today for row in page.context["rows"]] == ["€37.50", "€53.39"]
    assert [row.outcome.renews for row in page.context["rows"]] == [
        "Renews on 15\u00a0April\u00a02026", "Renews on 15\u00a0March\u00a02027"
    ]  # fmt: skip
    assert page.context["shown"].outcome.foot_amount == "€109.98"
    assert [one.amount for one in page.context["shown"].outcome.then] == ["€109.98 incl. VAT"]
    assert "Cart (2)" in text(client.get("/buy"))
    assert "2 products. Nothing is ordered yet." in text(page)
    assert bought(contoso) == []


def test_numbers_change_in_the_cart_and_bad_ones_are_named(contoso: Organisation) -> None:
    client = filled(contoso)
    first, second = CartItem.objects.order_by("id").values_list("id", flat=True)
    assert client.post("/cart", {f"seats-{first}": "6", f"seats-{second}": "2"})["Location"] == "/cart"
    assert CartItem.objects.get(id=first).item["seats"] == 6
    answer = client.post("/cart", {f"seats-{first}": "7", f"seats-{second}": "x"})
    assert answer.status_code == 422
    assert "Enter a whole number" in text(answer) and 'value="x"' in text(answer)
    assert CartItem.objects.get(id=first).item["seats"] == 7
    live = client.post("/cart", {f"seats-{first}": "5"}, headers={"HX-Request": "true"})
    assert live.status_code == 200 and '€37.50' in text(live)
    client.post("/cart", {"remove": str(first)})
    assert [row.line.product for row in client.get("/cart").context["rows"]] == ["planner-3"]
    client.post("/cart", {"remove": str(second)})
    assert "Your cart is empty." in text(client.get("/cart"))
    assert client.get("/checkout")["Location"] == "/cart"


def test_an_item_that_is_refused_is_named_at_its_place(contoso: Organisation) -> None:
    client = filled(contoso)
    put(client, "business-basic", plan="business-basic-monthly", seats="290")
    page = client.get("/cart")
    refused = [row.refused is not None for row in page.context["rows"]]
    assert refused == [False, False, True]
    assert "Business Basic: At most 300 licences" in text(page)
    assert "once the cart has nothing to mend" in text(page)
    assert page.context["shown"].outcome is None


def test_order_is_one_invoice_with_the_number_and_empties_the_cart(contoso: Organisation) -> None:
    client, before = filled(contoso), Document.objects.filter(account_id=contoso.account).count()
    shown = client.get("/checkout", {"purchase_order": "PO-7781"}).context["shown"].outcome
    assert shown.button == "Place order and pay €109.98"
    answer = ordered(client, purchase_order="PO-7781")
    receipt = text(client.get(answer["Location"]))
    assert "Ordered: 2 products" in receipt and "€109.98" in receipt and "PO-7781" in receipt
    assert "Intune Plan 1" in receipt and "Renews on" in receipt
    document = Document.objects.filter(account_id=contoso.account).latest("id")
    assert Document.objects.filter(account_id=contoso.account).count() == before + 1
    assert (document.gross_minor, document.paid_minor, document.buyer["purchase_order"]) == (10998, 10998, "PO-7781")
    assert Line.objects.filter(account_id=contoso.account, document_id=document.id).count() == 2
    assert "PO-7781" in text(client.get(f"/bills/{document.number}"))
    assert bought(contoso) == [("intune-1-monthly", 5, "active"), ("planner-3-yearly-monthly", 2, "active")]
    assert "Your cart is empty." in text(client.get("/cart"))


def test_a_form_that_is_sent_again_leads_to_its_receipt(contoso: Organisation) -> None:
    client = filled(contoso)
    token = client.get("/checkout").context["shown"].outcome.token
    first = client.post("/checkout", {"token": token})["Location"]
    assert client.post("/checkout", {"token": token})["Location"] == first
    put(client, "intune-1", **INTUNE)  # a new cart by then
    assert client.post("/checkout", {"token": token})["Location"] == first
    assert len(bought(contoso)) == 2


def test_a_declined_card_keeps_the_cart_and_another_method_orders(contoso: Organisation) -> None:
    client = filled(contoso)
    Method.objects.filter(account_id=contoso.account, id=1).update(token="sandbox_declined")
    answer = ordered(client, purchase_order="PO-1")
    html = text(answer)
    assert answer.status_code == 422 and "was declined for €109.98" in html and "<title>Error: " in html
    assert 'value="PO-1"' in html
    assert CartItem.objects.count() == 2 and bought(contoso) == []
    done = ordered(client, purchase_order="PO-1", method=str(SEPA))
    assert "SEPA" in text(client.get(done["Location"]))
    assert len(bought(contoso)) == 2


def test_a_cart_that_changed_in_another_tab_is_shown_anew(contoso: Organisation) -> None:
    client = filled(contoso)
    token = client.get("/checkout").context["shown"].outcome.token
    put(client, "intune-1", plan="intune-1-monthly", seats="6")
    answer = client.post("/checkout", {"token": token})
    assert answer.status_code == 409
    assert answer.context["shown"].outcome.button == "Place order and pay €119.05"
    assert bought(contoso) == []


def test_a_price_that_changed_meanwhile_is_shown_anew(contoso: Organisation) -> None:
    client = filled(contoso)
    token = client.get("/checkout").context["shown"].outcome.token
    contoso.move(contoso.now.replace(day=16))
    answer = client.post("/checkout", {"token": token})
    assert answer.status_code == 409 and bought(contoso) == []
    assert "Something changed while this was open" in text(answer)


def test_a_number_that_is_too_long_is_named(contoso: Organisation) -> None:
    client = filled(contoso)
    answer = client.get("/checkout", {"purchase_order": "x" * 65})
    assert "at most 64" in text(answer) and answer.context["shown"].outcome is None
    assert client.post("/checkout", {"purchase_order": "a\x07", "token": "x"}).status_code == 422


def test_trial_later_and_aligned_go_through_the_cart(contoso: Organisation) -> None:
    client = signed_in(contoso)
    standard = str(contoso.ids["standard"])
    put(client, "planner-3", plan="planner-3-monthly", seats="2", align=standard)
    put(client, "intune-1", **INTUNE, start="later", start_on="2026-04-20")
    client.post("/buy/exchange-1", {"do": "cart-trial", "plan": "exchange-1-monthly", "seats": "3"})
    page = client.get("/cart")
    assert [row.outcome.starts for row in page.context["rows"]] == ["Today", "20\u00a0April\u00a02026", "Today"]
    assert "with Business Standard" in text(page) and "Free until 13 April 2026" in text(page)
    ordered(client)
    rows = SubscriptionRow.objects.filter(account_id=contoso.account).order_by("-id")[:3]
    assert {(one.product, one.status) for one in rows} == {
        ("planner-3", "active"), ("intune-1", "scheduled"), ("exchange-1", "trial")
    }  # fmt: skip
    own = next(one for one in rows if one.product == "planner-3")
    assert own.term_end_on == SubscriptionRow.objects.get(account_id=contoso.account, id=int(standard)).term_end_on


def test_everybody_without_a_licence_is_offered_and_given_one(contoso: Organisation) -> None:
    client = signed_in(contoso)
    assert client.get("/buy/intune-1").context["page"].users_without == 65
    few = text(client.get("/buy/intune-1", {**INTUNE, "assign": "all"}))
    assert "65 users have no licence yet, and 5 would be available. Enter 65 or more" in few
    put(client, "intune-1", plan="intune-1-monthly", seats="65", assign="all")
    assert "65 users get a licence at once" in text(client.get("/checkout"))
    ordered(client)
    assert Assignment.objects.filter(account_id=contoso.account, product="intune-1").count() == 65
    assert client.get("/buy/intune-1").context["page"].users_without == 0


def test_billing_details_say_what_vat_is_reckoned(contoso: Organisation) -> None:
    client = filled(contoso)
    html = text(client.get("/checkout"))
    assert "Stationsplein 1" in html and "NL009876543B01" in html and "VAT 21%" in html and 'href="/account"' in html
    Account.objects.filter(id=contoso.account).update(address={}, vat_id=None, vat_confirmed=False)
    html = text(client.get("/checkout"))
    assert "An invoice needs your address." in html and "No VAT id." in html
    Account.objects.filter(id=contoso.account).update(country="BE", vat_id="BE0403170701", vat_confirmed=True)
    page = client.get("/checkout")
    assert "VAT reverse charge" in text(page)
    assert page.context["shown"].outcome.button == "Place order and pay €90.89"


def test_who_may_not_buy_sees_prices_and_who_can(contoso: Organisation) -> None:
    reader = signed_in(contoso, "daan")
    html = text(reader.get("/buy/intune-1", INTUNE))
    assert "Anna Jansen and Bram de Vries can do it" in html and 'value="cart"' not in html
    assert put(reader, "intune-1", **INTUNE).status_code == 422
    assert not CartItem.objects.exists()
    assert reader.get("/cart").status_code == 200 and reader.get("/checkout")["Location"] == "/cart"
    assert signed_in(contoso, "carla").get("/cart").status_code == 403


def test_carts_of_two_people_do_not_meet(contoso: Organisation) -> None:
    filled(contoso)
    other = signed_in(contoso, "bram")
    assert "Your cart is empty." in text(other.get("/cart"))
    theirs = CartItem.objects.first()
    assert theirs is not None
    other.post("/cart", {"remove": str(theirs.id)})
    other.post("/cart", {f"seats-{theirs.id}": "99"})
    assert sorted(CartItem.objects.values_list("item__seats", flat=True)) == [2, 5]


def test_debts_close_the_checkout_and_keep_the_cart(troubled: Organisation) -> None:
    client, before = signed_in(troubled), bought(troubled)
    offer = client.get("/buy/intune-1").content.decode()
    assert 'value="cart"' in offer and 'value="buy"' not in offer
    put(client, "intune-1", **INTUNE)
    page = client.get("/cart")
    assert "is overdue" in text(page) and 'href="/checkout"' not in text(page)
    checkout = client.get("/checkout")
    assert "is overdue" in text(checkout) and checkout.context["shown"].outcome is None
    assert client.post("/checkout", {"token": "x"}).status_code == 409
    assert CartItem.objects.count() == 1 and bought(troubled) == before


def test_quick_purchase_is_an_order_of_one(contoso: Organisation) -> None:
    client, path = signed_in(contoso), "/buy/intune-1/order"
    page = client.get(path, INTUNE)
    outcome = page.context["shown"].outcome
    assert outcome.button == "Place order and pay €45.38"
    assert 'href="/buy/intune-1?plan=intune-1-monthly&amp;seats=5"' in text(page)
    answer = client.post(path, {**INTUNE, "token": outcome.token})
    assert "Ordered: 5 licences of Intune Plan 1" in text(client.get(answer["Location"]))
    history = text(client.get(f"/products/S-{10_000 + SubscriptionRow.objects.latest('id').id}"))
    assert "Bought: 5 licences" in history


def test_what_is_typed_after_the_sum_was_shown_is_not_lost(contoso: Organisation) -> None:
    client = filled(contoso)
    token = client.get("/checkout").context["shown"].outcome.token
    answer = client.post("/checkout", {"token": token, "purchase_order": "PO-9"})
    assert answer.status_code == 409 and 'value="PO-9"' in text(answer) and bought(contoso) == []
    again = client.post("/checkout", {"token": answer.context["shown"].outcome.token, "purchase_order": "PO-9"})
    assert "PO-9" in text(client.get(again["Location"]))
    filled(contoso)
    look = client.post("/checkout", {"do": "look", "method": str(SEPA), "purchase_order": "PO-8"})
    assert look.status_code == 200 and 'value="PO-8"' in text(look) and len(bought(contoso)) == 2


def test_cart_takes_the_same_queries_for_one_and_for_twenty_items(contoso: Organisation) -> None:
    client = signed_in(contoso)

    def counted(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    put(client, "intune-1", **INTUNE)
    one = {path: counted(path) for path in ("/cart", "/checkout", "/buy/intune-1")}
    for number in range(1, 20):
        put(client, "intune-1", **INTUNE, start="later", start_on=f"2026-05-{number:02}")
    assert {path: counted(path) for path in one} == one
    assert max(one.values()) <= 30, one
