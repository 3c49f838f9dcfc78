"""camt.053 and camt.054 of ISO 20022: what came to a bank account, read as a stream (any version of the message).

A file is read twice: once to see that all of it is sound, then entry by entry, so that memory does not grow with it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from seatkeeper.core.money import DECIMALS
from seatkeeper.core.payments.matching import Entry

MOST_TEXT = 500


class BadStatement(Exception):
    """The file is no statement that can be taken; a sentence says why."""


@dataclass(slots=True)
class Summary:
    """What a sound file holds. ibans: of the accounts it is about. left_out: debits, reversals and what is pending."""

    ibans: set[str] = field(default_factory=set)
    entries: int = 0
    left_out: int = 0


def check(path: Path) -> Summary:
    """Read a whole file and say what it holds. Raises BadStatement where any of it is not sound."""
    found = Summary()
    with path.open("rb") as file:
        for statement, booked in _bookings(file):
            found.ibans.add(statement.iban)
            found.entries += len(booked)
            found.left_out += statement.left_out
            statement.left_out = 0
    if not found.ibans:
        raise BadStatement("this is no camt.053 or camt.054 message: it holds no statement or notification")
    return found


def entries(path: Path) -> Iterator[Entry]:
    """The money that came in, in the order of the file, which `check` has found sound."""
    with path.open("rb") as file:
        for _, booked in _bookings(file):
            yield from booked


@dataclass(slots=True)
class _Statement:
    """One statement or notification while it is read. balances: opening and closing; moved: credits less debits.

    left_out: bookings that count for nothing here, since it was asked last.
    """

    iban: str = ""
    left_out: int = 0
    balances: dict[str, Decimal] = field(default_factory=dict)
    moved: Decimal = Decimal(0)
    seen: Counter[str] = field(default_factory=Counter)


def _bookings(file: IO[bytes]) -> Iterator[tuple[_Statement, list[Entry]]]:
    """What came in by each booking, and at the end of each statement once more nothing."""
    try:
        yield from _read(file)
    except DefusedXmlException as error:
        raise BadStatement(f"the file declares entities, which no bank does ({type(error).__name__})") from None
    except ParseError as error:
        raise BadStatement(f"the file is broken: {error}") from None


def _read(file: IO[bytes]) -> Iterator[tuple[_Statement, list[Entry]]]:
    statement, outer = _Statement(), None
    for event, one in iterparse(file, events=("start", "end"), forbid_dtd=True):
        name = _name(one)
        if event == "start":
            if name in ("Stmt", "Ntfctn"):
                statement, outer = _Statement(), one
            continue
        if name == "Acct" and not statement.iban:
            statement.iban = _text(one, "Id", "IBAN").replace(" ", "")
        elif name == "Bal":
            _balance(statement, one)
        elif name == "Ntry":
            found = list(_entries(statement, one))
            if outer is not None:
                outer.remove(one)
            yield statement, found
        elif name in ("Stmt", "Ntfctn"):
            _adds_up(statement)
            one.clear()
            yield statement, []


def _balance(statement: _Statement, one: Element) -> None:
    code = _text(one, "Tp", "CdOrPrtry", "Cd")
    amount = _child(one, "Amt")
    if code in ("OPBD", "PRCD", "CLBD") and amount is not None:
        signed = _decimal(amount) * (-1 if _text(one, "CdtDbtInd") == "DBIT" else 1)
        statement.balances.setdefault("CLBD" if code == "CLBD" else "OPBD", signed)


def _adds_up(statement: _Statement) -> None:
    """The closing balance is the opening one and all that moved, where both are given."""
    if len(statement.balances) < 2:
        return
    opening, closing = statement.balances["OPBD"], statement.balances["CLBD"]
    if opening + statement.moved != closing:
        raise BadStatement(
            f"the entries of {statement.iban or 'the account'} do not add up: {opening} and {statement.moved} moved, "
            f"but the closing balance is {closing}"
        )


def _entries(statement: _Statement, one: Element) -> Iterator[Entry]:
    """The money that came in by one booking: each transaction of it that has an amount, or the booking as a whole."""
    amount = _child(one, "Amt")
    if amount is None:
        raise BadStatement("an entry has no amount")
    credit = _text(one, "CdtDbtInd") == "CRDT"
    status = _text(one, "Sts", "Cd") or _text(one, "Sts")
    if status in ("BOOK", ""):
        statement.moved += _decimal(amount) * (1 if credit else -1)
    if not credit or status not in ("BOOK", "") or _text(one, "RvslInd") == "true":
        statement.left_out += 1
        return
    booked = _text(one, "BookgDt", "Dt") or _text(one, "BookgDt", "DtTm")[:10] or _text(one, "ValDt", "Dt")
    transactions = [part for details in _children(one, "NtryDtls") for part in _children(details, "TxDtls")]
    amounts = [_own_amount(part) for part in transactions]
    if len(transactions) > 1 and all(part is not None for part in amounts):
        for part, own in zip(transactions, amounts, strict=True):
            assert own is not None
            yield _entry(statement, one, part, own, booked)
    else:
        yield _entry(statement, one, transactions[0] if len(transactions) == 1 else None, amount, booked)


def _entry(statement: _Statement, booking: Element, part: Element | None, amount: Element, booked: str) -> Entry:
    currency = amount.get("Ccy", "")
    name = iban = text = end_to_end = ""
    if part is not None:
        payer = _path(part, "RltdPties", "Dbtr")
        name = "" if payer is None else _text(payer, "Pty", "Nm") or _text(payer, "Nm")
        iban = _text(part, "RltdPties", "DbtrAcct", "Id", "IBAN").replace(" ", "").upper()
        end_to_end = _text(part, "Refs", "EndToEndId")
        text = " ".join(_remittance(part))
    text = (text or _text(booking, "AddtlNtryInf"))[:MOST_TEXT]
    own = "" if part is None else _text(part, "Refs", "AcctSvcrRef") or _text(part, "Refs", "TxId")
    bank = _text(booking, "AcctSvcrRef") or _text(booking, "NtryRef")
    try:
        day = date.fromisoformat(booked)
    except ValueError:
        raise BadStatement(f"an entry has no date of booking: {booked!r}") from None
    minor = _minor(amount, currency)
    told = "\x1f".join((statement.iban, booked, str(minor), currency, bank, own, end_to_end, iban, name, text))
    statement.seen[told] += 1
    digest = hashlib.sha256(f"{told}\x1f{statement.seen[told]}".encode()).hexdigest()
    return Entry(digest, day, minor, currency, name[:140], iban[:34], text)


def _remittance(part: Element) -> Iterator[str]:
    """The creditor references, then what the payer wrote."""
    about = _child(part, "RmtInf")
    if about is None:
        return
    for structured in _children(about, "Strd"):
        yield _text(structured, "CdtrRefInf", "Ref")
    for written in _children(about, "Ustrd"):
        yield (written.text or "").strip()


def _own_amount(part: Element) -> Element | None:
    found = _child(part, "Amt")
    return _path(part, "AmtDtls", "TxAmt", "Amt") if found is None else found


def _minor(amount: Element, currency: str) -> int:
    if currency not in DECIMALS:
        raise BadStatement(f"an entry is in a currency that is not known: {currency!r}")
    minor = _decimal(amount).scaleb(DECIMALS[currency])
    if minor != minor.to_integral_value() or minor <= 0:
        raise BadStatement(f"an entry has no sound amount: {amount.text!r} {currency}")
    return int(minor)


def _decimal(amount: Element) -> Decimal:
    try:
        found = Decimal((amount.text or "").strip())
    except InvalidOperation:
        raise BadStatement(f"an amount is no number: {amount.text!r}") from None
    if not found.is_finite() or abs(found) >= Decimal(10) ** 15:
        raise BadStatement(f"an amount is no number: {amount.text!r}")
    return found


def _name(one: Element) -> str:
    return str(one.tag).rpartition("}")[2]


def _children(one: Element, name: str) -> Iterator[Element]:
    return (child for child in one if _name(child) == name)


def _child(one: Element, name: str) -> Element | None:
    return next(_children(one, name), None)


def _path(one: Element | None, *names: str) -> Element | None:
    for name in names:
        one = None if one is None else _child(one, name)
    return one


def _text(one: Element, *names: str) -> str:
    found = _path(one, *names)
    return "" if found is None else (found.text or "").strip()
