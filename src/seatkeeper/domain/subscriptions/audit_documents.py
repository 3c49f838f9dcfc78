"""What `verify` checks of documents: their sums, their lines' arithmetic, and that no number is missing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Min

from seatkeeper.core.invoicing.check import (
    CheckedLine,
    micro_in_minor,
    period_faults,
    price_micro,
    rounded,
)
from seatkeeper.core.state import Subscription
from seatkeeper.domain.invoicing.models import Document, DocumentNumber, Line, Series
from seatkeeper.domain.subscriptions.audit import Books

Difference = tuple[str, object, object]


def document_faults(books: Books) -> Iterator[Difference]:
    """Each document's sums: lines, VAT, gross, and what became of it."""
    sums: dict[int, dict[tuple[str, str], int]] = {}
    for line in books.lines:
        by_rate = sums.setdefault(line.document_id, {})
        by_rate[(line.category, line.rate)] = by_rate.get((line.category, line.rate), 0) + line.amount_minor
    credited: dict[int, int] = {}
    for one in books.documents.values():
        for id_, minor in one.settlement.get("lowers", ()):
            credited[id_] = credited.get(id_, 0) + minor
    for one in books.documents.values():
        name = f"document {one.number}"
        for what, expected, found in _sums(one, sums.get(one.id, {})):
            yield f"{name} {what}", expected, found
        for what, expected, found in _settled(one, books, credited.get(one.id, 0)):
            yield f"{name} {what}", expected, found


def _sums(one: Document, by_rate: dict[tuple[str, str], int]) -> Iterator[Difference]:
    kept = {(category, rate): taxable for category, rate, taxable, _ in one.vat}
    if kept != by_rate:
        yield "taxable sums", by_rate, kept
    for category, rate, taxable, vat in one.vat:
        expected = rounded(Fraction(taxable) * Fraction(rate) / 100)
        if vat != expected:
            yield f"VAT {category} {rate}", expected, vat
    if one.net_minor != sum(by_rate.values()):
        yield "net", sum(by_rate.values()), one.net_minor
    if one.vat_minor != sum(vat for *_, vat in one.vat):
        yield "VAT", sum(vat for *_, vat in one.vat), one.vat_minor
    if one.gross_minor != one.net_minor + one.vat_minor:
        yield "gross", one.net_minor + one.vat_minor, one.gross_minor


def _settled(one: Document, books: Books, credited: int) -> Iterator[Difference]:
    if one.kind == "credit_note":
        ways = one.settlement
        settled = sum(minor for _, minor in [*ways.get("lowers", ()), *ways.get("refunds", ())])
        if -one.gross_minor != settled + ways.get("to_balance", 0):
            yield "way of the credit", -one.gross_minor, settled + ways.get("to_balance", 0)
        if one.due_minor or one.gross_minor >= 0:
            yield "due", 0, one.due_minor
        return
    used, paid = one.balance_used_minor, one.paid_minor
    written_off = one.written_off_minor
    if one.gross_minor != (sums := used + paid + one.credited_minor + written_off + one.due_minor):
        yield "balance used, paid, credited, written off, due", one.gross_minor, sums
    for what, expected, found in (
        ("credited", credited, one.credited_minor),
        ("paid", books.paid.get((one.id, "payment"), 0), paid),
        ("balance used", books.paid.get((one.id, "balance_used"), 0), used),
        ("written off", books.paid.get((one.id, "write_off"), 0), written_off),
        ("status", _status(one), one.status),
    ):
        if expected != found:
            yield what, expected, found


def _status(one: Document) -> str:
    if one.due_minor:
        return "open"
    return "uncollectible" if one.status == "uncollectible" and one.written_off_minor else "paid"


def period_line_faults(books: Books) -> Iterator[Difference]:
    """The lines of every billing period, and what its subscription says of the current one."""
    seen = set()
    for (subscription, start), group in groupby(books.lines, key=lambda x: (x.subscription_id, x.period_start)):
        lines = [_checked(line) for line in group]
        name = f"subscription {subscription}, period from {start}"
        for fault in period_faults(lines, start=start, currency=books.currency):
            where = f"{name}, line {fault.line}" if fault.line is not None else name
            yield f"{where}: {fault.what}", fault.expected, fault.found
        one = books.periods.get(subscription)
        if one is None:
            yield name, "a subscription", None
        elif one.period_start == start:
            seen.add(subscription)
            yield from _current(name, one, sum(line.amount_minor for line in lines), len(lines))
    for id_, one in books.periods.items():
        if id_ not in seen and one.period_start is not None:
            yield from _current(f"subscription {id_}, period from {one.period_start}", one, 0, 0)
    yield from _tiling(books)


