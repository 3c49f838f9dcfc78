"""Runs one scenario in the current (throw-away) database, for a test seller of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.subscriptions import commands as _commands
from seatkeeper.domain.subscriptions.clock import advance
from seatkeeper.domain.subscriptions.installation import AccountFacts, NewAccount, add_account, add_test_seller
from seatkeeper.interfaces.scenario.model import AccountPart, Scenario, Step
from seatkeeper.interfaces.scenario.result import result
from seatkeeper.kit.commands import Actor, Context, call

assert _commands, "importing the commands registers them"

OWNER = Actor("owner", via="scenario")
SELLER = Actor("seller", via="scenario")
OUTCOME_TOKENS = {"ok": "sandbox_ok", "declined": "sandbox_declined", "lost": "sandbox_lost"}


def _facts(part: AccountPart) -> AccountFacts:
    return AccountFacts(
        key=part.key,
        country=part.country,
        currency=part.currency,
        timezone=part.timezone,
        payment=part.payment,
        vat_id=part.vat_id,
        vat_confirmed=part.vat_confirmed,
        terms_days=part.terms_days,
        credit_limit_minor=part.credit_limit_minor,
        users=part.users,
    )


class Run:
    """A scenario under way: its seller, accounts, users and the ids its names stand for."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.seller = add_test_seller(
            country=scenario.seller.country,
            timezone=scenario.seller.timezone,
            credit_to=scenario.seller.credit_to,
            catalog=scenario.catalog,
            clock_at=scenario.begins_at,
        )
        self.accounts: dict[str, NewAccount] = {}
        for account in scenario.accounts:
            self.accounts[account.key] = add_account(self.seller, _facts(account), at=scenario.begins_at)
        self.methods: dict[str, int | None] = {key: account.method for key, account in self.accounts.items()}
        self.subscriptions: dict[str, tuple[str, int]] = {}
        self.refused: list[tuple[Step, str | None, Refused | None]] = []

    def play(self, tell: Callable[[Step, Refused | None], None] | None = None) -> dict[str, Any]:
        """Play every step and return the result in SCENARIO.md's form."""
        for step in self.scenario.steps:
            refusal = self.step(step)
            if tell is not None:
                tell(step, refusal)
        return result(self)

    def step(self, step: Step) -> Refused | None:
        """Move the clock to the step, do what is due, give its command."""
        advance(self.seller, step.at)
        try:
            if step.command != "wait":
                self._give(step)
        except Refused as refusal:
            self.refused.append((step, refusal.code, refusal))
            return refusal
        self.refused.append((step, None, None))
        return None

    def _give(self, step: Step) -> None:
        arguments = dict(step.arguments)
        name = arguments.pop("as", None)
        account = arguments.pop("account", None)
        if "subscription" in arguments:
            account, arguments["subscription"] = self._known(arguments["subscription"])
        if arguments.get("align_with") is not None:
            owner, arguments["align_with"] = self._known(arguments["align_with"])
            if owner != account:
                raise Refused("unknown_subscription")
        if "users" in arguments:
            users = self.accounts[account].users
            arguments["users"] = tuple(users[user] for user in arguments["users"])
        self._call(step.command, account, arguments, step.at, name)

    def _call(self, command: str, account: str, arguments: dict[str, Any], at: datetime, name: str | None) -> None:
        ctx = Context(OWNER, self.accounts[account].id, at)
        if command == "card":
            self._card(ctx, account, arguments["outcome"])
        elif command == "backup":
            self._backup(ctx, arguments["outcome"])
        elif command == "pay":
            call("payment.receive", Context(SELLER, ctx.account, at))
        elif command in ("assign", "unassign"):
            call(f"license.{command}", ctx, **arguments)
        else:
            outcome = call(f"subscription.{command}", ctx, **arguments)
            if name is not None:
                self.subscriptions[name] = (account, outcome.subscription)

    def _card(self, ctx: Context, account: str, outcome: str) -> None:
        """The account's card or mandate is replaced; an account that pays by transfer has none to replace."""
        kind = next(one.payment for one in self.scenario.accounts if one.key == account)
        if kind == "bank_transfer":
            return
        call(
            "payment_method.replace", ctx, old=self.methods[account], kind=kind, label=outcome,
            token=OUTCOME_TOKENS[outcome],
        )  # fmt: skip
        self.methods[account] = self.accounts[account].current_method()

    def _backup(self, ctx: Context, outcome: str) -> None:
        """A card more, which is the account's backup from now on."""
        token = OUTCOME_TOKENS[outcome]
        added = call("payment_method.replace", ctx, old=None, kind="card", label=f"backup, {outcome}", token=token)
        call("payment_method.set_backup", ctx, method=added.method)

    def _known(self, name: str) -> tuple[str, int]:
        """Account and id of a subscription; one whose creating step was refused is unknown."""
        found = self.subscriptions.get(name)
        if found is None:
            raise Refused("unknown_subscription")
        return found
