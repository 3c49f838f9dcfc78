"""How long one person waits on a large account: previews and commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from time import perf_counter
from typing import Any

from bench import cast
from seatkeeper.kit.commands import Context, call

USERS = 10_000
SUBSCRIPTIONS = 50


def spread(seconds: list[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50": ordered[len(ordered) // 2] * 1000,
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000,
    }


def timed(times: int, one: Callable[[int], Any]) -> dict[str, float]:
    """The spread of calling `one` so many times, after three calls that do not count."""
    found = []
    for turn in range(times + 3):
        began = perf_counter()
        one(turn)
        found.append(perf_counter() - began)
    return spread(found[3:])


def measure(times: int, *, users: int = USERS, subscriptions: int = SUBSCRIPTIONS) -> dict[str, Any]:
    """p50 and p95 by kind of request, on an account made for it."""
    account, bought, people = cast.large_account(cast.seller(), users=users, subscriptions=subscriptions)
    minutes = count(200)

    def give(name: str, *, preview: bool = False, **arguments: Any) -> Any:
        at = cast.BOUGHT_AT + timedelta(minutes=next(minutes))
        return call(name, Context(cast.OWNER, account, at, preview), **arguments)

    def one(turn: int) -> int:
        return bought[1 + turn % (len(bought) - 1)]

    holder = people[-1]
    assign = ("license.assign", "license.unassign")
    return {
        "preview: add a licence": timed(
            times, lambda turn: give("subscription.set_seats", preview=True, subscription=one(turn), seats=51)
        ),
        "preview: remove a licence": timed(
            times, lambda turn: give("subscription.set_seats", preview=True, subscription=one(turn), seats=49)
        ),
        "preview: buy": timed(
            times, lambda turn: give("subscription.buy", preview=True, plan="p7-m", seats=3 + turn)
        ),
        "preview: cancel": timed(
            times, lambda turn: give("subscription.cancel", preview=True, subscription=one(turn))
        ),
        "preview: assign a user": timed(
            times, lambda turn: give("license.assign", preview=True, product="p1", users=(holder,))
        ),
        "command: add a licence (charged)": timed(
            times, lambda turn: give("subscription.set_seats", subscription=one(turn), seats=51 + turn)
        ),
        "command: turn recurring billing off or on": timed(
            times,
            lambda turn: give(
                "subscription.set_recurring", subscription=bought[1], to=("off", "on")[turn % 2]
            ),
        ),
        "command: assign or unassign one user": timed(
            times, lambda turn: give(assign[turn % 2], product="p1", users=(holder,))
        ),
    }
