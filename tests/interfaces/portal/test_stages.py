"""Each status of a subscription has its one primary button, its sentence and its stages with dates (SCREENS.md 4.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from seatkeeper.core.refusals import Refused
from seatkeeper.kit.commands import Actor, Context, call
from tests.support.organisation import Organisation
from tests.support.portal import signed_in

pytestmark = pytest.mark.any_database

SECOND = timedelta(seconds=1)
EXPECTED = {
    "standard": ("Change licences", "It renews on 1 April 2026", "active", ("expired", "disabled", "deleted")),
    "copy": ("Change licences", "It ends on 20 March 2026. Users lose access then, as the days of grace were used",
             "active", ("disabled", "deleted")),
    "entra": ("Buy now", "It becomes paid on 4 April 2026, unless you turn that off before.", "trial",
              ("expired", "disabled", "deleted")),
    "scheduled": ("Cancel subscription", "It starts on 1 April 2026 and is charged then.", "scheduled", ("active",)),
    "visio": ("Reactivate", "Users keep access until 26 March 2026.", "expired", ("disabled", "deleted")),
    "exchange": ("Reactivate", "Users have no access. Until 7 June 2026 you can reactivate", "disabled", ("deleted",)),
    "intune": ("Reactivate", "Users have no access. Until 1 June 2026 you can reactivate", "disabled", ("deleted",)),
    "deleted": ("Buy again", "The data is gone; buying again does not bring it back.", "deleted", ()),
}  # fmt: skip
WORKS = {
    "active": "Everything works.", "trial": "Everything works, free of charge.",
    "expired": "Users keep access; reactivating leaves no gap.", "scheduled": "Nothing works yet, nothing is billed.",
    "disabled": "No access. Reactivating, taking licences back and export still work.", "deleted": "Data is gone.",
}  # fmt: skip


def test_every_status_has_its_button_its_sentence_and_its_dates(troubled: Organisation) -> None:
    client = signed_in(troubled)
    for name, (primary, sentence, current, later) in EXPECTED.items():
        answer = client.get(f"/products/{troubled.reference(name)}")
        html = answer.content.decode().replace("\xa0", " ")
        assert [one.words for one in answer.context["actions"] if one.primary] == [primary], name
        assert sentence in html, name
        stages = answer.context["page"].stages
        assert [one.kind for one in stages if one.state == "current"] == [current], name
        assert tuple(one.kind for one in stages if one.state in ("ahead", "conditional")) == later, name
        for one, following in pairwise(stages):
            assert one.end is not None and one.end == following.start, "each stage begins where the one before ends"
        for one in stages:
            assert WORKS[one.kind] in html, (name, one.kind)


def test_what_still_works_in_a_stage_is_what_the_commands_allow(troubled: Organisation) -> None:
    """Expired keeps access and can come back; disabled can be reactivated and taken back from, not assigned."""
    controls = {}
    for name in ("visio", "exchange", "deleted"):
        row = signed_in(troubled).get(f"/products/{troubled.reference(name)}").context["page"].row
        controls[name] = {one.command: one.code for one in row.controls.values()}
    assert controls["exchange"]["assign"] == "not_active"
    assert "reactivate" in controls["visio"] and "reactivate" in controls["exchange"]
    assert controls["deleted"]["cancel"] == "subscription_deleted" and "reactivate" not in controls["deleted"]
    held = troubled.users["s0"]
    troubled.give("license.unassign", product="exchange-1", users=(held,))
    with pytest.raises(Refused) as refused:
        troubled.give("license.assign", product="exchange-1", users=(troubled.users["s40"],))
    assert refused.value.code in ("not_active", "no_seats_available")


@pytest.mark.parametrize(
    ("command", "arguments", "back"),
    [
        ("buy", {"plan": "intune-1-yearly", "seats": 8}, ("cancel", {"when": "now"})),
        ("set_seats", {"seats": 26}, ("set_seats", {"seats": 20})),
    ],
)
def test_taking_back_works_until_the_instant_that_the_receipt_shows(
    contoso: Organisation, command: str, arguments: dict[str, Any], back: tuple[str, dict[str, Any]]
) -> None:
    client, id_ = signed_in(contoso), contoso.ids["basic"]
    if command == "buy":
        sent = {"plan": arguments["plan"], "seats": str(arguments["seats"])}
        sheet = client.get("/buy/intune-1/order", sent)
        done = client.post("/buy/intune-1/order", {**sent, "token": _token(sheet)})
        id_ = 0
    else:
        sheet = client.get(f"/products/{contoso.reference('basic')}/licences", {"seats": "26"})
        done = client.post(
            f"/products/{contoso.reference('basic')}/licences", {"seats": "26", "when": "now", "token": _token(sheet)}
        )
    receipt = client.get(done["Location"]).context["receipt"]
    until = receipt.undo_until
    assert until == contoso.now + timedelta(hours=168)
    taken = {"subscription": id_ or receipt.row.id, "when": "now", **back[1]}
    assert _decided(contoso, back[0], until - SECOND, **taken) is None
    assert _decided(contoso, back[0], until, **taken) in ("cancel_not_allowed_until", "reduction_not_allowed_until")


def _token(answer: Any) -> str:
    found: str = answer.context["shown"].outcome.token
    return found


def _decided(contoso: Organisation, command: str, at: datetime, **arguments: Any) -> str | None:
    """How a command at an instant would be answered: looked at, not given."""
    ctx = Context(Actor("owner", contoso.users["anna"], "web"), contoso.account, at, True)
    try:
        call(f"subscription.{command}", ctx, **arguments)
    except Refused as refused:
        return refused.code
    return None


def test_dates_within_two_weeks_say_in_how_many_days(troubled: Organisation) -> None:
    client = signed_in(troubled)
    for path in ("/products", f"/products/{troubled.reference('copy')}"):
        assert "(in 5 days)" in client.get(path).content.decode().replace("\xa0", " ")
    assert '<span class="soon">' not in client.get(f"/products/{troubled.reference('standard')}").content.decode()
