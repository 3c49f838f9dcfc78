"""Recognition by day adds up to the cent; ageing and VAT schemes have the edges that the rules give."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatkeeper.core.ledger.recognition import Service, by_day, recognised_minor
from seatkeeper.core.ledger.reports import age_of, revenue, trial_balance, vat_scheme

FIRST = date(2026, 1, 1)
SERVICES = st.builds(
    lambda start, days, minor, issued: Service(
        FIRST + timedelta(days=start), FIRST + timedelta(days=start + days), minor, FIRST + timedelta(days=issued)
    ),
    st.integers(0, 400), st.integers(0, 1100), st.integers(-10**9, 10**9), st.integers(0, 800),
)


@given(SERVICES)
def test_days_add_up_to_the_amount(service: Service) -> None:
    days = list(by_day(service))
    assert sum(minor for _, minor in days) == service.amount_minor
    assert [day for day, _ in days] == sorted({day for day, _ in days})
    assert all(day >= service.issued_on for day, _ in days)


@given(SERVICES, st.integers(0, 2000))
def test_no_more_is_recognised_than_there_is(service: Service, day: int) -> None:
    found = recognised_minor(service, FIRST + timedelta(days=day))
    assert 0 <= abs(found) <= abs(service.amount_minor)
    assert recognised_minor(service, date(2040, 1, 1)) == service.amount_minor


@given(st.lists(SERVICES, max_size=8))
def test_deferred_and_recognised_are_what_was_invoiced(services: list[Service]) -> None:
    spans = [(FIRST + timedelta(days=n * 100), FIRST + timedelta(days=n * 100 + 100)) for n in range(25)]
    rows = revenue([("EUR", one) for one in services], spans)
    invoiced = recognised = 0
    for one in rows:
        invoiced += one.invoiced_minor
        recognised += one.recognised_minor
        assert one.deferred_minor == invoiced - recognised


def test_a_year_of_365_euro_is_one_euro_a_day() -> None:
    service = Service(FIRST, date(2027, 1, 1), 36_500, FIRST)
    assert {minor for _, minor in by_day(service)} == {100}
    assert recognised_minor(service, date(2026, 1, 31)) == 3_100


def test_what_is_issued_late_is_recognised_at_once_for_the_days_gone_by() -> None:
    late = Service(FIRST, date(2026, 1, 11), 1_000, date(2026, 1, 5))
    assert next(iter(by_day(late))) == (date(2026, 1, 5), 500)


@pytest.mark.parametrize(
    ("late", "age"), [(-1, "not_due"), (0, "not_due"), (1, "1_30"), (30, "1_30"), (31, "31_60"), (90, "61_90"),
                      (91, "over_90")],
)
def test_ages(late: int, age: str) -> None:
    assert age_of(FIRST, FIRST + timedelta(days=late)) == age


def test_vat_schemes() -> None:
    assert vat_scheme("S", seller="NL", buyer="NL") == ("domestic", "NL")
    assert vat_scheme("S", seller="NL", buyer="BE") == ("one_stop_shop", "BE")
    assert vat_scheme("S", seller="NL", buyer="BE", registered_in=("BE",)) == ("local", "BE")
    assert vat_scheme("AE", seller="NL", buyer="BE") == ("reverse_charge", "BE")
    assert vat_scheme("O", seller="NL", buyer="US") == ("outside_eu", "US")
    assert vat_scheme("E", seller="NL", buyer="NL") == ("exempt", "NL")


def test_a_trial_balance_balances_and_moves_what_is_recognised() -> None:
    found = trial_balance([("EUR", "receivable", "deferred_revenue", 1_000)], [("EUR", 300)])
    assert {one.account: one.balance_minor for one in found} == {
        "receivable": 1_000, "deferred_revenue": -700, "revenue": -300,
    }
    assert sum(one.balance_minor for one in found) == 0
