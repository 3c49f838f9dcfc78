"""Many at once, each with a connection of its own, on the real database: one after the other, and nothing twice."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum

from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.licensing.models import Assignment, Pool
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.domain.subscriptions.verify import verify
from tests.domain.processes import inside, run

REQUESTS = 200


def test_of_200_requests_for_the_last_seat_exactly_one_wins(
    installed_database_url: str, django_db_blocker: Any
) -> None:
    made = run(installed_database_url, "prepare", cast=["linde"], users=REQUESTS, seats=1)
    (account,) = made["accounts"]
    found = run(installed_database_url, "race_for_a_seat", account=account, first=0, count=REQUESTS)["found"]
    assert sorted(map(str, set(found))) == ["None", "no_seats_available"]
    assert found.count(None) == 1
    with inside(installed_database_url, django_db_blocker):
        assert Assignment.objects.filter(account_id=account).count() == 1
        assert Pool.objects.get(account_id=account).assigned == 1
        assert verify().ok, str(verify())


def test_two_concurrent_changes_of_seats_give_two_consistent_documents(
    installed_database_url: str, django_db_blocker: Any
) -> None:
    made = run(installed_database_url, "prepare", cast=["molenaar"])
    (account,) = made["accounts"]
    found = run(installed_database_url, "race_of_changes", account=account, seats=[12, 15])["found"]
    assert found == [None, None]
    with inside(installed_database_url, django_db_blocker):
        documents = list(Document.objects.filter(account_id=account).order_by("id"))
        assert sorted(one.number[-6:] for one in documents[1:] if one.kind == "invoice")[0] == "000002"
        assert len(documents) == 3
        row = SubscriptionRow.objects.get(account_id=account)
        charged = Line.objects.filter(account_id=account).aggregate(sum=Sum("amount_minor"))["sum"]
        assert row.seats in (12, 15) and row.charged_minor == charged
        assert verify().ok, str(verify())


def test_concurrent_changes_paid_by_card_take_no_money_without_a_document(
    installed_database_url: str, django_db_blocker: Any
) -> None:
    """Each is charged outside the lock: what changed meanwhile is decided anew or refused, and its money given back."""
    made = run(installed_database_url, "prepare", cast=["linde"])
    (account,) = made["accounts"]
    found = run(installed_database_url, "race_of_changes", account=account, seats=[12, 14, 16, 18])["found"]
    assert set(found) <= {None, "preview_stale", "nothing_changes"} and None in found
    with inside(installed_database_url, django_db_blocker):
        succeeded = Attempt.objects.filter(account_id=account, status="succeeded")
        taken = succeeded.aggregate(sum=Sum("amount_minor"))["sum"]
        paid = Document.objects.filter(account_id=account).aggregate(sum=Sum("paid_minor"))["sum"]
        assert taken == paid
        assert not Attempt.objects.filter(account_id=account, status="pending").exists()
        assert verify().ok, str(verify())


def test_a_double_click_charges_once(installed_database_url: str, django_db_blocker: Any) -> None:
    made = run(installed_database_url, "prepare", cast=["linde"])
    (account,) = made["accounts"]
    told = run(installed_database_url, "race_of_clicks", account=account, count=12)
    assert set(told["found"]) <= {None, "payment_pending"} and None in told["found"]
    assert told["afterwards"] is None, "the first outcome again"
    with inside(installed_database_url, django_db_blocker):
        assert Document.objects.filter(account_id=account).count() == 2
        assert Attempt.objects.filter(account_id=account).count() == 2
        assert verify().ok, str(verify())


def test_accounts_that_buy_at_once_share_the_series_without_a_gap(
    installed_database_url: str, django_db_blocker: Any
) -> None:
    cast = ["linde", "molenaar", "ravel", "harbor", "kanto"]
    made = run(installed_database_url, "prepare", cast=cast)
    found = run(installed_database_url, "race_to_buy", accounts=made["accounts"] * 4)["found"]
    assert set(found) <= {None, "preview_stale"}
    with inside(installed_database_url, django_db_blocker):
        assert Document.objects.count() == len(cast) + found.count(None)
        assert verify().ok, str(verify())


def test_several_runs_at_once_charge_each_period_once(installed_database_url: str, django_db_blocker: Any) -> None:
    cast = ["linde", "molenaar", "ravel", "harbor", "kanto"]
    made = run(installed_database_url, "prepare", cast=cast)
    found = run(installed_database_url, "race_of_runs", seller=made["seller"], days=62, runs=4)["found"]
    assert found == [None] * 4
    with inside(installed_database_url, django_db_blocker):
        charged = SubscriptionRow.objects.filter(status="active").count()
        assert Line.objects.filter(kind="renewed").count() == 2 * charged == 2 * len(cast)
        assert not Attempt.objects.filter(status="pending").exists()
        assert verify().ok, str(verify())