def _checked(line: Line) -> CheckedLine:
    kept: dict[str, Any] = line.arithmetic
    return CheckedLine(
        line.id, line.document_id, line.sequence, line.kind, line.amount_minor, line.left_minor, line.end_on,
        kept["days"], kept["before"], kept["after"], kept["over"], kept["charged"],
        tuple((days, seats, micro) for days, seats, micro in kept["counted"]),
    )  # fmt: skip


def _current(name: str, one: Subscription, charged: int, count: int) -> Iterator[Difference]:
    """The running sums of the current period, and round(E) anew from what its days hold."""
    if (one.charged_minor, one.line_count) != (charged, count):
        yield f"{name}: charged and lines", (charged, count), (one.charged_minor, one.line_count)
    exact = _exact(one)
    if one.charged_minor != rounded(exact):
        yield f"{name}: round(E) of its days", rounded(exact), one.charged_minor


def _exact(one: Subscription) -> Fraction:
    assert one.period_start is not None and one.period_end is not None
    total = Fraction(0)
    for index, stretch in enumerate(one.stretches):
        last = index + 1 == len(one.stretches)
        until = one.period_end if last else one.stretches[index + 1].start
        if stretch.price is not None:
            price = price_micro(stretch.price.model, stretch.price.tiers, stretch.seats)
            total += Fraction((until - stretch.start).days * price)
    days = (one.period_end - one.period_start).days
    return total / days / micro_in_minor(one.price.currency)


def _tiling(books: Books) -> Iterator[Difference]:
    """No two billing periods of a subscription overlap."""
    ends: dict[int, Any] = {}
    for line in books.lines:
        subscription, start = line.subscription_id, line.period_start
        known = ends.get(subscription)
        if known is not None and known[0] != start and start < known[1]:
            yield f"subscription {subscription}: a period begins no earlier than", known[1], start
        ends[subscription] = (start, line.end_on)


def numbers_given(seller: int | None) -> dict[tuple[int, str, int], int]:
    """The last number of each seller, series and year."""
    chosen = {} if seller is None else {"seller_id": seller}
    return {(one.seller_id, one.series, one.year): one.last_number for one in Series.objects.filter(**chosen)}


def number_faults(seller: int | None) -> Iterator[Difference]:
    """Numbers of each seller, series and year: 1, 2, 3 ... without a gap, each of one document."""
    chosen = {} if seller is None else {"seller_id": seller}
    given = {
        (one[0], one[1], one[2]): one[3:]
        for one in DocumentNumber.objects.filter(**chosen)
        .values_list("seller_id", "series", "year")
        .annotate(least=Min("number"), most=Max("number"), count=Count("number"))
    }
    series = numbers_given(seller)
    for key in sorted({*given, *series}):
        least, most, count = given.get(key, (1, 0, 0))
        name = f"seller {key[0]} {key[1]}-{key[2]}"
        if (least, most) != (1, count) and count:
            yield f"{name}: numbers without a gap", f"1 to {count}", f"{least} to {most}"
        if series.get(key) != most:
            yield f"{name}: last number given", most, series.get(key)
    yield from _documents_and_numbers(seller)


def _documents_and_numbers(seller: int | None) -> Iterator[Difference]:
    """Every document has one number, and every number its document."""
    chosen = {} if seller is None else {"seller_id": seller}
    numbers = DocumentNumber.objects.filter(**chosen).order_by("account_id", "document_id")
    documents = Document.objects.filter(**chosen).order_by("account_id", "id")
    columns = ("account_id", "document_id", "series", "year", "number")
    left = numbers.values_list(*columns).iterator(chunk_size=2000)
    right = documents.values_list("account_id", "id", "number").iterator(chunk_size=2000)
    while True:
        one, other = next(left, None), next(right, None)
        if one is None and other is None:
            return
        text = None if one is None else f"{one[2]}-{one[3]}-{one[4]:06d}"
        expected = None if one is None else (one[0], one[1], text)
        if expected != other:
            yield "document and its number", expected, other
            return
