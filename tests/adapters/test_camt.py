"""Statements of a bank: what is read, what is left out, and what is refused as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatkeeper.adapters.bank.camt import BadStatement, check, entries
from tests.support.statements import OWN, PAYER, statement, transfer


def file(folder: Path, text: str) -> Path:
    path = folder / "statement.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_came_in_is_read_with_its_payer_and_words(tmp_path: Path) -> None:
    path = file(tmp_path, statement([transfer("121.00", "for INV-2026-000001", reference="b1")]))
    assert check(path).ibans == {OWN}
    (one,) = entries(path)
    assert (one.amount_minor, one.currency, one.booked_on.isoformat()) == (12_100, "EUR", "2026-03-20")
    assert (one.name, one.iban, one.text) == ("A. Payer & Co", PAYER, "for INV-2026-000001")


def test_what_went_out_or_is_not_booked_is_left_out(tmp_path: Path) -> None:
    told = [
        transfer("1.00", "out", credit=False),
        transfer("2.00", "not yet", status="PDNG"),
        transfer("3.00", "in", status="<Cd>BOOK</Cd>"),
    ]
    path = file(tmp_path, statement(told))
    found = check(path)
    assert (found.entries, found.left_out) == (1, 2)
    assert [one.text for one in entries(path)] == ["in"]


def test_two_alike_are_two_and_the_same_in_another_file_are_the_same(tmp_path: Path) -> None:
    alike = [transfer("5.00", "coffee")] * 2
    once = [one.reference for one in entries(file(tmp_path, statement(alike)))]
    again = [one.reference for one in entries(file(tmp_path, statement([*alike, transfer("6.00", "tea")])))]
    assert len(set(once)) == 2
    assert again[:2] == once


def test_one_booking_of_many_transfers_is_read_apart(tmp_path: Path) -> None:
    parts = "".join(
        f'<TxDtls><Refs><EndToEndId>{n}</EndToEndId></Refs><Amt Ccy="EUR">{n}.00</Amt>'
        f"<RmtInf><Ustrd>part {n}</Ustrd></RmtInf></TxDtls>"
        for n in (1, 2)
    )
    booking = (
        '<Ntry><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-03-20T10:00:00'
        f"</DtTm></BookgDt><NtryDtls>{parts}</NtryDtls></Ntry>"
    )
    found = list(entries(file(tmp_path, statement([booking]))))
    assert [(one.amount_minor, one.text) for one in found] == [(100, "part 1"), (200, "part 2")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "broken"),
        ("<html></html>", "no camt"),
        (statement([transfer("1.00", "x")])[:-40], "broken"),
        (statement([transfer("1.00", "x", currency="XYZ")]), "currency that is not known"),
        (statement([transfer("1.005", "x")]), "no sound amount"),
        (statement([transfer("-1.00", "x")]), "no sound amount"),
        (statement([transfer("NaN", "x")]), "no number"),
        (statement([transfer("1.00", "x", booked="yesterday")]), "no date"),
        (statement([transfer("1.00", "x")], opening="10.00", closing="12.00"), "do not add up"),
        (
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
            + statement([transfer("1.00", "x")]).split("?>", 1)[1],
            "declares entities",
        ),
    ],
)
def test_an_unsound_file_is_refused_as_a_whole(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadStatement, match=words):
        check(file(tmp_path, text))


def test_a_sound_one_adds_up(tmp_path: Path) -> None:
    told = [transfer("3.00", "x"), transfer("1.00", "y", credit=False), transfer("9.00", "later", status="PDNG")]
    assert check(file(tmp_path, statement(told, opening="10.00", closing="12.00"))).entries == 1
