"""Orders and carts on the database: one invoice, one payment, one event, and what a person means to order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.invoicing.models import Document, Line
from seatkeeper.domain.licensing.models import Assignment
from seatkeeper.domain.payments.models import Attempt
from seatkeeper.domain.subscriptions.cart import Entry, entries
from seatkeeper.domain.subscriptions.models import CartItem, SubscriptionRow
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor, Context, call
from seatkeeper.kit.journal.models import Event
from tests.cast import Story, state_hash

pytestmark = pytest.mark.django_db

BASIC: dict[str, Any] = {"plan": "basic-monthly", "seats": 10}
PREMIUM: dict[str, Any] = {"plan": "premium-monthly", "seats": 4}


def test_an_order_is_one_invoice_one_payment_and_one_event() -> None:
    story = Story("linde")
    own = story.buy("phone-monthly", 2)
    events = Event.objects.count()
    later = {"plan": "site-monthly", "seats": 1, "start": date(2026, 4, 1)}
    trial = {"plan": "premium-monthly", "seats": 3, "trial": True}
    aligned = {**BASIC, "align_with": own}
    outcome = story.at("2026-03-16T12:00").give(
        "order", items=(aligned, PREMIUM, later, trial), purchase_order="PO-7781"
    )
    states = [story.subscription(id_) for id_ in outcome.subscriptions]
    assert [one.status for one in states] == ["active", "active", "scheduled", "trial"]
    assert [one.term_end for one in states[:2]] == [date(2026, 4, 1), date(2026, 4, 16)]
    (document,) = Document.objects.filter(account_id=story.account, id__in=[id_ for id_, _ in outcome.documents])
    assert (document.net_minor, document.vat_minor) == (3097 + 7480, 2221)
    assert document.paid_minor == document.gross_minor == 10577 + 2221
    lines = Line.objects.filter(account_id=story.account, document_id=document.id).order_by("position")
    assert [(one.subscription_id, one.amount_minor) for one in lines] == [
        (outcome.subscriptions[0], 3097), (outcome.subscriptions[1], 7480)
    ]  # fmt: skip
    assert Event.objects.count() == events + 1
    assert Attempt.objects.filter(account_id=story.account, amount_minor=document.gross_minor).count() == 1
    assert verify(seller=story.seller).ok


def test_a_declined_card_orders_nothing() -> None:
    story = Story("linde")
    story.card("declined")
    kept = state_hash(story.account)
    assert story.refused("order", items=(BASIC, PREMIUM)) == "payment_declined"
    assert state_hash(story.account) == kept
    assert not SubscriptionRow.objects.filter(account_id=story.account).exists()


def test_a_refused_item_orders_nothing_and_is_named() -> None:
    story = Story("linde")
    kept = state_hash(story.account)
    with pytest.raises(Refused) as refused:
        story.give("order", items=(BASIC, {**PREMIUM, "align_with": 999}))
    assert (refused.value.code, refused.value.facts["item"]) == ("unknown_subscription", 1)
    assert state_hash(story.account) == kept


def test_a_repeat_gives_the_first_order_again() -> None:
    story = Story("linde")
    shown = story.look("order", items=(BASIC, PREMIUM))
    first = story.give("order", items=(BASIC, PREMIUM), preview=shown.token)
    again = story.give("order", items=(BASIC, PREMIUM), preview=shown.token)
    assert again.repeated and again.reference == first.reference and again.subscriptions == first.subscriptions
    assert SubscriptionRow.objects.filter(account_id=story.account).count() == 2


def test_a_changed_account_makes_the_preview_stale() -> None:
    story = Story("linde")
    shown = story.look("order", items=(BASIC, PREMIUM))
    story.at("2026-03-02T09:00")
    with pytest.raises(Refused, match="preview_stale"):
        story.give("order", items=(BASIC, PREMIUM), preview=shown.token)


def test_everybody_gets_a_licence_with_the_order() -> None:
    story = Story("linde", users=20)
    story.buy("basic-monthly", 4)
    story.give("assign", product="basic", users=story.users(1, 2, 3))
    phone = {"plan": "phone-monthly", "seats": 20, "assign_all": True}
    story.give("order", items=(phone, {**BASIC, "seats": 16, "assign_all": True}))
    for product in ("basic", "phone"):
        holders = Assignment.objects.filter(account_id=story.account, product=product).values_list("user_id", flat=True)
        assert set(holders) == set(story.users(*range(1, 21)))
    assert verify(seller=story.seller).ok


def test_the_order_s_number_stands_on_its_documents_ever_after() -> None:
    story = Story("molenaar")
    story.give("order", items=(BASIC,), purchase_order="PO-1")
    story.give("order", items=(PREMIUM,), purchase_order="PO-2")
    story.buy("site-monthly", 1)
    story.at("2026-04-01T12:00")
    rows = Document.objects.filter(account_id=story.account).order_by("id")
    assert [one.buyer["purchase_order"] for one in rows] == ["PO-1", "PO-2", "", "PO-1, PO-2"]
    last = Line.objects.filter(account_id=story.account, document_id=rows[3].id).order_by("position")
    assert [one.arithmetic.get("order") for one in last] == ["PO-1", "PO-2", None]


def cart_of(story: Story, user: int) -> tuple[Entry, ...]:
    return entries(story.account, story.user(user))


def as_person(story: Story, user: int, name: str, **arguments: Any) -> Any:
    return call(name, Context(Actor("owner", story.user(user), "web"), story.account, story.now), **arguments)


def test_a_cart_is_one_person_s() -> None:
    story = Story("linde", "ravel")
    mine = as_person(story, 1, "cart.add", item=BASIC)
    as_person(story, 1, "cart.add", item={**PREMIUM, "start": date(2026, 4, 1)})
    assert [one.item["plan"] for one in cart_of(story, 1)] == ["basic-monthly", "premium-monthly"]
    assert cart_of(story, 1)[1].item["start"] == date(2026, 4, 1)
    assert cart_of(story, 2) == () == entries(story.account, None)
    for name, more in (("cart.change", {"changes": {"seats": 3}}), ("cart.remove", {})):
        for who in (("linde", 2), ("ravel", 1)):
            story.who = who[0]
            if name == "cart.remove":
                as_person(story, who[1], name, entry=mine, **more)
                continue
            with pytest.raises(Refused, match="not_found"):
                as_person(story, who[1], name, entry=mine, **more)
    story.who = "linde"
    assert cart_of(story, 1)[0].item["seats"] == 10


def test_the_same_again_changes_the_number() -> None:
    story = Story("linde")
    first = as_person(story, 1, "cart.add", item=BASIC)
    assert as_person(story, 1, "cart.add", item={**BASIC, "seats": 12}) == first
    assert as_person(story, 1, "cart.add", item={**BASIC, "trial": True}) != first
    as_person(story, 1, "cart.change", entry=first, changes={"seats": 15})
    assert [one.item["seats"] for one in cart_of(story, 1)] == [15, 10]


@pytest.mark.parametrize(
    ("item", "code"),
    [({**BASIC, "plan": "nothing"}, "not_found"), ({**BASIC, "seats": "3"}, "bad_input"), ({"x": 1}, "bad_input")],
)
def test_nonsense_does_not_come_into_a_cart(item: dict[str, Any], code: str) -> None:
    story = Story("linde")
    with pytest.raises(Refused, match=code):
        as_person(story, 1, "cart.add", item=item)


def test_a_cart_has_an_end() -> None:
    story = Story("linde")
    for number in range(1, 51):
        as_person(story, 1, "cart.add", item={**BASIC, "start": date(2026, 4 + number // 28, 1 + number % 28)})
    with pytest.raises(Refused, match="bad_input"):
        as_person(story, 1, "cart.add", item=PREMIUM)


def test_what_is_ordered_leaves_the_cart_and_the_rest_stays() -> None:
    story = Story("linde")
    entry = as_person(story, 1, "cart.add", item=BASIC)
    as_person(story, 1, "cart.add", item=PREMIUM)
    story.card("declined")
    with pytest.raises(Refused, match="payment_declined"):
        as_person(story, 1, "subscription.order", items=(BASIC,), cart=(entry,))
    assert len(cart_of(story, 1)) == 2
    story.card("ok")
    as_person(story, 1, "subscription.order", items=(BASIC,), cart=(entry,))
    assert [one.item["plan"] for one in cart_of(story, 1)] == ["premium-monthly"]
    assert CartItem.objects.count() == 1
