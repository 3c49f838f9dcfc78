"""Which invoice a bank transfer is for: by its reference, then by amount and IBAN; else a person decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from seatkeeper.core.invoicing.reference import is_creditor_reference

BY_REFERENCE: Final = "reference"
BY_AMOUNT: Final = "amount_and_iban"

_NUMBER: Final = re.compile(r"(?<![A-Z0-9])(INV|CN)[- ]?(\d{4})[- ]?(\d{6})(?!\d)")
_STRUCTURED: Final = re.compile(r"(?<![A-Z0-9])RF\d{2}(?: ?[A-Z0-9]){1,21}")
_OWN: Final = re.compile(r"(INV|CN)(\d{4})(\d{6})")

Number = tuple[str, int, int]
"""A document number: its series, year and number within it."""


class Entry(NamedTuple):
    """Money that came to the seller's bank account. text: the structured reference, then what the payer wrote.

    name, iban: the payer's. reference: what tells this entry from all others of the same bank account, for ever.
    """

    reference: str
    booked_on: date
    amount_minor: int
    currency: str
    name: str
    iban: str
    text: str


class Owed(NamedTuple):
    """An open invoice that a transfer may be for."""

    account: int
    document: int
    due_minor: int
    currency: str


class Match(NamedTuple):
    """Whose an entry is. document None: all that is open, oldest first. how: BY_REFERENCE or BY_AMOUNT."""

    account: int
    document: int | None
    how: str


class Unmatched(NamedTuple):
    """Why a person decides.

    no_reference, several_references, unknown_reference, not_open, other_currency or other_amount.
    """

    reason: str


def numbers_in(text: str) -> tuple[Number, ...]:
    """The document numbers that a payer's text names, structured or written out, each once, in order.

    A structured reference counts only with the right check digits (ISO 11649).
    """
    upper = text.upper()
    found: dict[Number, None] = {}
    for one in _STRUCTURED.findall(upper):
        words = one.split(" ")
        for count in range(len(words), 0, -1):  # words of the payer may follow without a mark
            together = "".join(words[:count])
            if is_creditor_reference(together) and (own := _OWN.fullmatch(together[4:])):
                found[own[1], int(own[2]), int(own[3])] = None
                break
    for series, year, number in _NUMBER.findall(_STRUCTURED.sub(" ", upper)):
        found[series, int(year), int(number)] = None
    return tuple(found)


def match(
    entry: Entry, named: Mapping[Number, Owed | None], by_iban: Sequence[int], owed: Mapping[int, Sequence[Owed]]
) -> Match | Unmatched:
    """Whose an entry is.

    named: what is open of the documents it names; None where such a one is not open, missing where there is none.
    by_iban: the accounts that have paid from this IBAN before. owed: what is open of these accounts.
    """
    numbers = numbers_in(entry.text)
    if len(numbers) > 1:
        return Unmatched("several_references")
    if numbers:
        if numbers[0] not in named:
            return Unmatched("unknown_reference")
        one = named[numbers[0]]
        if one is None:
            return Unmatched("not_open")
        if one.currency != entry.currency:
            return Unmatched("other_currency")
        return Match(one.account, one.document, BY_REFERENCE)
    if len(by_iban) != 1:
        return Unmatched("no_reference")
    return _by_amount(entry, owed.get(by_iban[0], ()))


def _by_amount(entry: Entry, owed: Sequence[Owed]) -> Match | Unmatched:
    """Exactly one open invoice of that amount, or all that is open together."""
    own = [one for one in owed if one.currency == entry.currency]
    exact = [one for one in own if one.due_minor == entry.amount_minor]
    if len(exact) == 1:
        return Match(exact[0].account, exact[0].document, BY_AMOUNT)
    if not exact and own and sum(one.due_minor for one in own) == entry.amount_minor:
        return Match(own[0].account, None, BY_AMOUNT)
    return Unmatched("other_amount")
