"""Electronic documents: valid by schema and by the official rules, and equal to ours to the last cent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from lxml import etree

from seatkeeper.adapters.einvoice.addresses import endpoint, enterprise, vat_id
from seatkeeper.adapters.einvoice.cii import Cii
from seatkeeper.adapters.einvoice.semantic import PEPPOL, quantity_and_price
from seatkeeper.adapters.einvoice.ubl import Ubl
from seatkeeper.core.money import DECIMALS
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.form import Form
from seatkeeper.domain.invoicing.ports import NotElectronic
from tests.adapters.told import tell
from tests.cast import Story
from tests.support import peppol
from tests.support.documents import complete, forms
from tests.support.einvoices import faults, read
from tests.support.peppol import first, texts

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

STORIES = 8
"""Stories in each part; the parts have at least 300 documents together."""
RAM = {"ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"}
SUMS = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"


def _exact(minor: int, form: Form) -> Fraction:
    return Fraction(minor if form.kind == "invoice" else -minor, 10 ** DECIMALS[form.currency])


def _ubl_equals(form: Form, root: etree._Element) -> None:
    """Every sum of the document, line by line and category by category."""
    total = "cac:LegalMonetaryTotal/cbc:"
    prepaid = Fraction(form.payment.balance_minor + form.payment.paid_minor, 10 ** DECIMALS[form.currency])
    assert Fraction(first(root, f"{total}LineExtensionAmount")) == _exact(form.net_minor, form)
    assert Fraction(first(root, f"{total}TaxExclusiveAmount")) == _exact(form.net_minor, form)
    assert Fraction(first(root, f"{total}TaxInclusiveAmount")) == _exact(form.gross_minor, form)
    assert Fraction(first(root, f"{total}PrepaidAmount") or 0) == prepaid
    assert Fraction(first(root, f"{total}PayableAmount")) == _exact(form.gross_minor, form) - prepaid
    assert Fraction(first(root, "cac:TaxTotal/cbc:TaxAmount")) == _exact(form.vat_minor, form)
    own = peppol.lines(root)
    amounts = [Fraction(first(one, "cbc:LineExtensionAmount")) for one in own]
    assert amounts == [_exact(one.line.amount_minor, form) for one in form.lines]
    assert amounts == [peppol.line_product(one) for one in own]
    assert all(Fraction(first(one, "cac:Price/cbc:PriceAmount")) >= 0 for one in own)
    taxes = Counter[str]()
    for one in form.vat:
        taxes[one.rate] += one.vat_minor
    found = Counter[str]()
    for sub in root.xpath("cac:TaxTotal/cac:TaxSubtotal", namespaces=peppol.SPACES):
        found[first(sub, "cac:TaxCategory/cbc:Percent") or "0"] += Fraction(first(sub, "cbc:TaxAmount"))
    assert found == {rate: _exact(minor, form) for rate, minor in taxes.items()}


def _cii_equals_ubl(ubl: etree._Element, cii: etree._Element) -> None:
    """Both syntaxes say the same sums, lines, quantities and prices."""

    def of(path: str) -> list[str]:
        return [one.text for one in cii.xpath(path, namespaces=RAM)]

    pairs = (
        ("//ram:LineTotalAmount[ancestor::ram:SpecifiedTradeSettlementLineMonetarySummation]",
         "*/cbc:LineExtensionAmount[not(parent::cac:LegalMonetaryTotal)]"),
        ("//ram:BilledQuantity", "*/cbc:InvoicedQuantity | */cbc:CreditedQuantity"),
        ("//ram:NetPriceProductTradePrice/ram:ChargeAmount", "*/cac:Price/cbc:PriceAmount"),
        ("//ram:NetPriceProductTradePrice/ram:BasisQuantity", "*/cac:Price/cbc:BaseQuantity"),
        (f"{SUMS}LineTotalAmount", "cac:LegalMonetaryTotal/cbc:LineExtensionAmount"),
        (f"{SUMS}TaxBasisTotalAmount", "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount"),
        (f"{SUMS}TaxTotalAmount", "cac:TaxTotal/cbc:TaxAmount"),
        (f"{SUMS}GrandTotalAmount", "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount"),
        (f"{SUMS}TotalPrepaidAmount", "cac:LegalMonetaryTotal/cbc:PrepaidAmount"),
        (f"{SUMS}DuePayableAmount", "cac:LegalMonetaryTotal/cbc:PayableAmount"),
        ("//ram:ApplicableTradeTax/ram:BasisAmount", "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount"),
        ("//ram:ApplicableTradeTax/ram:CalculatedAmount", "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount"),
    )  # fmt: skip
    for left, right in pairs:
        assert of(left) == texts(ubl, right), (left, right)


def _check(form: Form) -> str:
    """One document in both syntaxes; how it was made out: Peppol or plain."""
    ubl, cii = Ubl().render(form), Cii().render(form)
    assert faults("ubl", ubl) == [], ubl.decode()
    assert faults("cii", cii) == [], cii.decode()
    root = read(ubl)
    _ubl_equals(form, root)
    _cii_equals_ubl(root, read(cii))
    if first(root, "cbc:CustomizationID") != PEPPOL:
        return "plain"
    assert list(peppol.faults(root)) == [], ubl.decode()
    return "peppol"


@pytest.mark.parametrize("part", [0, 1, *(pytest.param(part, marks=pytest.mark.soak) for part in range(2, 8))])
def test_random_documents_have_no_finding_and_every_sum_is_ours(part: int) -> None:
    seen = Counter[str]()
    for seed in range(part * STORIES, (part + 1) * STORIES):
        for form in tell(seed):
            seen[_check(form)] += 1
            seen.update({form.kind, *(one.category for one in form.vat)})
    assert seen["invoice"] + seen["credit_note"] >= 38, seen
    assert seen["credit_note"] and seen["peppol"] and seen["plain"], seen


def _moved(who: str, **facts: object) -> Form:
    """The invoice of a change of plan after the buyer's facts changed: back at the old VAT, charged at the new."""
    story = complete(Story(who))
    bought = story.buy()
    Account.objects.filter(id=story.account).update(**facts)
    story.at("2026-03-10T12:00").give("change_plan", subscription=bought, plan="premium-monthly")
    return forms(story.account)[-1]


