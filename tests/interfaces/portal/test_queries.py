"""How many queries a page takes: the same however much there is to show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.organisation import Organisation, founded
from tests.support.portal import signed_in

PAGES = {"/products": 14, "/licences": 14, "/bills": 8, "/buy": 14, "/licences/business-basic": 18,
         "/account/mail": 5, "/account/mail/renewal": 24}
"""Path and the most queries it may take, the session's included."""


def _counted(organisation: Organisation, path: str) -> int:
    client = signed_in(organisation)
    client.get(path)  # the catalogue is read once a process
    with CaptureQueriesContext(connection, ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def _with(subscriptions: int) -> Organisation:
    organisation = founded()
    for number in range(subscriptions):
        organisation.buy(f"s{number}", ("business-basic-monthly", "visio-2-monthly", "entra-p1-monthly")[number % 3], 3)
    organisation.assign("business-basic", 0, min(subscriptions, 20))
    return organisation


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_page_takes_the_same_queries_for_5_and_for_50_subscriptions(path: str) -> None:
    few, many = _counted(_with(5), path), _counted_again(path)
    assert few == many
    assert few <= PAGES[path]


def _counted_again(path: str) -> int:
    from django.db import transaction

    point = transaction.savepoint()
    organisation = _fresh(50)
    found = _counted(organisation, path)
    transaction.savepoint_rollback(point)
    return found


def _fresh(subscriptions: int) -> Organisation:
    from seatkeeper.domain.accounts.models import Account, Seller
    from seatkeeper.domain.identity.models import User

    User.objects.all().delete()
    Account.objects.all().delete()
    Seller.objects.all().delete()
    return _with(subscriptions)


def test_detail_takes_the_same_queries_for_a_short_and_a_long_life(troubled: Organisation) -> None:
    short = _counted(troubled, f"/products/{troubled.reference('intune')}")
    long = _counted(troubled, f"/products/{troubled.reference('standard')}")
    assert abs(short - long) <= 1
    assert long <= 22
