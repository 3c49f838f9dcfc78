"""Every page and sheet answers, with what it is for on it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = pytest.mark.any_database

SHEETS = (
    "licences", "licences?seats=34", "licences?seats=34&when=renewal", "licences?seats=3", "licences?seats=0",
    "licences?seats=9999999", "recurring-billing", "recurring-billing?to=off", "recurring-billing?to=once",
    "cancel", "cancel?when=end", "cancel?when=now", "reactivate", "reactivate?recurring=off&method=1", "change-plan",
    "change-plan?plan=business-basic-monthly&when=renewal", "change-frequency",
    "change-frequency?plan=business-standard-yearly", "payment-method", "payment-method?method=2",
    "payment-method?method=2&everywhere=yes", "undo", "buy-now", "extend-trial",
)  # fmt: skip


def test_every_page_answers(troubled: Organisation) -> None:
    client = signed_in(troubled)
    paths = [
        "/products", "/products?show=expiring", "/products?search=zzz", "/products?sort=price&order=down",
        "/products.csv", "/buy", "/buy?category=trials", "/buy/business-basic", "/licences", "/licences/planner-3",
        "/licences/business-basic?search=finn", "/bills", "/bills?show=overdue", "/help", "/help/licences",
        f"/help/licences?from={troubled.reference('basic')}",
    ]  # fmt: skip
    paths += [f"/products/{troubled.reference(name)}" for name in troubled.ids]
    for path in paths:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("debts", [True, False])
def test_every_sheet_of_every_status_answers(troubled: Organisation, debts: bool) -> None:
    client = signed_in(troubled)
    if not debts:
        _pay_everything(client)
    for name in troubled.ids:
        for sheet in SHEETS:
            path = f"/products/{troubled.reference(name)}/{sheet}"
            assert client.get(path).status_code == 200, path


def _pay_everything(client: Client) -> None:
    for row in client.get("/bills?show=open").context["page"].rows:
        sheet = client.get(f"/bills/{row.number}/pay?method=1")
        token = sheet.context["shown"].outcome.token
        answer = client.post(f"/bills/{row.number}/pay", {"token": token, "method": "1"})
        assert answer.status_code == 302, answer.content


def test_list_shows_each_status_with_its_date(troubled: Organisation) -> None:
    rows = {row.reference: row for row in signed_in(troubled).get("/products").context["page"].rows}
    found = {name: rows[troubled.reference(name)] for name in troubled.ids}
    assert {name: (row.status, row.milestone.kind) for name, row in found.items()} == {
        "standard": ("active", "renews"),
        "basic": ("active", "renews"),
        "planner": ("active", "renews"),
        "deleted": ("deleted", "deleted"),
        "exchange": ("disabled", "data_until"),
        "visio": ("expired", "access_until"),
        "late": ("active", "renews"),
        "intune": ("disabled", "data_until"),
        "copy": ("active", "expires"),
        "entra": ("trial", "becomes_paid"),
        "scheduled": ("scheduled", "starts"),
    }
    assert found["late"].past_due
    assert found["planner"].pool.suspended == 4


def test_unassigned_licences_are_named_with_their_cost(contoso: Organisation) -> None:
    html = signed_in(contoso).get("/products").content.decode()
    assert "not assigned and still billed" in html
    assert "€44.42 per month" in html  # 1 of 12.50 and 6 of 5.32


def test_filter_and_search_narrow_the_list(troubled: Organisation) -> None:
    client = signed_in(troubled)
    expiring = client.get("/products?show=expiring").context["page"]
    assert [row.reference for row in expiring.rows] == [troubled.reference("copy")]
    assert len(client.get("/products?search=visio").context["page"].rows) == 2
    assert "No subscription matches" in client.get("/products?search=zzz").content.decode()


def test_export_has_the_filtered_rows_and_no_formula(contoso: Organisation) -> None:
    answer = signed_in(contoso).get("/products.csv?search=visio")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"].startswith("text/csv")
    assert len(lines) == 2 and "Visio Plan 2" in lines[1]


def test_detail_tells_past_and_future(troubled: Organisation) -> None:
    context = signed_in(troubled).get(f"/products/{troubled.reference('basic')}").context
    history = context["history"]
    assert [one.events[0].kind for one in history.past] == ["set_seats", "period", "period", "period", "bought"]
    assert context["past"][0].who == context["past"][-1].who == "Anna Jansen"
    assert [event.kind for event in context["page"].ahead] == ["bills", "last_change", "renews"]
    assert history.document_count == 4
    late = signed_in(troubled).get(f"/products/{troubled.reference('late')}").context["history"]
    assert [one.events[0].kind for one in late.past] == ["payment_failed", "payment_failed", "renewed", "bought"]


def test_invoice_lines_add_up_and_payments_are_listed(troubled: Organisation) -> None:
    client = signed_in(troubled)
    for row in client.get("/bills").context["page"].rows:
        page = client.get(f"/bills/{row.number}").context["page"]
        assert sum(one.line.amount_minor for one in page.lines) == page.net_minor
        assert page.net_minor + page.vat_minor == row.gross_minor
        left = row.gross_minor - page.balance_used_minor - page.credited_minor - page.paid_minor
        assert left == row.due_minor or row.kind == "credit_note"
        if row.kind == "credit_note":
            assert page.corrects


def test_bills_of_one_subscription(troubled: Organisation) -> None:
    page = signed_in(troubled).get(f"/bills?search={troubled.reference('late')}").context["page"]
    assert len(page.rows) == 2


def test_catalogue_and_order_show_today_and_later(contoso: Organisation) -> None:
    client = signed_in(contoso)
    assert "from €12.50" not in client.get("/buy").content.decode()  # the yearly plan is cheaper
    sheet = client.get("/buy/intune-1/order?plan=intune-1-monthly&seats=5")
    assert "Place order and pay €45.38" in sheet.content.decode()
    trial = client.get("/buy/intune-1/trial?plan=intune-1-monthly&seats=5").content.decode()
    assert "Start trial, free until" in trial


def test_holders_are_paged_by_name_and_searched(contoso: Organisation) -> None:
    client = signed_in(contoso)
    page = client.get("/licences/business-basic").context["page"]
    assert page.total == 14 and page.after is None
    assert [one.name for one in page.holders] == sorted(one.name for one in page.holders)
    assert client.get("/licences/business-basic?search=zzzz").context["page"].total == 0
    assert client.get("/licences/business-basic?after=0:zz").context["page"].holders == ()


def test_check_table_tells_every_outcome(contoso: Organisation) -> None:
    contoso.buy("premium", "business-premium-monthly", 5)
    people = {key: contoso.user(key) for key in ("s0", "s30", "anna")}
    typed = ", ".join([people["s0"].email.upper(), people["s30"].name, "nobody@contoso.example", "finn"])
    path = f"/licences/business-premium/assign?typed={typed}"
    page = signed_in(contoso).get(path).context["page"]
    assert {one.typed: one.outcome for one in page.candidates} == {
        people["s0"].email.upper(): "excluded", people["s30"].name: "ok", "nobody@contoso.example": "unknown",
    }  # fmt: skip
    assert all("finn" in one.name.lower() for one in page.found) and page.found


def test_dutch_and_dark_are_remembered(contoso: Organisation) -> None:
    client = signed_in(contoso)
    client.get("/preferences/language/nl")
    client.get("/preferences/theme/dark")
    html = client.get("/products").content.decode()
    assert '<html lang="nl" data-theme="dark">' in html
    assert "€\u00a0" in html
    assert client.get("/preferences/language/xx").cookies.get("language") is None
    assert client.get("/preferences/theme/light?next=//evil.example")["Location"] == "/"
