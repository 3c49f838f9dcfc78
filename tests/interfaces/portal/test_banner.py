"""The banner of what is owed or suspended: above every page, one at a time, for who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.invoicing.models import Document
from tests.support.organisation import TODAY, Organisation
from tests.support.portal import signed_in

PAGES = (
    "/products", "/licences", "/licences/planner-3", "/buy", "/buy/intune-1", "/cart", "/bills", "/savings", "/help",
    "/help/licences", "/products/{late}", "/products/{basic}/renewal", "/bills/{number}",
)  # fmt: skip
WITHOUT = {"/": "its list says the same", "/products/{late}/cancel": "a sheet", "/bills/{number}/pay": "it pays"}


def addresses(organisation: Organisation, pages: object) -> list[str]:
    number = Document.objects.filter(account_id=organisation.account, due_minor__gt=0).earliest("id").number
    names = {name: organisation.reference(name) for name in organisation.ids}
    return [path.format(number=number, **names) for path in pages]  # type: ignore[attr-defined]


def test_what_is_owed_stands_once_above_every_page_with_the_way_to_pay(troubled: Organisation) -> None:
    client = signed_in(troubled)
    for path in addresses(troubled, PAGES):
        html = client.get(path).content.decode()
        assert html.count('<section class="banner is-warn"') == 1, path
        banner = html[html.index('<section class="banner') : html.index("</section>", html.index('class="banner'))]
        assert "€78.16 is 4\u00a0days overdue" in banner and "Power BI Pro" in banner, path
        assert "/pay" in banner and "data-sheet" in banner and "Pay €78.16 now" in banner, path
        assert '<a href="/">and 1 more</a>' in banner, path  # the suspended licences
    for path in addresses(troubled, WITHOUT):
        assert '<section class="banner' not in client.get(path).content.decode(), path


def test_all_is_well_without_a_banner_and_at_no_more_than_one_query(contoso: Organisation) -> None:
    client = signed_in(contoso)
    for path in ("/products", "/help/licences", "/bills"):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert '<section class="banner' not in client.get(path).content.decode()
        asked = [one["sql"] for one in queries if "UNION" in one["sql"]]
        assert len(asked) == (0 if path == "/products" else 1), path


def test_reader_sees_the_fact_and_who_can_act(troubled: Organisation) -> None:
    html = signed_in(troubled, "daan").get("/help").content.decode()
    assert '<section class="banner is-info"' in html and "Anna Jansen" in html
    assert "Pay €78.16 now" not in html


def test_licence_administrator_sees_suspended_licences_and_no_debt(troubled: Organisation) -> None:
    html = signed_in(troubled, "carla").get("/licences").content.decode()
    assert "4\u00a0licences of Planner and Project Plan 3 are suspended" in html
    assert "overdue" not in html and "€" not in html


@pytest.mark.parametrize("path", ["/help/licences", "/products", "/bills"])
def test_a_longer_history_of_debts_costs_no_more_queries(troubled: Organisation, path: str) -> None:
    client = signed_in(troubled)

    def count() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    before = count()
    for name in ("basic", "standard"):  # their April invoices are declined too
        troubled.give("subscription.set_payment_method", subscription=troubled.ids[name], method=2)
    troubled.move(TODAY + timedelta(days=20))
    assert Document.objects.filter(account_id=troubled.account, due_minor__gt=0).count() > 1
    assert count() == before


def test_unpaid_and_disabled_comes_first(troubled: Organisation) -> None:
    troubled.move(TODAY + timedelta(days=27))
    html = signed_in(troubled).get("/help").content.decode()
    assert '<section class="banner is-bad"' in html
    assert "Power BI Pro is disabled since" in html
