"""Documents on paper: what they show, that they can be archived and read out, and that they come out the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from seatkeeper.adapters.pdf.colours import DARK, PLAIN, readable, usable
from seatkeeper.adapters.pdf.epc import payload
from seatkeeper.adapters.pdf.printer import TypstPrinter
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.invoicing.form import Form
from seatkeeper.domain.invoicing.rendering import printed
from tests.cast import Story
from tests.support.documents import complete, forms
from tests.support.einvoices import faults
from tests.support.pdfs import read_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def _issued(who: str, language: str = "en", **seller: object) -> list[Form]:
    """A purchase, a reduction, and a change of plan: an invoice, a credit note, an invoice with a credit line."""
    story = complete(Story(who), **seller)
    Account.objects.filter(id=story.account).update(language=language)
    bought = story.buy()
    story.at("2026-03-10T12:00").give("set_seats", subscription=bought, seats=4)
    story.at("2026-03-20T12:00").give("change_plan", subscription=bought, plan="premium-monthly")
    return forms(story.account)


@pytest.mark.parametrize("who", ["linde", "molenaar", "ravel", "harbor", "kanto"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_kind_is_archivable_readable_aloud_and_holds_its_electronic_form(who: str, language: str) -> None:
    for form in _issued(who, language):
        content = printed(form, due_minor=form.payment.due_minor)
        found = read_pdf(content)
        assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in found.metadata
        assert "<pdfuaid:part>1</pdfuaid:part>" in found.metadata
        assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in found.metadata
        assert (found.language, found.tagged, found.intents, found.fonts_embedded) == (language, True, 1, True)
        assert form.number in found.title and found.relations == ("/Alternative",)
        assert list(found.files) == ["factur-x.xml"] and faults("cii", found.files["factur-x.xml"]) == []
        assert content == printed(form, due_minor=form.payment.due_minor)


def test_invoice_shows_what_the_law_asks_for() -> None:
    """Article 226: dates, number, both parties, VAT ids, extent, period, price, taxable sum, rate, VAT."""
    text = read_pdf(printed(_issued("molenaar")[0], due_minor=7260)).text
    for wanted in (
        "Invoice", "INV-2026-000001", "1 March 2026", "31 March 2026", "Polder Software B.V.", "Voorbeeldkade 12",
        "1000 AA Amsterdam", "NL001234567B01", "Chamber of Commerce 00123456", "Molenaar Logistiek", "Molendijk 7",
        "2611 AA Delft", "Basic", "10 licences for the whole billing period.", "1 – 31 Mar 2026", "€6.00",
        "10 × €6.00 = €60.00", "VAT 21% of €60.00", "€12.60", "€72.60", "Please transfer €72.60 on 31 March 2026",
        "NL91 ABNA 0417 1643 00", "ABNANL2A", "RF94 INV2 0260 0000 1", "page 1 of 1",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_credit_note_names_the_invoice_and_says_where_the_credit_goes() -> None:
    text = read_pdf(printed(_issued("linde", "nl")[1], due_minor=0)).text
    for wanted in ("Creditfactuur", "Corrigeert", "INV-2026-000001 van 1 maart 2026", "6 licenties minder", "tegoed"):
        assert wanted in text, wanted
    assert "Betaald" not in text


def test_reverse_charge_shows_both_vat_ids_and_the_words_of_the_law() -> None:
    text = read_pdf(printed(_issued("ravel")[0], due_minor=0)).text
    for wanted in ("Reverse charge", "NL001234567B01", "BE0403170701", "art. 196"):
        assert wanted in text, wanted


def test_outside_the_union_the_sellers_vat_id_is_on_paper_all_the_same() -> None:
    text = read_pdf(printed(_issued("harbor")[0], due_minor=0)).text
    assert "NL001234567B01" in text and "Not subject to VAT" in text and "San Francisco, CA" in text


def test_paid_partly_paid_and_open_forms_differ_in_the_panel_only() -> None:
    form = _issued("molenaar")[0]
    open_, part, paid = (read_pdf(printed(form, due_minor=due)) for due in (7260, 5000, 0))
    assert "Scan with your banking app" in open_.text and "Paid" not in open_.text
    assert "Of this, €50.00 is still due." in part.text and "Scan with your banking app" in part.text
    assert "Paid. Nothing is due any more." in paid.text and "Scan" not in paid.text
    assert open_.files == part.files == paid.files


def test_long_document_repeats_its_heads_and_counts_its_pages() -> None:
    form = _issued("linde")[0]
    found = read_pdf(printed(replace(form, lines=form.lines * 40), due_minor=0))
    assert len(found.pages) > 3
    for number, page in enumerate(found.pages[:-1], start=1):
        assert f"page {number} of {len(found.pages)}" in page and "Unit price" in page


def test_payment_code_says_what_the_standard_wants() -> None:
    form = _issued("molenaar")[0]
    assert payload(form.seller.bank, 7260, form.payment.reference).split("\n") == [
        "BCD", "002", "1", "SCT", "ABNANL2A", "Polder Software B.V.", "NL91ABNA0417164300", "EUR72.60", "",
        form.payment.reference,
    ]  # fmt: skip


def test_no_payment_code_where_money_does_not_come_by_transfer_in_euros() -> None:
    for who in ("linde", "harbor"):
        form = _issued(who)[0]
        assert "Scan" not in read_pdf(printed(form, due_minor=form.payment.due_minor)).text


def test_characters_that_no_font_shows_are_replaced_on_paper_and_kept_inside() -> None:
    form = _issued("kanto")[0]
    form = replace(form, buyer=replace(form.buyer, name="関東商会 Kanto"))
    found = read_pdf(printed(form, due_minor=0))
    assert "???? Kanto" in found.text and "関東商会".encode() in found.files["factur-x.xml"]


def test_seller_without_any_letterhead_still_gets_a_sound_document() -> None:
    form = _issued("molenaar", letterhead={})[0]
    found = read_pdf(printed(form, due_minor=7260))
    assert "Please pay €72.60 on 31 March 2026 at the latest." in found.text and "IBAN" not in found.text


def test_document_without_an_electronic_form_is_printed_without_one() -> None:
    form = _issued("linde")[0]
    form = replace(form, seller=replace(form.seller, vat_id=""))
    found = read_pdf(printed(form, due_minor=0))
    assert not found.files and "fx:" not in found.metadata


def test_logo_may_be_a_picture_of_dots() -> None:
    dots = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
        "a5f645400000000049454e44ae426082"
    )
    form = _issued("linde")[0]
    look = replace(form.seller.look, logo=dots, logo_kind="png", colour="not a colour")
    form = replace(form, seller=replace(form.seller, look=look))
    assert TypstPrinter().render(form, due_minor=0, xml=None).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("colour", "shown", "text"),
    [("#0F6C5C", "#0f6c5c", "#0f6c5c"), ("#ffcc00", "#ffcc00", DARK), ("red", PLAIN, PLAIN), ("", PLAIN, PLAIN)],
)
def test_colour_that_cannot_be_read_is_for_rules_only(colour: str, shown: str, text: str) -> None:
    assert usable(colour) == shown and readable(usable(colour)) == text
