"""Changing what documents print of a seller, and the rates that come in: checked before anything is kept."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from seatkeeper.adapters.rates.daily import BadRates, rates
from seatkeeper.domain.accounts.models import Logo
from seatkeeper.domain.invoicing.letterhead import NAMES, BadLetterhead, change, shown
from tests.cast import Story
from tests.support.documents import LOGO, complete, forms


@pytest.mark.django_db
def test_next_document_prints_what_was_set_and_the_last_one_what_was_so() -> None:
    story = complete(Story("linde"))
    story.buy()
    change(story.seller, {"iban": "be68 5390 0754 7034", "town": "Delft", "bic": "", "colour": "#AABBCC"}, logo=LOGO)
    story.buy("premium-monthly", 2)
    before, after = (one.seller for one in forms(story.account))
    assert (before.bank.iban, before.bank.bic, before.place.town) == ("NL91ABNA0417164300", "ABNANL2A", "Amsterdam")
    assert (after.bank.iban, after.bank.bic, after.place.town) == ("BE68539007547034", "", "Delft")
    assert after.look.colour == "#aabbcc" and after.look.logo == LOGO
    assert set(NAMES) < set(shown(story.seller))


@pytest.mark.django_db
def test_logo_goes_and_stays_for_those_who_printed_it() -> None:
    story = complete(Story("linde"))
    story.buy()
    change(story.seller, {}, logo=b"")
    story.buy("premium-monthly", 2)
    assert [bool(one.seller.look.logo) for one in forms(story.account)] == [True, False]
    assert Logo.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("iban", "NL92ABNA0417164300"), ("iban", "x"), ("bic", "ABN"), ("colour", "green"), ("vat_id", "1234"),
        ("email", "nobody"), ("name", " "), ("town", "x" * 101), ("shoe_size", "44"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_changed(name: str, text: str) -> None:
    story = complete(Story("linde"))
    before = shown(story.seller)
    with pytest.raises(BadLetterhead) as refused:
        change(story.seller, {"town": "Delft", name: text})
    assert refused.value.name == name and shown(story.seller) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "picture",
    [b"GIF89a", b"\x89PNG\r\n\x1a\n and no more", b"<svg", b"<svg>\xff</svg>", b"x" * 100_001],
)
def test_logo_that_cannot_be_printed_is_refused(picture: bytes) -> None:
    story = complete(Story("linde"))
    with pytest.raises(BadLetterhead):
        change(story.seller, {}, logo=picture)
    assert Logo.objects.count() == 1


CSV = b"Date, USD, JPY, XXX,\n24 November 2026, 1.0812, 163.55, N/A,\n"


def test_rates_are_read_in_the_central_banks_form_plain_or_packed() -> None:
    wanted = [
        ("USD", date(2026, 11, 24), "1.0812", "European Central Bank"),
        ("JPY", date(2026, 11, 24), "163.55", "European Central Bank"),
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("eurofxref.csv", CSV)
    assert rates(CSV) == rates(packed.getvalue()) == wanted


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "first line"), (b"<html>", "first line"), (b"PK nonsense", "no CSV"), (b"\xff\xfe", "no CSV"),
        (b"Date,USD\nsome day,1", "no day"), (b"Date,USD\n2026-11-24,-1", "no rate"), (b"x" * 5_000_001, "too large"),
        (b"Date,USD\n2026-11-24,NaN", "no rate"), (b"Date,USDX\n2026-11-24,1", "no rate"),
        (b"Date,USD\n2026-11-24,1e-400000", "no rate"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_rates_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(BadRates, match=why):
        rates(content)
