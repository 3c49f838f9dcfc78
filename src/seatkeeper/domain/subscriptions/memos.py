"""What is kept with a command's attempt, so that the command can be applied when its payment was confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from seatkeeper.core.decision import Decision
from seatkeeper.domain.subscriptions import previews
from seatkeeper.kit.commands import Context


def memo(
    ctx: Context, decision: Decision, ticket: previews.Ticket | None, command: str, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """The memo: what was decided, of which command, for whom, and whose preview it was."""
    return {
        "shown": previews.comparable(decision), "command": command, "arguments": packed(arguments),
        "role": ctx.actor.role, "user": ctx.actor.user, "via": ctx.actor.via, "origin": ctx.origin,
        "token": ticket.id if ticket is not None else "",
    }  # fmt: skip


def packed(value: Any) -> Any:
    """Arguments as JSON that gives them back as they were: with their dates and tuples."""
    if isinstance(value, tuple):
        return {"$tuple": [packed(one) for one in value]}
    if isinstance(value, list):
        return [packed(one) for one in value]
    if isinstance(value, Mapping):
        return {name: packed(one) for name, one in value.items()}
    if isinstance(value, date):
        assert not isinstance(value, datetime), "no command takes an instant"
        return {"$date": value.isoformat()}
    return value


def unpacked(value: Any) -> Any:
    """What `packed` made JSON of."""
    if isinstance(value, list):
        return [unpacked(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    if "$tuple" in value:
        return tuple(unpacked(one) for one in value["$tuple"])
    if "$date" in value:
        return date.fromisoformat(value["$date"])
    return {name: unpacked(one) for name, one in value.items()}
