"""The banner of what is owed or suspended: above every page, one at a time, for who may see it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.payments.models import Method
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


def banner_of(organisation: Organisation, person: str = "anna", language: str = "en", path: str = "/help") -> str:
    """What stands in the banner, as text with its addresses."""
    client = signed_in(organisation, person)
    client.cookies["language"] = language
    found = re.search(r'<section class="banner.*?</section>', client.get(path).content.decode(), re.DOTALL)
    return found[0].replace("\u00a0", " ").replace("&#x27;", "'") if found else ""


def renewed_with(organisation: Organisation, token: str) -> str:
    """The number of the invoice of 1 April, which was charged to the first card as the sandbox answers to a token."""
    Method.objects.filter(account_id=organisation.account, id=1).update(token=token)
    organisation.move(datetime(2026, 4, 1, 9, 0, tzinfo=UTC))
    return Document.objects.get(account_id=organisation.account, due_minor__gt=0).number


@pytest.mark.parametrize(
    ("language", "words", "button"),
    [
        ("en", "failed: the bank refused the payment. Next try on 4 April 2026.", "Pay {sum} now"),
        ("nl", "is mislukt: de bank heeft de betaling geweigerd. Nieuwe poging op 4 april 2026.", "Nu {sum} betalen"),
    ],
)
def test_a_declined_charge_is_told_with_its_next_try_until_that_was_made(
    contoso: Organisation, language: str, words: str, button: str
) -> None:
    number = renewed_with(contoso, "sandbox_declined")
    found = banner_of(contoso, language=language)
    due = Document.objects.get(account_id=contoso.account, number=number).due_minor
    assert "is-warn" in found and number in found and words in found
    assert f'href="/bills/{number}/pay"' in found
    assert button.partition("{")[0].strip() in found and f"{due // 100}" in found
    reader = banner_of(contoso, "daan", language)
    assert "is-info" in reader and words in reader and "/pay" not in reader and "Anna Jansen" in reader
    contoso.move(datetime(2026, 4, 4, 9, 0, tzinfo=UTC))
    assert "Business Standard" in (late := banner_of(contoso, language=language)) and words not in late


@pytest.mark.parametrize(
    ("language", "words", "button"),
    [
        ("en", "Visa ending 4242 will not be tried again: the card is reported lost.", "Use another method"),
        ("nl", "Visa eindigend op 4242 proberen we niet opnieuw: de kaart is als verloren gemeld", "Andere methode"),
    ],
)
def test_a_hard_decline_leads_to_another_method(contoso: Organisation, language: str, words: str, button: str) -> None:
    renewed_with(contoso, "sandbox_lost")
    found = banner_of(contoso, language=language)
    assert "is-warn" in found and words in found and button in found and 'href="/bills/methods/1/replace"' in found


@pytest.mark.parametrize(
    ("language", "words", "button"),
    [
        ("en", "Visa ending 4242 expires in March 2026, before €{sum} is charged on 1 April 2026.", "Replace card"),
        ("nl", "Visa eindigend op 4242 verloopt in maart 2026, vóór de afschrijving van € {sum} op 1 april 2026.",
         "Kaart vervangen"),
    ],
)  # fmt: skip
def test_a_card_that_ends_before_its_next_charge_is_named(
    contoso: Organisation, language: str, words: str, button: str
) -> None:
    assert not banner_of(contoso)
    cards = Method.objects.filter(account_id=contoso.account, id=1)
    cards.update(expires_on=date(2026, 4, 30))
    assert not banner_of(contoso), "it is charged before"
    cards.update(expires_on=date(2026, 3, 31))
    found = banner_of(contoso, language=language)
    cards.update(expires_on=None)
    contoso.move(datetime(2026, 4, 1, 9, 0, tzinfo=UTC))
    charged = Document.objects.filter(account_id=contoso.account).latest("id").gross_minor
    sum_ = f"{charged / 100:.2f}"
    assert "is-info" in found and button in found and 'href="/bills/methods/1/replace"' in found
    assert words.format(sum=sum_ if language == "en" else sum_.replace(".", ",")) in found


def test_an_expired_card_is_said_to_be_so(contoso: Organisation) -> None:
    Method.objects.filter(account_id=contoso.account, id=1).update(expires_on=date(2026, 2, 28))
    assert "Visa ending 4242 expired in February 2026; €" in banner_of(contoso)
    assert not banner_of(contoso, "carla", path="/licences"), "no money for who assigns licences"


@pytest.mark.parametrize("token", ["sandbox_declined", "sandbox_lost"])
def test_the_reason_costs_one_query_whatever_there_is(contoso: Organisation, token: str) -> None:
    renewed_with(contoso, token)
    client = signed_in(contoso)
    for path in ("/help", "/products"):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        asked = [one["sql"] for one in queries if "payments_attempt" in one["sql"] and "declined" in one["sql"]]
        assert len(asked) == 1, path
