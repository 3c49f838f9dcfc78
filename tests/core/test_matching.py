"""Whose a bank transfer is: the references that people write, and what is known of who pays."""

from __future__ import annotations

from datetime import date

import pytest

from seatkeeper.core.invoicing.reference import creditor_reference
from seatkeeper.core.payments.matching import BY_AMOUNT, BY_REFERENCE, Entry, Match, Owed, Unmatched, match, numbers_in

GOOD = creditor_reference("INV-2026-000001")
ONE = ("INV", 2026, 1)


def entry(text: str, minor: int = 12_100, currency: str = "EUR") -> Entry:
    return Entry("x", date(2026, 3, 1), minor, currency, "A. Payer", "NL91ABNA0417164300", text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (GOOD, (ONE,)),
        (f"{GOOD[:4]} {GOOD[4:8]} {GOOD[8:12]} {GOOD[12:]}", (ONE,)),
        (f"{GOOD} thank you", (ONE,)),
        (f"payment {GOOD.lower()}", (ONE,)),
        ("invoice INV-2026-000001", (ONE,)),
        ("inv 2026 000001", (ONE,)),
        ("INV2026000001", (ONE,)),
        (f"{GOOD} INV-2026-000001", (ONE,)),
        ("INV-2026-000001 and INV-2026-000002", (ONE, ("INV", 2026, 2))),
        (GOOD.replace("RF", "RX"), ()),
        (f"RF00{GOOD[4:]}", ()),
        ("INV-2026-0000012", ()),
        ("XINV-2026-000001", ()),
        ("rent of March", ()),
        ("", ()),
    ],
)
def test_numbers_are_found_as_people_write_them(text: str, numbers: tuple[object, ...]) -> None:
    assert numbers_in(text) == numbers


OWED = Owed(7, 70, 12_100, "EUR")


@pytest.mark.parametrize(
    ("one", "named", "found"),
    [
        (entry(GOOD), {ONE: OWED}, Match(7, 70, BY_REFERENCE)),
        (entry(GOOD, minor=5), {ONE: OWED}, Match(7, 70, BY_REFERENCE)),
        (entry(GOOD, currency="USD"), {ONE: OWED}, Unmatched("other_currency")),
        (entry(GOOD), {ONE: None}, Unmatched("not_open")),
        (entry(GOOD), {}, Unmatched("unknown_reference")),
        (entry("INV-2026-000001 INV-2026-000002"), {ONE: OWED}, Unmatched("several_references")),
    ],
)
def test_a_reference_says_which_invoice(one: Entry, named: dict, found: object) -> None:  # type: ignore[type-arg]
    assert match(one, named, (), {}) == found


@pytest.mark.parametrize(
    ("minor", "payers", "owed", "found"),
    [
        (12_100, (7,), (OWED,), Match(7, 70, BY_AMOUNT)),
        (12_100, (7,), (OWED, Owed(7, 71, 500, "EUR")), Match(7, 70, BY_AMOUNT)),
        (12_600, (7,), (OWED, Owed(7, 71, 500, "EUR")), Match(7, None, BY_AMOUNT)),
        (12_100, (7,), (OWED, Owed(7, 71, 12_100, "EUR")), Unmatched("other_amount")),
        (12_100, (7,), (Owed(7, 70, 12_100, "USD"),), Unmatched("other_amount")),
        (12_000, (7,), (OWED,), Unmatched("other_amount")),
        (12_100, (7,), (), Unmatched("other_amount")),
        (12_100, (7, 8), (OWED,), Unmatched("no_reference")),
        (12_100, (), (OWED,), Unmatched("no_reference")),
    ],
)
def test_without_one_the_payer_and_the_amount_must_both_fit(
    minor: int, payers: tuple[int, ...], owed: tuple[Owed, ...], found: object
) -> None:
    assert match(entry("March", minor=minor), {}, payers, {7: owed}) == found
