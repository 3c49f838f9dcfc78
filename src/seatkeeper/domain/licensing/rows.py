"""What pages read about licences and who holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from seatkeeper.domain.accounts.rows import AccountRow, Control


@dataclass(frozen=True, slots=True)
class PoolRow:
    """All licences of a product. subscriptions: how many hold some of them; idle_minor: unassigned, per month."""

    product: str
    bought: int
    assigned: int
    suspended: int = 0
    subscriptions: int = 1
    idle_minor: int = 0
    idle_is_least: bool = False
    remove_on: date | None = None

    @property
    def available(self) -> int:
        """Licences bought and not assigned."""
        return max(self.bought - self.assigned, 0)


@dataclass(frozen=True, slots=True)
class LicenceProductRow:
    """A product of which the organisation holds licences, with the references of its subscriptions."""

    product: str
    name: str
    pool: PoolRow
    currency: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LicencesPage:
    """The list of products with licences."""

    account: AccountRow
    rows: tuple[LicenceProductRow, ...]


@dataclass(frozen=True, slots=True)
class HolderRow:
    """One user with a licence of the product. also: names of other products held; since: first day."""

    user: int
    name: str
    email: str
    since: date
    suspended_on: date | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user who can be given a licence."""

    user: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class HoldersPage:
    """A product's licences. total: holders that match the search; after: key of the next page, or None."""

    account: AccountRow
    row: LicenceProductRow
    holders: tuple[HolderRow, ...]
    total: int
    after: str | None
    assign: Control
    unassign: Control
    requires: tuple[tuple[str, str], ...] = ()
    excludes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the check table. outcome: ok, holds, unknown, inactive, excluded, requires; other: product's name."""

    typed: str
    outcome: str
    user: UserRow | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class AssignPage:
    """The assign sheet: what was found for the typed addresses, or search results to choose from."""

    account: AccountRow
    row: LicenceProductRow
    candidates: tuple[Candidate, ...]
    found: tuple[UserRow, ...]
