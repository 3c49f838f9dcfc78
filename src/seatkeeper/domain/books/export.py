"""The books for other programs: CSV, Beancount, and the Dutch audit file XAF 3.2. Written as they are read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, TextIO
from xml.sax.saxutils import escape

from seatkeeper.core.calendar import local_date
from seatkeeper.core.ledger.recipes import BALANCE, CASH, DEFERRED, RECEIVABLE, REFUNDS, VAT
from seatkeeper.core.ledger.reports import REVENUE
from seatkeeper.core.money import plain
from seatkeeper.core.periods import ONE_DAY
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.books.queries import Books, months, revenue_between, trial_balance_on
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.ledger.models import Posting

CHART: Final[dict[str, tuple[str, str, str, str]]] = {
    RECEIVABLE: ("1300", "Receivables", "B", "Assets:Receivable"),
    CASH: ("1100", "Cash at gateways and banks", "B", "Assets:Cash"),
    DEFERRED: ("1800", "Deferred revenue", "B", "Liabilities:DeferredRevenue"),
    VAT: ("1500", "VAT payable", "B", "Liabilities:VatPayable"),
    BALANCE: ("1600", "Customers' balances", "B", "Liabilities:CustomerBalance"),
    REFUNDS: ("1610", "Refunds due", "B", "Liabilities:RefundsDue"),
    REVENUE: ("8000", "Revenue", "P", "Income:Revenue"),
}
"""Account: number, description and type (balance sheet, profit and loss) in the audit file, name in Beancount."""

Entry = tuple[int, int, date, str, str, str, int, str, str]
"""(account, id, day, event, debit, credit, amount, currency, document's number)."""


def entries(own: Books, start: date, end: date) -> Iterator[Entry]:
    """The postings of [start, end), by day, account and id."""
    numbers = dict(_numbers(own))
    rows = Posting.objects.filter(
        account_id__in=own.accounts(), at__gte=own.before(start), at__lt=own.before(end)
    ).order_by("at", "account_id", "id")
    columns = ("account_id", "id", "at", "event", "debit", "credit", "amount_minor", "currency", "document_id")
    for account, id_, at, event, debit, credit, amount, currency, document in rows.values_list(*columns).iterator(
        chunk_size=5_000
    ):
        number = numbers.get((account, document), "")
        yield account, id_, local_date(at, own.timezone), event, debit, credit, amount, currency, number


def recognition(own: Books, start: date, end: date) -> Iterator[Entry]:
    """At each month's last day in [start, end), what was recognised in it; a month in which more was taken back turns
    the posting round."""
    for one in revenue_between(own, start, end):
        amount = one.recognised_minor
        if amount:
            debit, credit = (DEFERRED, REVENUE) if amount > 0 else (REVENUE, DEFERRED)
            yield 0, 0, one.end - ONE_DAY, "recognition", debit, credit, abs(amount), one.currency, ""


def _numbers(own: Books) -> Iterator[tuple[tuple[int, int], str]]:
    rows = Document.objects.filter(seller_id=own.seller).values_list("account_id", "id", "number")
    for account, id_, number in rows.iterator(chunk_size=5_000):
        yield (account, id_), number


def write_csv(own: Books, start: date, end: date, out: TextIO) -> int:
    """One posting a row. Returns how many."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("date", "account", "id", "event", "debit", "credit", "amount", "currency", "document"))
    count = 0
    for account, id_, day, event, debit, credit, amount, currency, number in _every(own, start, end):
        writer.writerow((day, account, id_, event, debit, credit, plain(amount, currency), currency, number))
        count += 1
    return count


def _every(own: Books, start: date, end: date) -> Iterator[Entry]:
    yield from entries(own, start, end)
    yield from recognition(own, start, end)


def write_beancount(own: Books, start: date, end: date, out: TextIO) -> int:
    """A Beancount file: what stood before as opening balances, every posting, and the balances that must come out."""
    opening = trial_balance_on(own, start - ONE_DAY)
    closing = trial_balance_on(own, end - ONE_DAY)
    out.write(f'option "title" "{_quoted(own.name)}"\n')
    for currency in sorted({one.currency for one in closing}):
        out.write(f'option "operating_currency" "{currency}"\n')
    first = start - ONE_DAY
    out.write("\n" + "".join(f"{first} open {name}\n" for *_, name in CHART.values()))
    out.write(f"{first} open Equity:Opening\n\n")
    for one in opening:
        if one.balance_minor:
            _transaction(out, first, "opening", "", CHART[one.account][3], "Equity:Opening", one.balance_minor,
                         one.currency)
    count = 0
    for account, id_, day, event, debit, credit, amount, currency, number in _every(own, start, end):
        about = f"{number} {account}-{id_}".strip() if account else "recognition"
        _transaction(out, day, event, about, CHART[debit][3], CHART[credit][3], amount, currency)
        count += 1
    for one in closing:
        out.write(f"{end} balance {CHART[one.account][3]} {plain(one.balance_minor, one.currency)} {one.currency}\n")
    return count


def _quoted(text: str) -> str:
    return text.replace("\\", "").replace('"', "'").replace("\n", " ")


def _transaction(
    out: TextIO, day: date, event: str, about: str, debit: str, credit: str, amount: int, currency: str
) -> None:
    out.write(f'{day} * "{event}" "{_quoted(about)}"\n  {debit}  {plain(amount, currency)} {currency}\n')
    out.write(f"  {credit}  {plain(-amount, currency)} {currency}\n\n")


def write_xaf(own: Books, start: date, end: date, out: TextIO, *, made_on: date) -> int:
    """The Dutch audit file XAF 3.2 of [start, end) in one fiscal year: one journal, one transaction a posting.

    It has one currency: ValueError where the books have several, before anything is written.
    """
    every = list(_every(own, start, end))
    currencies = {one[7] for one in every} or {"EUR"}
    if len(currencies) > 1:
        raise ValueError(f"an audit file has one currency; these books have {', '.join(sorted(currencies))}")
    (currency,) = currencies
    total = plain(sum(one[6] for one in every), currency)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<auditfile xmlns="http://www.auditfiles.nl/XAF/3.2">\n')
    out.write(_tags("header", {
        "fiscalYear": start.year, "startDate": start, "endDate": end - ONE_DAY, "curCode": currency,
        "dateCreated": made_on, "softwareDesc": "Seatkeeper", "softwareVersion": "1",
    }))
    out.write("<company>\n" + _tags("", {
        "companyIdent": own.registration or own.seller, "companyName": own.name,
        "taxRegistrationCountry": own.country, "taxRegIdent": own.vat_id or "-",
    }))
    out.write(_customers(every))
    out.write("<generalLedger>\n")
    for number, name, sort, _ in CHART.values():
        out.write(_tags("ledgerAccount", {"accID": number, "accDesc": name, "accTp": sort}))
    out.write("</generalLedger>\n<periods>\n")
    for index, (first, until) in enumerate(months(start, end), start=1):
        out.write(_tags("period", {"periodNumber": index, "periodDesc": f"{first:%Y-%m}", "startDatePeriod": first,
                                   "endDatePeriod": until - ONE_DAY}))
    out.write("</periods>\n<transactions>\n" + _tags("", {
        "linesCount": 2 * len(every), "totalDebit": total, "totalCredit": total,
    }))
    out.write("<journal>\n" + _tags("", {"jrnID": "SK", "desc": "Seatkeeper", "jrnTp": "M"}))
    for index, one in enumerate(every, start=1):
        out.write(_xaf_transaction(index, one, start))
    out.write("</journal>\n</transactions>\n</company>\n</auditfile>\n")
    return len(every)


def _customers(every: list[Entry]) -> str:
    ids = sorted({one[0] for one in every if one[0]})
    rows = Account.objects.filter(id__in=ids).order_by("id").values_list("id", "name", "vat_id", "country")
    parts = [
        _tags("customerSupplier", {"custSupID": id_, "custSupName": name, "taxRegistrationCountry": country,
                                   "taxRegIdent": vat or "-", "custSupTp": "C"})
        for id_, name, vat, country in rows
    ]
    return f"<customersSuppliers>\n{''.join(parts)}</customersSuppliers>\n" if parts else ""


def _xaf_transaction(index: int, one: Entry, start: date) -> str:
    account, id_, day, event, debit, credit, amount, currency, number = one
    period = (day.year - start.year) * 12 + day.month - start.month + 1
    parts = [_tags("", {"nr": index, "desc": event, "periodNumber": period, "trDt": day})]
    for line, (name, sort) in enumerate(((debit, "D"), (credit, "C")), start=1):
        values: dict[str, Any] = {"nr": line, "accID": CHART[name][0], "docRef": number or f"{account}-{id_}",
                                  "effDate": day, "desc": event, "amnt": plain(amount, currency), "amntTp": sort}
        if account:
            values["custSupID"] = account
        parts.append(_tags("trLine", values))
    return f"<transaction>\n{''.join(parts)}</transaction>\n"


def _tags(around: str, values: dict[str, Any]) -> str:
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in values.items())
    return f"<{around}>{inner}</{around}>\n" if around else f"{inner}\n"
