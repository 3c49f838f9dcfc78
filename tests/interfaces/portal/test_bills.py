"""Bills & payments: why a total differs, paying in part and all that is overdue, the list (SCREENS.md 4.6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import translation

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.ledger.models import Posting
from seatkeeper.domain.payments.models import Attempt, Method
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.interfaces.portal.sheets.reading import read_amount
from seatkeeper.interfaces.web.formatting import money
from seatkeeper.kit.commands import Actor, Context, call
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

APRIL = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)


def test_an_invoice_says_why_it_differs_and_the_causes_add_up(troubled: Organisation) -> None:
    troubled.move(APRIL)
    client, seen = signed_in(troubled), set()
    for row in client.get("/bills").context["page"].rows:
        answer = client.get(f"/bills/{row.number}")
        why = answer.context["page"].why
        if why is None:
            continue
        earlier = client.get(f"/bills/{why.number}").context["page"].row
        assert why.difference_minor == row.gross_minor - earlier.gross_minor
        assert sum(one.amount_minor for one in why.causes) == why.difference_minor
        assert earlier.id < row.id
        seen |= {one.kind for one in why.causes}
    assert {"licences", "vat"} <= seen


def test_a_first_invoice_is_not_compared(contoso: Organisation) -> None:
    rows = signed_in(contoso).get("/bills").context["page"].rows
    page = signed_in(contoso).get(f"/bills/{rows[-1].number}").context["page"]
    assert page.why is None


def given(client: Client, path: str, **fields: str) -> str:
    """Look at the sheet, press its button; the receipt as text."""
    token = client.get(path, fields).context["shown"].outcome.token
    answer = client.post(path, {"token": token, **fields})
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"]).content.decode()


def debts(organisation: Organisation) -> list[Document]:
    return list(Document.objects.filter(account_id=organisation.account, due_minor__gt=0).order_by("id"))


def declining(organisation: Organisation) -> None:
    """Contoso's card is declined from now on: the next invoices of the run stay open."""
    Method.objects.filter(account_id=organisation.account).update(token="sandbox_declined")


def mend(organisation: Organisation) -> None:
    Method.objects.filter(account_id=organisation.account).update(token="sandbox_ok")


def test_part_of_an_invoice_is_paid_then_the_rest(troubled: Organisation) -> None:
    client, (debt,) = signed_in(troubled), debts(troubled)
    path = f"/bills/{debt.number}/pay"
    sheet = client.get(path, {"method": "1", "amount": "30.16"})
    change = sheet.context["shown"].outcome.changes[0]
    assert (change.was, change.becomes) == ("€78.16", "€48.00")
    assert "Paid in part: €48.00 is still due" in given(client, path, method="1", amount="30.16")
    debt.refresh_from_db()
    assert (debt.paid_minor, debt.due_minor) == (3016, 4800)
    assert verify(seller=troubled.seller).ok
    paid = Posting.objects.filter(account_id=troubled.account, debit="cash", credit="receivable").order_by("id").last()
    assert paid is not None and paid.amount_minor == 3016
    assert client.get(f"/bills/{debt.number}").context["page"].row.status == "overdue"
    assert "The invoice is paid" in given(client, path, method="1", amount="48")
    assert debts(troubled) == [] and verify(seller=troubled.seller).ok


@pytest.mark.parametrize("typed", ["0", "-1", "78.17", "1.234", "abc", "1e1", "30.165", "1,000.00", "٣"])
def test_an_amount_that_is_none_or_too_much_is_refused(troubled: Organisation, typed: str) -> None:
    client, (debt,) = signed_in(troubled), debts(troubled)
    path = f"/bills/{debt.number}/pay"
    shown = client.get(path, {"method": "1", "amount": typed}).context["shown"]
    assert shown.outcome is None and shown.bad.field == "amount"
    token = client.get(path, {"method": "1"}).context["shown"].outcome.token
    answer = client.post(path, {"token": token, "method": "1", "amount": typed})
    assert answer.status_code == 422
    assert debts(troubled)[0].due_minor == debt.due_minor


