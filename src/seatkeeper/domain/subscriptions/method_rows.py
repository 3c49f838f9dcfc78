"""The rows of payment methods that decisions become, and the account's default and backup after one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from seatkeeper.core.decision import Decision
from seatkeeper.domain.payments import operations as payments


@dataclass(slots=True)
class MethodRows:
    """Of one batch of decisions."""

    added: list[Any] = field(default_factory=list)
    blocked: list[Any] = field(default_factory=list)
    replaced: list[Any] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)

    def put(self, decision: Decision, extra: Mapping[str, Any], take_id: Callable[[], int]) -> int | None:
        """Put a decision's changes on the batch; the id of the method that it adds. extra: what it is shown by."""
        account, made = decision.account, None
        for change in decision.methods:
            if change.id is not None and change.removed:
                self.removed.append((account, change.id, "", decision.at))
            elif change.id is not None:
                self.blocked.append((account, change.id, change.blocked))
            else:
                made = take_id()
                self.added.append(
                    (
                        account, made, change.kind, change.label, change.token, extra.get("brand", ""),
                        extra.get("last_four", ""), extra.get("expires_on"), False, None, decision.at,
                    )
                )  # fmt: skip
                if change.replaces is not None:
                    self.replaced.append((account, change.replaces, made))
        return made

    def write(self) -> None:
        """Write the batch."""
        payments.write_methods(self.added)
        payments.block_methods(self.blocked)
        payments.replace_methods(self.replaced)
        payments.remove_methods(self.removed)


def default_after(decision: Decision, default: int | None, added: int | None) -> int | None:
    """The account's default method after a decision. added: the method that it added."""
    facts = dict(decision.facts)
    if "default_method" in facts:
        chosen = facts["default_method"]
        return chosen if isinstance(chosen, int) else None
    if added is not None and default in (None, *(one.replaces for one in decision.methods)):
        return added
    return default


def backup_after(decision: Decision, backup: int | None, added: int | None, default: int | None) -> int | None:
    """The account's backup method after a decision. added: the method that it added; default: the one after it."""
    facts = dict(decision.facts)
    if "backup_method" in facts:
        chosen = facts["backup_method"]
        return chosen if isinstance(chosen, int) else None
    if backup is not None and added is not None and backup in (one.replaces for one in decision.methods):
        backup = added
    return None if backup == default else backup
