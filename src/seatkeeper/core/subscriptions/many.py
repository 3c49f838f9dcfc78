"""One change of many subscriptions in one decision, each by the rules of its own command (DOMAIN.md 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from seatkeeper.core.draft import Draft
from seatkeeper.core.refusals import Refused
from seatkeeper.core.subscriptions.methods import plan_set_method
from seatkeeper.core.subscriptions.recurring import plan_recurring


def plan_many_recurring(draft: Draft, *, subscriptions: Sequence[int], to: str) -> None:
    """Set recurring billing of each of these subscriptions; see `_each`."""
    _each(draft, subscriptions, lambda one: plan_recurring(draft, subscription=one, to=to))


def plan_many_method(draft: Draft, *, subscriptions: Sequence[int], method: int) -> None:
    """Pay each of these subscriptions by another method; declined open invoices are tried again once. See `_each`."""
    _each(draft, subscriptions, lambda one: plan_set_method(draft, method=method, subscription=one))


def _each(draft: Draft, subscriptions: Sequence[int], plan: Callable[[int], None]) -> None:
    """Plan the change for each; those that refuse it are left as they are.

    Facts: done (ids), left_out ((id, code, facts) of each), count. Refused: unknown_subscription for a stranger's,
    nothing_changes where every one refuses, with left_out.
    """
    done: list[int] = []
    left_out: list[tuple[int, str, dict[str, object]]] = []
    for one in dict.fromkeys(subscriptions):
        if one not in draft.state.subscriptions:
            raise Refused("unknown_subscription")
        try:
            plan(one)
        except Refused as refused:
            left_out.append((one, refused.code, dict(refused.facts)))
        else:
            done.append(one)
    if not done:
        raise Refused("nothing_changes", left_out=tuple(left_out))
    draft.facts.clear()
    draft.facts.update(done=tuple(done), left_out=tuple(left_out), count=len(done))
