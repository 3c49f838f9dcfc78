"""Plays a scenario in the current database and sets the result beside what the file expects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seatkeeper.interfaces.scenario.compare import Difference, differences
from seatkeeper.interfaces.scenario.model import Scenario, Step
from seatkeeper.interfaces.scenario.runner import Run
from seatkeeper.interfaces.web.plain_refusals import plain_refusal
from seatkeeper.interfaces.web.refusals import Names


@dataclass(frozen=True, slots=True)
class PlayedStep:
    """One step as it went. timezone: of its account. refused: the code, with the sentence that a person would read."""

    step: Step
    timezone: str
    refused: str | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario that was played. differences is empty where the result is what the file expects."""

    scenario: Scenario
    result: dict[str, Any]
    steps: tuple[PlayedStep, ...]
    differences: tuple[Difference, ...]

    def data(self) -> dict[str, Any]:
        """The result as machines read it; with the differences where the file expects something."""
        if not self.scenario.expect:
            return self.result
        return {
            **self.result,
            "as_expected": not self.differences,
            "differences": [one.data() for one in self.differences],
        }


def play(scenario: Scenario) -> Played:
    """Play a scenario from its first step to its last."""
    run = Run(scenario)
    result = run.play()
    zones = {account.key: account.timezone for account in scenario.accounts}
    first = next(iter(zones.values()))
    names = _names(run)
    owners: dict[str, str] = {}
    steps = []
    for step, code, refused in run.refused:
        arguments = step.arguments
        account = arguments.get("account") or owners.get(arguments.get("subscription", ""), "")
        if "as" in arguments:
            owners[arguments["as"]] = account
        sentence = plain_refusal(refused, names) if refused is not None else ""
        steps.append(PlayedStep(step, zones.get(account, first), code, sentence))
    return Played(scenario, result, tuple(steps), tuple(differences(scenario.expect, result)))


def _names(run: Run) -> Names:
    catalog = run.scenario.catalog
    return Names(
        products={product.id: product.name for product in catalog.products.values()},
        plans={plan.id: plan.name or plan.id for plan in catalog.plans.values()},
        users={id_: key for account in run.accounts.values() for key, id_ in account.users.items()},
        subscriptions={id_: name for name, (_, id_) in run.subscriptions.items()},
        seller="the seller",
    )
