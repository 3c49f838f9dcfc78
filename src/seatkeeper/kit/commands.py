"""The registry of commands: every door finds a command by its name and gives it a context and keyword arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from seatkeeper.core.refusals import Refused
from seatkeeper.core.tables import PERMISSIONS, ROLES


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command: a user of the account, or the seller (role seller), or a job."""

    role: str
    user: int | None = None
    via: str = "web"

    def may(self, permission: str) -> bool:
        """Whether the role has a permission (DOMAIN.md 10)."""
        return permission in PERMISSIONS.get(self.role, frozenset())

    def __str__(self) -> str:
        return f"{self.role}:{self.user if self.user is not None else '-'}:{self.via}"


@dataclass(frozen=True, slots=True)
class Context:
    """An actor, the account it acts on, and the instant at which it does. origin: the network address it came from."""

    actor: Actor
    account: int
    now: datetime
    preview: bool = False
    origin: str = ""

    def previewing(self) -> Context:
        """The same, asking only what would happen."""
        return replace(self, preview=True)


@dataclass(frozen=True, slots=True)
class Command:
    """A registered command: its name, the permission it needs, and the function itself."""

    name: str
    needs: str
    handler: Callable[..., Any]

    @property
    def summary(self) -> str:
        """The first line of the command's docstring."""
        return (inspect.getdoc(self.handler) or "").splitlines()[0]

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The keyword arguments a door may give, without the context."""
        found = dict(inspect.signature(self.handler).parameters)
        found.pop("ctx", None)
        return found


Function = TypeVar("Function", bound=Callable[..., Any])
COMMANDS: dict[str, Command] = {}


def command(name: str, *, needs: str) -> Callable[[Function], Function]:
    """Register a command under its name. The actor's role is checked before it runs."""

    def register(handler: Function) -> Function:
        assert name not in COMMANDS, f"two commands named {name}"
        COMMANDS[name] = Command(name, needs, handler)
        return handler

    return register


def call(name: str, ctx: Context, **arguments: Any) -> Any:
    """Give a command. Raises Refused("not_permitted") where the actor's role lacks the permission."""
    found = COMMANDS[name]
    if not ctx.actor.may(found.needs):
        roles = tuple(role for role in ROLES if found.needs in PERMISSIONS[role])
        raise Refused("not_permitted", needs=found.needs, roles=roles)
    return found.handler(ctx, **arguments)
