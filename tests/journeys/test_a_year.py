"""A year in the life of one organisation: a person in a browser and the scenario runner leave the same documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from seatkeeper.domain.identity.models import User
from seatkeeper.domain.identity.operations import make_link
from seatkeeper.domain.payments.models import Method
from seatkeeper.domain.subscriptions.clock import advance
from seatkeeper.domain.subscriptions.models import SubscriptionRow
from seatkeeper.interfaces.scenario.files import read_scenario
from seatkeeper.interfaces.scenario.model import Scenario
from seatkeeper.interfaces.scenario.play import play
from seatkeeper.interfaces.scenario.result import result
from seatkeeper.interfaces.scenario.runner import OUTCOME_TOKENS, Run
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.refs import reference
from tests.support.steps import Person

STORY = Path(__file__).parent / "a-year.yaml"


class Year:
    """The steps of the file, each done by hand. Only the bank is none of the portal's business."""

    def __init__(self, scenario: Scenario, page: Page, address: str) -> None:
        self.run = Run(scenario)
        self.account = self.run.accounts["noordzee"]
        self.users = self.account.users
        User.objects.filter(id=self.users["u1"]).update(role="owner", name="Anna Jansen")
        self.person = Person(page, address).sign_in(f"/sign-in/{make_link(self.users['u1'], now=system_now())}")
        self.money: list[str] = []

    def live(self) -> dict[str, Any]:
        """Every step on its day; what comes of it in the scenario's form."""
        by: dict[str, Callable[..., None]] = {
            "buy": self.buy, "assign": self.assign, "set_seats": self.seats, "card": self.bank, "wait": self.wait,
            "change_plan": self.plan, "set_recurring": self.recurring, "reactivate": self.reactivate,
            "undo": self.undo, "cancel": self.cancel,
        }  # fmt: skip
        for step in self.run.scenario.steps:
            advance(self.run.seller, step.at)
            given = {"called" if name == "as" else name: value for name, value in step.arguments.items()}
            given.pop("account", None)
            by[step.command](**given)
        return result(self.run)

    def sheet(self, subscription: str, name: str, **choices: str) -> None:
        """From the subscription's page to a sheet, its choices, its button, its receipt."""
        at = f"/products/{reference(self.run.subscriptions[subscription][1])}"
        self.person.open(at).go(f"{at}/{name}")
        for field, value in choices.items():
            if field == "seats":
                self.person.fill(field, value)
            else:
                self.person.pick(field, value)
        self.money.append(self.person.confirm())
        assert self.person.receipt()

    def buy(self, called: str, plan: str, seats: int, **nothing: object) -> None:
        self.person.open(f"/buy/{plan.split('-')[0]}").pick("plan", plan)
        self.person.fill("seats", str(seats))
        self.person.push('button[name="do"][value="buy"]')
        self.money.append(self.person.confirm())
        assert self.person.receipt()
        newest = SubscriptionRow.objects.filter(account_id=self.account.id).latest("id").id
        self.run.subscriptions[called] = ("noordzee", newest)

    def assign(self, product: str, users: tuple[str, ...]) -> None:
        self.person.open(f"/licences/{product}").go(f"/licences/{product}/assign")
        people = User.objects.filter(id__in=[self.users[user] for user in users])
        self.person.name(*(one.email for one in people))
        self.person.confirm()
        assert self.person.receipt()

    def seats(self, subscription: str, seats: int, when: str) -> None:
        self.sheet(subscription, "licences", seats=str(seats), **({"when": when} if when == "renewal" else {}))

    def plan(self, subscription: str, plan: str, when: str) -> None:
        self.sheet(subscription, "change-plan", plan=plan)

    def recurring(self, subscription: str, to: str) -> None:
        self.sheet(subscription, "recurring-billing", to=to)

    def reactivate(self, subscription: str) -> None:
        self.sheet(subscription, "reactivate")

    def cancel(self, subscription: str, when: str) -> None:
        self.sheet(subscription, "cancel", when=when)

    def undo(self, subscription: str) -> None:
        at = f"/products/{reference(self.run.subscriptions[subscription][1])}"
        self.person.open(at).push(f'form[action="{at}/undo"] button')
        assert self.person.receipt()

    def bank(self, outcome: str) -> None:
        """The bank says no, or yes again; then the person pays what is overdue, from the page where they are."""
        Method.objects.filter(account_id=self.account.id).update(token=OUTCOME_TOKENS[outcome], blocked=False)
        if outcome == "ok":
            self.person.open("/help").count_from_here()
            self.person.push("section.banner a.button")
            self.money.append(self.person.confirm())
            assert self.person.receipt() and self.person.clicks == 2

    def wait(self) -> None:
        self.person.open("/")


@pytest.mark.both_databases
def test_a_year_by_hand_leaves_the_documents_of_the_scenario(
    transactional_db: None, page: Page, live_server: Any
) -> None:
    scenario = read_scenario(STORY)
    played = play(scenario)
    assert not played.differences, played.differences
    year = Year(scenario, page, live_server.url)
    lived = year.live()
    assert lived["documents"] == played.result["documents"]
    assert lived["subscriptions"] == played.result["subscriptions"]
    assert lived["accounts"] == played.result["accounts"]
    assert [one["refused"] for one in played.result["steps"]] == [None] * len(scenario.steps)
    said = " ".join(year.money)
    bought, billing_day = "2026-01-05", "05"
    for document in lived["documents"]:  # what a button said is what its document came to
        by_itself = document["date"].endswith(billing_day) and document["date"] != bought
        assert by_itself or f"€{document['gross'].removeprefix('-')}" in said, (document["number"], said)
