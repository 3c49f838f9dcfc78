"""Plays the demonstration's story on a test clock: commands only, no row is made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from seatkeeper.core.catalog.plans import Catalog
from seatkeeper.core.periods import boundary
from seatkeeper.domain.subscriptions import commands as _commands
from seatkeeper.domain.subscriptions.clock import advance
from seatkeeper.domain.subscriptions.installation import AccountFacts, NewAccount, add_account, add_test_seller
from seatkeeper.interfaces.demo.organisations import ORGANISATIONS, SELLER
from seatkeeper.interfaces.demo.story import STORY, Told
from seatkeeper.kit.commands import Actor, Context, call

assert _commands, "importing the commands registers them"

SELLER_ACTOR = Actor("seller", via="demo")


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made: the seller, its accounts by key, and the user who signs in."""

    seller: int
    accounts: dict[str, NewAccount]
    owner: int


def instant_of(told: Told, zone: str, end: datetime) -> datetime:
    """When a step happens: so many months (and days) before the end, at its hour in the account's zone."""
    today = end.astimezone(ZoneInfo(zone)).date()
    if told.first_of_month:
        on = boundary(date(today.year, today.month, 1), -told.months)
    else:
        on = boundary(today - timedelta(days=told.days), -told.months)
    at = datetime(on.year, on.month, on.day, told.hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return min(at, end - timedelta(minutes=30)) if on == today else at


def play(catalog: Catalog, *, end: datetime, progress: Callable[[int, int], None] | None = None) -> Demo:
    """Make the demonstration up to an instant. progress is told the steps done and their number."""
    organisations = {facts.key: facts for facts in ORGANISATIONS}
    steps = sorted(
        ((instant_of(told, organisations[told.who].timezone, end), index, told) for index, told in enumerate(STORY)),
        key=lambda step: step[:2],
    )
    begins_at = steps[0][0] - timedelta(days=1)
    seller = add_test_seller(catalog=catalog, clock_at=begins_at, **SELLER)
    accounts = {key: add_account(seller, facts, at=begins_at) for key, facts in organisations.items()}
    stage = _Stage(seller, accounts, organisations)
    for done, (at, _, told) in enumerate(steps, start=1):
        advance(seller, at)
        stage.give(told, at, end)
        if progress is not None:
            progress(done, len(steps) + 1)
    advance(seller, end)
    if progress is not None:
        progress(len(steps) + 1, len(steps) + 1)
    first = accounts[ORGANISATIONS[0].key]
    return Demo(seller, accounts, first.users["u1"])


class _Stage:
    """Knows the ids that the story's names stand for."""

    def __init__(self, seller: int, accounts: dict[str, NewAccount], organisations: dict[str, AccountFacts]) -> None:
        self.seller = seller
        self.accounts = accounts
        self.organisations = organisations
        self.subscriptions: dict[tuple[str, str], int] = {}
        self.methods: dict[tuple[str, str], int] = {}

    def give(self, told: Told, at: datetime, end: datetime) -> None:
        """Give one command of the story as the organisation's owner (or as the seller)."""
        account = self.accounts[told.who]
        owner = Actor("owner", user=account.users["u1"], via="web")
        arguments = {name: self._meant(told.who, name, value, end) for name, value in told.arguments.items()}
        called = arguments.pop("as", None)
        if told.command == "payment.receive":
            call(told.command, Context(SELLER_ACTOR, account.id, at), **arguments)
            return
        outcome = call(told.command, Context(owner, account.id, at), **arguments)
        if called is not None and told.command == "payment_method.replace":
            self.methods[told.who, called] = outcome.method
        elif called is not None:
            self.subscriptions[told.who, called] = outcome.subscription

    def _meant(self, who: str, name: str, value: Any, end: datetime) -> Any:
        """A name's id: of a subscription, a payment method, users; a start is days after the end."""
        if name in ("subscription", "align_with"):
            return self.subscriptions[who, value]
        if name in ("method", "old"):
            return self.methods.get((who, value), self.accounts[who].method)
        if name == "users":
            return tuple(self.accounts[who].users[key] for key in value)
        if name == "start":
            zone = ZoneInfo(self.organisations[who].timezone)
            return end.astimezone(zone).date() + timedelta(days=value)
        return value
