"""What a document prints is what was so on the day of issue, whatever is changed afterwards."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seatkeeper.core.invoicing.reference import creditor_reference, is_creditor_reference
from seatkeeper.core.tax.currencies import converted, national_currency
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.invoicing.models import Document, SellerForm
from seatkeeper.domain.invoicing.rates import keep, rate_before
from seatkeeper.domain.payments.models import Method
from tests.cast import Story
from tests.support.documents import complete, forms


@pytest.mark.django_db
def test_nothing_that_is_changed_later_touches_an_issued_document() -> None:
    story = complete(Story("linde"))
    bought = story.buy()
    story.at("2026-03-10T12:00").give("set_seats", subscription=bought, seats=4)
    before = forms(story.account)
    Seller.objects.filter(id=story.seller).update(
        name="Anders B.V.", country="BE", vat_id="BE0403170701", registration_number="9", address={}, letterhead={}
    )
    Account.objects.filter(id=story.account).update(
        name="Anders", address={}, vat_id="NL1", language="nl", purchase_order="X", terms_days=1, exempt_reason="so"
    )
    Method.objects.filter(account_id=story.account).update(label="other", kind="bank_transfer")
    assert forms(story.account) == before
    assert {one.kind for one in before} == {"invoice", "credit_note"}
    assert before[0].seller.bank.iban == "NL91ABNA0417164300" and before[0].seller.look.logo_kind == "svg"


@pytest.mark.django_db
def test_seller_is_kept_once_for_all_documents_until_it_changes() -> None:
    story = complete(Story("linde"))
    story.buy()
    story.buy("premium-monthly", 2)
    assert SellerForm.objects.filter(seller_id=story.seller).count() == 1
    Seller.objects.filter(id=story.seller).update(name="Polder Software N.V.")
    story.buy("site-monthly", 1)
    assert [one.seller.name for one in forms(story.account)] == ["Polder Software B.V."] * 2 + ["Polder Software N.V."]
    assert SellerForm.objects.filter(seller_id=story.seller).count() == 2


@pytest.mark.django_db
def test_any_number_of_forms_costs_four_queries() -> None:
    story = complete(Story("linde"))
    story.buy()
    story.at("2026-09-02T09:00")
    ids = list(Document.objects.filter(account_id=story.account).values_list("id", flat=True))
    forms(story.account)
    with CaptureQueriesContext(connection) as asked:
        forms(story.account)
    assert len(ids) == 7 and len(asked) == 4


@pytest.mark.django_db
def test_document_from_before_forms_were_kept_prints_the_seller_of_today() -> None:
    story = complete(Story("linde"))
    story.buy()
    Document.objects.filter(account_id=story.account).update(form="", printed={})
    found = forms(story.account)[0]
    assert found.seller.name == "Polder Software B.V." and found.template == "1"


@pytest.mark.django_db
def test_vat_stands_in_the_sellers_currency_by_the_rate_last_published_before_the_day() -> None:
    story = complete(Story("harbor", at="2026-03-09T12:00"))
    Account.objects.filter(id=story.account).update(country="NL")
    story.buy()
    national = forms(story.account)[0].national
    assert national is not None and (national.currency, national.on) == ("EUR", date(2026, 3, 6))
    assert national.source == "European Central Bank" and national.into_per_euro == "1"
    exact = 1365 / float(national.per_euro)
    assert abs(national.vat_minor - exact) <= 0.5


@pytest.mark.django_db
def test_rate_that_was_published_since_goes_before_the_shipped_one() -> None:
    assert rate_before("USD", date(2026, 3, 9)).on == date(2026, 3, 6)
    assert keep([("USD", date(2026, 3, 8), "2", "by hand"), ("XDR", date(2026, 3, 8), "1", "by hand")]) == 2
    assert keep([("USD", date(2026, 3, 8), "3", "again")]) == 0
    assert rate_before("USD", date(2026, 3, 9)) == ("2", date(2026, 3, 8), "by hand")
    assert rate_before("USD", date(2026, 3, 8)).on == date(2026, 3, 6)
    assert rate_before("KWD", date(2026, 3, 8)) is None


def test_references_have_right_check_digits() -> None:
    assert creditor_reference("539007547034") == "RF18539007547034"
    assert is_creditor_reference("RF18 5390 0754 7034") and not is_creditor_reference("RF19539007547034")
    assert is_creditor_reference(creditor_reference("INV-2026-000001"))


def test_euro_came_to_each_country_on_its_day() -> None:
    assert national_currency("BG", date(2025, 12, 31)) == "BGN" and national_currency("BG", date(2026, 1, 1)) == "EUR"
    assert national_currency("HR", date(2022, 12, 31)) == "HRK" and national_currency("NL", date(2016, 1, 1)) == "EUR"
    assert national_currency("US", date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("minor", "currency", "rate", "into", "into_rate", "expected"),
    [(1000, "USD", "2", "EUR", "1", 500), (-1, "USD", "2", "EUR", "1", -1), (100, "JPY", "160", "EUR", "1", 63),
     (1000, "EUR", "1", "CHF", "0.95", 950), (1500, "USD", "1.5", "SEK", "11", 11000)],
)  # fmt: skip
def test_sum_is_turned_into_another_currency_and_rounded_once(
    minor: int, currency: str, rate: str, into: str, into_rate: str, expected: int
) -> None:
    assert converted(minor, per_euro=rate, currency=currency, into_per_euro=into_rate, into=into) == expected
