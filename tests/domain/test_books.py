"""The books over random histories: they balance, equal the documents, clear to zero, and other programs agree."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from seatkeeper.core.calendar import local_date
from seatkeeper.core.money import minor_from_text
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.books.export import CHART, write_beancount, write_csv, write_xaf
from seatkeeper.domain.books.queries import (
    Books,
    books,
    cash_on,
    receivables,
    revenue_between,
    trial_balance_on,
    vat_between,
)
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.ledger.models import Posting
from tests.domain.stories import Plot, Telling, begin, plots
from tests.support.organisation import storied
from tests.support.remembered import put_back

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=8, suppress_health_check=list(HealthCheck))


def told(plot: Plot) -> tuple[Books, Telling, date]:
    telling = begin(plot).tell()
    own = books(telling.story.seller)
    return own, telling, local_date(telling.story.now, own.timezone)


def balances(own: Books, on: date) -> dict[str, int]:
    return {one.account: one.balance_minor for one in trial_balance_on(own, on)}


@FEW
@given(plots())
def test_the_books_equal_the_documents(plot: Plot) -> None:
    own, telling, today = told(plot)
    found = balances(own, today)
    assert sum(found.values()) == 0
    documents = Document.objects.filter(seller_id=own.seller)
    due = sum(documents.values_list("due_minor", flat=True))
    net = sum(documents.values_list("net_minor", flat=True))
    assert found.get("receivable", 0) == due == sum(one.due_minor for one in receivables(own, today))
    assert -found.get("deferred_revenue", 0) - found.get("revenue", 0) == net, "deferred and recognised are invoiced"
    assert -found.get("customer_balance", 0) == Account.objects.get(id=telling.story.account).balance_minor
    assert -found.get("vat_payable", 0) == sum(one.vat_minor for one in vat_between(own, date(2000, 1, 1), today
                                                                                   + timedelta(days=1)))
    far = balances(own, today + timedelta(days=4_000))
    assert far.get("deferred_revenue", 0) == 0 and -far.get("revenue", 0) == net
    assert not cash_on(own, today).unexplained and not any(cash_on(own, today).clearing.values())


@FEW
@given(plots())
def test_months_of_revenue_add_up(plot: Plot) -> None:
    own, _, today = told(plot)
    end = today + timedelta(days=1)
    rows = revenue_between(own, date(2020, 1, 1), end)
    assert sum(one.recognised_minor for one in rows) == -balances(own, today).get("revenue", 0)
    last = [one.deferred_minor for one in rows if one.end == end]
    assert sum(last) == -balances(own, today).get("deferred_revenue", 0)


def test_a_payment_that_no_gateway_knows_is_named() -> None:
    organisation = put_back(storied)
    own = books(organisation.seller)
    assert not any(cash_on(own, date(2026, 3, 31)).clearing.values())
    posting = Posting.objects.filter(account_id=organisation.account, event="payment")[0]
    Posting.objects.filter(account_id=posting.account_id, id=posting.id).update(amount_minor=posting.amount_minor + 7)
    found = cash_on(own, date(2026, 3, 31))
    assert found.clearing == {"EUR": 7} and found.unexplained == ((organisation.account, "EUR", 7),)


def test_beancount_accepts_the_books_with_the_same_balances(tmp_path: Path) -> None:
    """bean-check verifies the balances that the file asserts, which are the trial balance's."""
    organisation = put_back(storied)
    own = books(organisation.seller)
    for start in (date(2025, 1, 1), date(2026, 2, 1)):
        file = tmp_path / f"{start}.bean"
        with file.open("w", encoding="utf-8") as target:
            assert write_beancount(own, start, date(2026, 4, 1), target) > 20
        check = [str(Path(sys.executable).parent / "bean-check"), str(file)]
        done = subprocess.run(check, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        assert file.read_text().count(" balance ") == len(trial_balance_on(own, date(2026, 3, 31)))
        broken = file.read_text().replace("2026-04-01 balance Assets:Cash ", "2026-04-01 balance Assets:Cash 1")
        file.write_text(broken)
        assert subprocess.run(check, capture_output=True, text=True, check=False).returncode == 1


def test_the_csv_adds_up_to_the_trial_balance() -> None:
    organisation = put_back(storied)
    own = books(organisation.seller)
    out = io.StringIO()
    count = write_csv(own, date(2025, 1, 1), date(2026, 4, 1), out)
    head, *rows = [line.split(",") for line in out.getvalue().splitlines()]
    assert count == len(rows) and head[4:7] == ["debit", "credit", "amount"]
    found: dict[str, int] = {}
    for one in rows:
        minor = minor_from_text(one[6], one[7])
        found[one[4]] = found.get(one[4], 0) + minor
        found[one[5]] = found.get(one[5], 0) - minor
    assert {name: minor for name, minor in found.items() if minor} == {
        name: minor for name, minor in balances(own, date(2026, 3, 31)).items() if minor
    }


def test_the_audit_file_has_the_structure_of_xaf() -> None:
    organisation = put_back(storied)
    own = books(organisation.seller)
    out = io.StringIO()
    count = write_xaf(own, date(2026, 1, 1), date(2026, 4, 1), out, made_on=date(2026, 4, 1))
    root = ElementTree.fromstring(out.getvalue())
    space = {"x": "http://www.auditfiles.nl/XAF/3.2"}
    assert [one.tag.rpartition("}")[2] for one in root] == ["header", "company"]
    company = root.find("x:company", space)
    assert company is not None
    assert [one.tag.rpartition("}")[2] for one in company] == [
        "companyIdent", "companyName", "taxRegistrationCountry", "taxRegIdent", "customersSuppliers", "generalLedger",
        "periods", "transactions",
    ]
    lines = company.findall(".//x:trLine", space)
    assert company.findtext("x:transactions/x:linesCount", namespaces=space) == str(len(lines)) == str(2 * count)
    sums = dict.fromkeys("DC", 0)
    known = {one.findtext("x:accID", namespaces=space) for one in company.findall(".//x:ledgerAccount", space)}
    for line in lines:
        assert line.findtext("x:accID", namespaces=space) in known
        sums[line.findtext("x:amntTp", namespaces=space) or ""] += minor_from_text(
            line.findtext("x:amnt", namespaces=space) or "", "EUR"
        )
    total = company.findtext("x:transactions/x:totalDebit", namespaces=space) or ""
    assert sums["D"] == sums["C"] == minor_from_text(total, "EUR")
    assert known == {number for number, *_ in CHART.values()}
    periods = {one.findtext("x:periodNumber", namespaces=space) for one in company.findall("x:periods/x:period", space)}
    assert {one.findtext("x:periodNumber", namespaces=space) for one in company.findall(".//x:transaction", space)} <= (
        periods
    )
