"""Licences: buying and assigning in one decision, swapping, choosing who keeps one, requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.identity.models import User
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.licensing.models import Assignment, LicenceRequest, Pool
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.subscriptions.commands import requests as requests_commands
from seatkeeper.domain.subscriptions.models import MailRow, SubscriptionRow
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor, Context, call
from seatkeeper.kit.journal.models import Event
from tests.support.organisation import Organisation, founded, settled
from tests.support.remembered import put_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def contoso() -> Organisation:
    return put_back(settled)


def held(organisation: Organisation, product: str, *, suspended: bool | None = None) -> set[int]:
    rows = Assignment.objects.filter(account_id=organisation.account, product=product)
    if suspended is not None:
        rows = rows.filter(suspended_on__isnull=not suspended)
    return set(rows.values_list("user_id", flat=True))


def by(organisation: Organisation, person: str, role: str, command: str, **arguments: Any) -> Any:
    ctx = Context(Actor(role, organisation.users[person]), organisation.account, organisation.now)
    return call(command, ctx, **arguments)


def code(organisation: Organisation, command: str, **arguments: Any) -> Refused:
    events, version = Event.objects.count(), Account.objects.get(id=organisation.account).version
    with pytest.raises(Refused) as caught:
        organisation.give(command, **arguments)
    assert (Event.objects.count(), Account.objects.get(id=organisation.account).version) == (events, version)
    return caught.value


def users(organisation: Organisation, *numbers: int) -> tuple[int, ...]:
    return tuple(organisation.users[f"s{number}"] for number in numbers)


def shrunk() -> Organisation:
    """Five people on Planner, of whom the two newest are suspended since 1 January."""
    found = founded(staff=12)
    found.buy("planner", "planner-3-monthly", 5)
    found.assign("planner-3", 0, 5)
    found.give("subscription.set_seats", subscription=found.ids["planner"], seats=3, when="renewal")
    found.move(found.now + timedelta(days=40))
    return found


def test_buying_and_assigning_is_one_decision_and_one_invoice(contoso: Organisation) -> None:
    documents, events = Document.objects.count(), Event.objects.count()
    chosen = users(contoso, 40, 41, 42, 43)
    arguments: dict[str, Any] = {"subscription": contoso.ids["standard"], "seats": 13, "users": chosen}
    assert code(contoso, "license.assign", product="business-standard", users=chosen).facts["k"] == 3
    outcome = contoso.give("subscription.add_and_assign", **arguments)
    assert Document.objects.count() == documents + 1
    assert Event.objects.count() == events + 1
    assert set(chosen) <= held(contoso, "business-standard")
    assert outcome.paid_now_minor == Document.objects.latest("id").gross_minor > 0
    assert verify(seller=contoso.seller).ok


def test_buying_and_assigning_leaves_nothing_where_the_card_is_declined(contoso: Organisation) -> None:
    Method.objects.filter(account_id=contoso.account, id=1).update(token="sandbox_declined")
    before, seats = held(contoso, "business-standard"), contoso.ids["standard"]
    with pytest.raises(Refused, match="payment_declined"):
        contoso.give("subscription.add_and_assign", subscription=seats, seats=13, users=users(contoso, 40, 41))
    assert held(contoso, "business-standard") == before
    assert SubscriptionRow.objects.get(account_id=contoso.account, id=seats).seats == 10
    assert verify(seller=contoso.seller).ok


def test_buying_and_assigning_needs_enough_and_no_conflict(contoso: Organisation) -> None:
    own = {"subscription": contoso.ids["standard"], "users": users(contoso, 40, 41, 42, 43)}
    assert code(contoso, "subscription.add_and_assign", seats=12, **own).code == "no_seats_available"
    assert code(contoso, "subscription.add_and_assign", seats=9, **own).code == "bad_input"
    assert code(contoso, "subscription.add_and_assign", seats=400, **own).code == "seats_above_maximum"


def test_buying_and_assigning_takes_both_roles(contoso: Organisation) -> None:
    arguments = {"subscription": contoso.ids["standard"], "seats": 12, "users": users(contoso, 40)}
    for person, role in (("bram", "billing_administrator"), ("carla", "license_administrator")):
        with pytest.raises(Refused, match="not_permitted"):
            by(contoso, person, role, "subscription.add_and_assign", **arguments)


def test_a_swap_is_all_or_nothing(contoso: Organisation) -> None:
    contoso.buy("premium", "business-premium-monthly", 2)
    two = users(contoso, 0, 1)
    assert code(contoso, "license.assign", product="business-premium", users=two).code == "excluded_by_product"
    left_out = code(contoso, "license.assign", product="business-premium", users=two, swap=two[:1])
    assert (left_out.code, left_out.facts["user"]) == ("excluded_by_product", two[1])
    contoso.give("license.assign", product="business-premium", users=two, swap=two)
    assert held(contoso, "business-premium") == set(two)
    assert not held(contoso, "business-standard") & set(two)
    assert Pool.objects.get(account_id=contoso.account, product="business-standard").assigned == 7
    assert verify(seller=contoso.seller).ok


def test_a_swap_warns_of_what_needs_the_product_that_goes(contoso: Organisation) -> None:
    contoso.buy("premium", "business-premium-monthly", 2)
    contoso.buy("phone", "teams-phone-monthly", 2)
    (user,) = users(contoso, 0)
    contoso.give("license.assign", product="teams-phone", users=(user,))
    ctx = Context(Actor("owner", contoso.users["anna"]), contoso.account, contoso.now, preview=True)
    shown = call("license.assign", ctx, product="business-premium", users=(user,), swap=(user,))
    assert [dict(one.facts)["product"] for one in shown.decision.warnings if one.kind == "needed_by"] == ["teams-phone"]


def test_what_is_required_is_assigned_first(contoso: Organisation) -> None:
    contoso.buy("phone", "teams-phone-monthly", 5)
    new = users(contoso, 40)
    assert code(contoso, "license.assign", product="teams-phone", users=new).code == "requires_product"
    contoso.give("license.assign", product="teams-phone", users=new, first=new)
    assert set(new) <= held(contoso, "teams-phone") & held(contoso, "business-standard")
    more = users(contoso, 41)
    full = code(contoso, "license.assign", product="teams-phone", users=more, first=more)
    assert (full.code, full.facts["product"]) == ("no_seats_available", "business-standard")
    assert verify(seller=contoso.seller).ok


def test_only_those_assigned_can_be_swapped(contoso: Organisation) -> None:
    refused = code(contoso, "license.assign", product="visio-2", users=users(contoso, 40), swap=users(contoso, 41))
    assert (refused.code, refused.facts["field"]) == ("bad_input", "swap")


def test_the_administrator_chooses_who_keeps_a_licence_now() -> None:
    found = shrunk()
    first, last = users(found, 0), users(found, 4)
    since = Assignment.objects.get(account_id=found.account, user_id=last[0]).suspended_on
    assert held(found, "planner-3", suspended=True) == set(users(found, 3, 4))
    found.give("license.keep", product="planner-3", back=last, instead=first)
    assert held(found, "planner-3", suspended=True) == set(users(found, 0, 3))
    assert Assignment.objects.get(account_id=found.account, user_id=first[0]).suspended_on == since
    assert verify(seller=found.seller).ok
    found.give("subscription.set_seats", subscription=found.ids["planner"], seats=5)
    assert held(found, "planner-3", suspended=True) == set()
    assert verify(seller=found.seller).ok


def test_a_choice_that_does_not_add_up_is_refused() -> None:
    found = shrunk()
    own = {"product": "planner-3"}
    assert code(found, "license.keep", back=(), instead=(), **own).code == "nothing_changes"
    assert code(found, "license.keep", back=users(found, 3, 4), instead=users(found, 0), **own).code == "bad_input"
    assert code(found, "license.keep", back=users(found, 1), instead=users(found, 0), **own).code == "bad_input"
    assert code(found, "license.keep", back=users(found, 3), instead=users(found, 4), **own).code == "bad_input"
    stranger = Context(Actor("owner", found.users["anna"]), found.stranger, found.now)
    with pytest.raises(Refused, match="not_found"):
        call("license.keep", stranger, back=users(found, 3), instead=users(found, 0), product="planner-3")


def test_who_was_chosen_is_suspended_when_a_booked_reduction_takes_effect() -> None:
    found = founded(staff=12)
    found.buy("planner", "planner-3-monthly", 5)
    found.assign("planner-3", 0, 5)
    booked = {"subscription": found.ids["planner"], "seats": 3, "when": "renewal"}
    found.give("subscription.set_seats", **booked)
    outcome = found.give("subscription.set_seats", release=users(found, 0, 2), **booked)
    assert outcome.decision is not None and outcome.decision.dropped == ()
    assert code(found, "subscription.set_seats", release=users(found, 0, 2), **booked).code == "nothing_changes"
    assert verify(seller=found.seller).ok
    found.move(found.now + timedelta(days=40))
    assert held(found, "planner-3", suspended=True) == set(users(found, 0, 2))
    assert verify(seller=found.seller).ok


def test_a_choice_is_dropped_with_its_booking() -> None:
    found = founded(staff=12)
    found.buy("planner", "planner-3-monthly", 5)
    found.assign("planner-3", 0, 5)
    booked = {"subscription": found.ids["planner"], "when": "renewal"}
    found.give("subscription.set_seats", seats=3, release=users(found, 0, 2), **booked)
    found.give("subscription.undo", subscription=found.ids["planner"])
    found.give("subscription.set_seats", seats=4, **booked)
    found.move(found.now + timedelta(days=40))
    assert held(found, "planner-3", suspended=True) == set(users(found, 4))


def test_licences_added_return_to_the_suspended_before_they_can_be_given() -> None:
    found = shrunk()
    new = users(found, 8)
    own = {"subscription": found.ids["planner"], "users": new}
    assert code(found, "subscription.add_and_assign", seats=4, **own).code == "no_seats_available"
    found.give("subscription.add_and_assign", seats=6, **own)
    assert held(found, "planner-3", suspended=True) == set()
    assert set(new) <= held(found, "planner-3", suspended=False)
    assert verify(seller=found.seller).ok


def test_ten_thousand_are_assigned_by_one_command() -> None:
    found = founded(staff=10_000)
    found.buy("intune", "intune-1-monthly", 10_000)
    everyone = tuple(found.users[f"s{number}"] for number in range(10_000))
    found.give("license.assign", product="intune-1", users=everyone)
    pool = Pool.objects.get(account_id=found.account, product="intune-1")
    assert (pool.assigned, Assignment.objects.filter(product="intune-1").count()) == (10_000, 10_000)
    assert not Pool.objects.filter(assigned__gt=F("bought")).exists()


def test_a_request_is_approved_and_assigns(contoso: Organisation) -> None:
    asked = by(contoso, "eva", "user", "license.request", product="business-basic", note="For the new project")
    by(contoso, "carla", "license_administrator", "license.answer_request", request=asked, approve=True, note="Here")
    row = LicenceRequest.objects.get(id=asked)
    assert (row.status, row.note, row.answer, row.answered_by) == (
        "approved", "For the new project", "Here", contoso.users["carla"],
    )  # fmt: skip
    assert contoso.users["eva"] in held(contoso, "business-basic")
    told = list(MailRow.objects.filter(kind__startswith="licence_request").order_by("id"))
    assert [one.kind for one in told] == ["licence_requested", "licence_request_approved"]
    written = " ".join(Event.objects.filter(account_id=contoso.account).values_list("payload", flat=True))
    assert "new project" not in written and "Here" not in written
    assert verify(seller=contoso.seller).ok


def test_a_request_of_somebody_shut_out_is_not_approved(contoso: Organisation) -> None:
    asked = by(contoso, "eva", "user", "license.request", product="business-basic")
    User.objects.filter(id=contoso.users["eva"]).update(is_active=False)
    assert code(contoso, "license.answer_request", request=asked, approve=True).code == "not_found"
    assert LicenceRequest.objects.get(id=asked).status == "open"
    by(contoso, "carla", "license_administrator", "license.answer_request", request=asked, approve=False)
    assert LicenceRequest.objects.get(id=asked).status == "declined"


def test_a_request_that_is_withdrawn_while_its_licence_is_given_is_no_refusal(
    contoso: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = by(contoso, "eva", "user", "license.request", product="business-basic")
    given = requests_commands.perform

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        done = given(*arguments, **named)
        by(contoso, "eva", "user", "license.withdraw_request", request=asked)
        return done

    monkeypatch.setattr(requests_commands, "perform", meanwhile)
    by(contoso, "carla", "license_administrator", "license.answer_request", request=asked, approve=True)
    assert contoso.users["eva"] in held(contoso, "business-basic")
    assert LicenceRequest.objects.get(id=asked).status == "withdrawn"


def test_a_request_is_bought_for_by_an_owner_only(contoso: Organisation) -> None:
    contoso.give("license.assign", product="business-standard", users=users(contoso, 40))
    asked = by(contoso, "eva", "user", "license.request", product="business-standard")
    answer: dict[str, Any] = {"request": asked, "approve": True}
    more = {"subscription": contoso.ids["standard"], "seats": 11}
    carla = ("carla", "license_administrator", "license.answer_request")
    for given, expected in ((answer, "no_seats_available"), ({**answer, **more}, "not_permitted")):
        with pytest.raises(Refused, match=expected):
            by(contoso, *carla, **given)
        assert LicenceRequest.objects.get(id=asked).status == "open"
    contoso.give("license.answer_request", **answer, **more)
    assert contoso.users["eva"] in held(contoso, "business-standard")
    assert LicenceRequest.objects.get(id=asked).status == "approved"


def test_a_request_is_declined_or_withdrawn_once(contoso: Organisation) -> None:
    asked = by(contoso, "eva", "user", "license.request", product="business-basic")
    contoso.give("license.answer_request", request=asked, approve=False, note="Not this year")
    assert LicenceRequest.objects.get(id=asked).status == "declined"
    assert contoso.users["eva"] not in held(contoso, "business-basic")
    for give in (
        lambda: contoso.give("license.answer_request", request=asked, approve=True),
        lambda: by(contoso, "eva", "user", "license.withdraw_request", request=asked),
    ):
        with pytest.raises(Refused, match="request_closed"):
            give()
    again = by(contoso, "eva", "user", "license.request", product="business-basic")
    by(contoso, "eva", "user", "license.withdraw_request", request=again)
    assert LicenceRequest.objects.get(id=again).status == "withdrawn"
    assert verify(seller=contoso.seller).ok


def test_requests_that_make_no_sense_are_refused(contoso: Organisation) -> None:
    by(contoso, "eva", "user", "license.request", product="business-basic")
    contoso.give("license.assign", product="business-standard", users=(contoso.users["eva"],))
    for product, note, expected in (
        ("business-basic", "", "already_requested"), ("business-standard", "", "already_held"),
        ("intune-1", "", "not_found"), ("no-such", "", "not_found"), ("entra-p1", "x" * 501, "bad_input"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=expected):
            by(contoso, "eva", "user", "license.request", product=product, note=note)
    assert LicenceRequest.objects.count() == 1


def test_anothers_request_is_not_found(contoso: Organisation) -> None:
    asked = by(contoso, "eva", "user", "license.request", product="business-basic")
    with pytest.raises(Refused, match="not_found"):
        by(contoso, "daan", "reader", "license.withdraw_request", request=asked)
    stranger = Context(Actor("owner", contoso.users["anna"]), contoso.stranger, contoso.now)
    with pytest.raises(Refused, match="not_found"):
        call("license.answer_request", stranger, request=asked, approve=False)
    with pytest.raises(Refused, match="not_permitted"):
        by(contoso, "eva", "user", "license.answer_request", request=asked, approve=True)
