"""What varies, as tables that a bookkeeper can read: statuses, policies, dunning, roles (DOMAIN.md 5, 6, 9.5, 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCHEDULED: Final = "scheduled"
TRIAL: Final = "trial"
ACTIVE: Final = "active"
EXPIRED: Final = "expired"
DISABLED: Final = "disabled"
DELETED: Final = "deleted"

STATUSES: Final = (SCHEDULED, TRIAL, ACTIVE, EXPIRED, DISABLED, DELETED)

ENDED: Final = "ended"
CANCELLED: Final = "cancelled"
UNPAID: Final = "unpaid"

ON: Final = "on"
ONCE: Final = "once"
OFF: Final = "off"
RECURRING: Final = (ON, ONCE, OFF)

NOW: Final = "now"
RENEWAL: Final = "renewal"
END: Final = "end"
BILLING_DATE: Final = "billing_date"

POOLED: Final = frozenset({TRIAL, ACTIVE, EXPIRED})
"""The statuses whose seats count in the pool: their users have access (DOMAIN.md 5)."""

WINDOW_HOURS: Final = 168
"""Length of the window after a purchase, renewal, reactivation or addition (DOMAIN.md 6)."""

REMINDER_DAYS: Final = (30, 7, 1)
"""Days before a booked reduction that suspends licences on which its people are warned (DOMAIN.md 8.5)."""

MOST_SEATS: Final = 10_000_000
"""The most seats of a pool whose plan names no maximum: more is a slip of the keyboard, and amounts stay in range."""

GRACE_ONCE_IN_DAYS: Final = 365
SUSPENDED_DAYS: Final = 90
RESUME_DAYS: Final = 14
TRIAL_EXTENSION_DAYS: Final = 30
TRIAL_EXTENSION_LAST_DAYS: Final = 15
DEFAULT_GRACE_DAYS: Final = 30
DEFAULT_RETENTION_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Policy:
    """One row of rules.

    fewer, cancel: any_time or window; frequency: billing_date or renewal; unpaid: credited or owed.
    """

    id: str
    fewer: str
    cancel: str
    frequency: str
    unpaid: str

    def stricter(self, other: Policy) -> Policy:
        """Column by column the stricter of two policies (DOMAIN.md 6: after a change of plan, until the term ends)."""
        if self == other:
            return self

        def pick(column: str, strict: str) -> str:
            return strict if strict in (getattr(self, column), getattr(other, column)) else getattr(self, column)

        columns = (
            pick("fewer", "window"),
            pick("cancel", "window"),
            pick("frequency", "renewal"),
            pick("unpaid", "owed"),
        )
        for policy in (other, self):
            if (policy.fewer, policy.cancel, policy.frequency, policy.unpaid) == columns:
                return policy
        return Policy(f"{self.id}+{other.id}", *columns)


FLEXIBLE: Final = Policy("flexible", "any_time", "any_time", "billing_date", "credited")
COMMITTED: Final = Policy("committed", "window", "window", "renewal", "owed")
POLICIES: Final = {FLEXIBLE.id: FLEXIBLE, COMMITTED.id: COMMITTED}

POLICY_COLUMNS: Final = {
    "fewer": ("any_time", "window"),
    "cancel": ("any_time", "window"),
    "frequency": ("billing_date", "renewal"),
    "unpaid": ("credited", "owed"),
}

TRY: Final = "try"
DISABLE: Final = "disable"

DUNNING: Final[tuple[tuple[int, str], ...]] = ((3, TRY), (7, TRY), (14, TRY), (21, TRY), (30, DISABLE))
"""Days after the due date, and what happens then (DOMAIN.md 9.5). The seller may replace the table."""

FIRST: Final = "first"
BACKUP: Final = "backup"
"""A charge by itself: of the invoice's own method, after which the backup may come, or of the backup in its place."""

MAIL_PATIENCE_DAYS: Final = 3
"""So many days longer than its one day a step of dunning waits for the message of the one before to go out."""

CARD: Final = "card"
DIRECT_DEBIT: Final = "direct_debit"
BANK_TRANSFER: Final = "bank_transfer"
METHOD_KINDS: Final = (CARD, DIRECT_DEBIT, BANK_TRANSFER)
CHARGED_AT_ONCE: Final = frozenset({CARD, DIRECT_DEBIT})

ROLES: Final = (
    "owner",
    "billing_administrator",
    "license_administrator",
    "user_administrator",
    "reader",
    "user",
)

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "owner": frozenset(
        {
            "money.see",
            "subscription.see",
            "subscription.change",
            "license.assign",
            "license.request",
            "user.manage",
            "role.manage",
        }
    ),
    "billing_administrator": frozenset({"money.see", "subscription.see", "subscription.change", "license.request"}),
    "license_administrator": frozenset({"subscription.see", "license.assign", "license.request"}),
    "user_administrator": frozenset({"subscription.see", "license.assign", "license.request", "user.manage"}),
    "reader": frozenset({"money.see", "subscription.see", "license.request"}),
    "user": frozenset({"license.request"}),
    "seller": frozenset(
        {
            "money.see",
            "subscription.see",
            "subscription.change",
            "license.assign",
            "user.manage",
            "role.manage",
            "seller",
        }
    ),
}
"""Who may do what (DOMAIN.md 10)."""