def test_amounts_are_read_as_the_language_writes_them() -> None:
    cases = {
        "en": {"1,234.56": 123456, "1234.5": 123450, "€30.16": 3016, "30,16": 3016, "1,234": 123400, "": None},
        "nl": {"1.234,56": 123456, "1234,5": 123450, "€ 30,16": 3016, "30.16": 3016, "1.234": 123400},
    }
    for language, amounts in cases.items():
        with translation.override(language):
            for text, minor in amounts.items():
                assert read_amount(text, "EUR", 10_000_000) == minor, (language, text)


def test_a_form_sent_twice_pays_a_part_once(troubled: Organisation) -> None:
    client, (debt,) = signed_in(troubled), debts(troubled)
    path, fields = f"/bills/{debt.number}/pay", {"method": "1", "amount": "10"}
    token = client.get(path, fields).context["shown"].outcome.token
    answers = [client.post(path, {"token": token, **fields})["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert debts(troubled)[0].paid_minor == 1000


def test_a_sheet_in_another_tab_is_stale_after_a_payment(troubled: Organisation) -> None:
    client, (debt,) = signed_in(troubled), debts(troubled)
    path = f"/bills/{debt.number}/pay"
    first, second = (client.get(path, {"method": "1"}).context["shown"].outcome.token for _ in range(2))
    assert client.post(path, {"token": first, "method": "1"}).status_code == 302
    answer = client.post(path, {"token": second, "method": "1"})
    assert answer.status_code in (409, 422)
    debt.refresh_from_db()
    assert debt.paid_minor == debt.gross_minor - debt.balance_used_minor - debt.credited_minor


def test_all_that_is_overdue_is_paid_oldest_first_in_one_decision(troubled: Organisation) -> None:
    declining(troubled)
    troubled.move(datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    owed = debts(troubled)
    assert len(owed) > 1
    mend(troubled)
    client = signed_in(troubled)
    total = sum(one.due_minor for one in owed)
    banner = client.get("/products").context["banner"]
    assert banner.address == "/bills/overdue/pay"
    assert f"Pay {money(total, 'EUR')} now" in banner.button
    outcome = client.get("/bills/overdue/pay", {"method": "1"}).context["shown"].outcome
    assert outcome.pay.total_minor == total and outcome.changes[0].becomes == "€0.00"
    receipt = given(client, "/bills/overdue/pay", method="1")
    assert "overdue invoices are paid" in receipt and all(one.number in receipt for one in owed)
    assert debts(troubled) == [] and verify(seller=troubled.seller).ok
    tried = list(Attempt.objects.filter(account_id=troubled.account, status="succeeded").order_by("-id")[: len(owed)])
    assert [one.document_id for one in reversed(tried)] == [one.id for one in sorted(owed, key=lambda d: d.due_on)]
    assert "Nothing is overdue." in client.get("/bills/overdue/pay").content.decode()


def test_all_declined_is_refused_and_nothing_is_paid(troubled: Organisation) -> None:
    declining(troubled)
    troubled.move(datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    owed = debts(troubled)
    client, fields = signed_in(troubled), {"method": "1"}
    token = client.get("/bills/overdue/pay", fields).context["shown"].outcome.token
    answer = client.post("/bills/overdue/pay", {"token": token, **fields})
    assert answer.status_code == 422 and "was declined" in answer.content.decode()
    assert [one.due_minor for one in debts(troubled)] == [one.due_minor for one in owed]
    assert verify(seller=troubled.seller).ok


def test_a_reader_and_a_stranger_pay_nothing(troubled: Organisation) -> None:
    (debt,) = debts(troubled)
    answer = signed_in(troubled, "daan").post("/bills/overdue/pay", {"method": "1"})
    assert answer.status_code == 422 and "can do it" in answer.content.decode()
    context = Context(Actor("owner", None), troubled.stranger, troubled.now)
    with pytest.raises(Refused, match=r"nothing_changes|not_found"):
        call("invoice.pay", context, document=debt.id, method=1)
    with pytest.raises(Refused, match="nothing_changes"):
        call("invoice.pay_overdue", context, method=1)
    assert debts(troubled)[0].due_minor == debt.due_minor