@pytest.mark.parametrize(
    ("facts", "categories", "written"),
    [
        ({"country": "US"}, {"S", "O"}, {"S", "E"}),
        ({"country": "DE"}, {"S"}, {"S"}),
        ({"country": "BE", "vat_id": "BE0403170701", "vat_confirmed": True}, {"S", "AE"}, {"S", "AE"}),
        ({"exempt_reason": "Art. 151"}, {"S", "E"}, {"S", "E"}),
    ],
)
def test_document_of_several_categories_is_valid(
    facts: dict[str, object], categories: set[str], written: set[str]
) -> None:
    """Outside VAT (O) may not stand beside others (BR-O-11): there it is written as exempt, with its reason."""
    form = _moved("linde", **facts)
    assert {one.category for one in form.vat} == categories and len(form.vat) == 2
    _check(form)
    root = read(Ubl().render(form))
    assert set(texts(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID")) == written
    assert first(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == "INV-2026-000001"


def test_addition_that_pays_is_a_negative_quantity_and_never_a_negative_price() -> None:
    story = complete(Story("linde"))
    bought = story.buy("storage-monthly", 10)
    story.give("set_seats", subscription=bought, seats=11)
    form = forms(story.account)[-1]
    line = form.lines[0].line
    assert (line.seats, line.amount_minor, form.kind) == (1, -82, "credit_note")
    assert quantity_and_price(line, "EUR") == (-1, "0.82", "")
    _check(form)


def test_price_that_does_not_come_out_even_has_a_base_quantity() -> None:
    story = complete(Story("linde"))
    bought = story.buy(seats=10)
    story.at("2026-03-10T12:00").give("set_seats", subscription=bought, seats=17)
    form = forms(story.account)[-1]
    assert quantity_and_price(form.lines[0].line, "EUR") == (7, "29.81", "7")
    _check(form)


def test_outside_vat_the_sellers_vat_id_is_another_registration() -> None:
    story = complete(Story("harbor"))
    story.buy()
    form = forms(story.account)[0]
    ubl, cii = read(Ubl().render(form)), Cii().render(form)
    scheme = "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme"
    assert texts(ubl, f"{scheme}/cbc:CompanyID") == ["NL001234567B01"]
    assert texts(ubl, f"{scheme}/cac:TaxScheme/cbc:ID") == ["TAX"]
    assert b'<ram:ID schemeID="FC">NL001234567B01</ram:ID>' in cii and b'schemeID="VA"' not in cii


def test_vat_stands_in_the_sellers_currency_too() -> None:
    form = _moved("harbor", country="NL")
    assert form.national is not None
    _check(form)
    root = read(Ubl().render(form))
    assert first(root, "cbc:TaxCurrencyCode") == "EUR"
    assert texts(root, "cac:TaxTotal/cbc:TaxAmount[@currencyID='EUR']") == [str(_exact_text(form))]


def _exact_text(form: Form) -> str:
    assert form.national is not None
    return f"{form.national.vat_minor // 100}.{form.national.vat_minor % 100:02d}"


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        (lambda form: replace(form, seller=replace(form.seller, vat_id="")), ("seller_vat_id",)),
        (lambda form: replace(form, currency="KWD"), ("two_decimals",)),
        (lambda form: replace(form, lines=()), ("lines",)),
        (lambda form: replace(form, buyer=replace(form.buyer, name="")), ("buyer_name",)),
    ],
)
def test_what_the_standard_cannot_say_is_refused_with_what_lacks(change: object, lacks: tuple[str, ...]) -> None:
    story = complete(Story("linde"))
    story.buy()
    for syntax in (Ubl(), Cii()):
        with pytest.raises(NotElectronic) as refused:
            syntax.render(change(forms(story.account)[0]))  # type: ignore[operator]
        assert refused.value.lacks == lacks


def test_checks_are_sharp_a_cent_is_found() -> None:
    story = complete(Story("ravel"))
    story.buy()
    form = forms(story.account)[0]
    wrong = replace(form, gross_minor=form.gross_minor + 1)
    assert any(one.startswith("BR-CO-15") for one in faults("ubl", Ubl().render(wrong)))
    assert faults("cii", Cii().render(wrong))
    was, now = b'<cbc:PriceAmount currencyID="EUR">6.00', b'<cbc:PriceAmount currencyID="EUR">6.01'
    bad = Ubl().render(form).replace(was, now)
    assert list(peppol.faults(read(bad))) == [one for one in peppol.RULES if one.startswith("R120")]


def test_same_form_gives_the_same_bytes_and_hostile_names_stay_text() -> None:
    story = complete(Story("linde"))
    story.buy()
    form = forms(story.account)[0]
    form = replace(form, buyer=replace(form.buyer, name='<A & "B">\x07 ]]> Ltd'))
    for syntax in (Ubl(), Cii()):
        assert syntax.render(form) == syntax.render(form)
        assert '<A & "B"> ]]> Ltd' in "".join(read(syntax.render(form)).itertext())
    _check(form)


@pytest.mark.parametrize(
    ("country", "registered", "vat", "expected"),
    [
        ("NL", "12345678", "", ("0106", "12345678")),
        ("NL", "", "NL001234567B01", ("9944", "NL001234567B01")),
        ("BE", "", "BE0403170701", ("0208", "0403170701")),
        ("BE", "", "BE0403170702", ("9925", "BE0403170702")),
        ("GR", "", "EL094259216", ("9933", "EL094259216")),
        ("US", "", "", ("", "")),
    ],
)
def test_party_is_addressed_by_its_register_or_vat_id(
    country: str, registered: str, vat: str, expected: tuple[str, str]
) -> None:
    assert endpoint(country, registered, vat) == expected


def test_identifiers_are_cleaned_and_nonsense_is_left_out() -> None:
    assert vat_id(" nl 0012.34567.b01") == "NL001234567B01" and vat_id("12345") == "" and vat_id("ZZ123") == ""
    assert enterprise("0403.170.701") == "0403170701" and enterprise("0403170702") == ""
