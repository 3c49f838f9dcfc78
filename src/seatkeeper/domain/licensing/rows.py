"""What pages read about licences and who holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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

    @property
    def spare(self) -> int:
        """What is left once everybody suspended has returned; below 0: so many more are short."""
        return self.bought - self.assigned - self.suspended


@dataclass(frozen=True, slots=True)
class LicenceProductRow:
    """A product of which the organisation holds licences, with the references of its subscriptions.

    waiting: requests for it that nobody has answered; by_user: found because a user holds it.
    """

    product: str
    name: str
    pool: PoolRow
    currency: str
    references: tuple[str, ...]
    waiting: int = 0
    by_user: bool = False


@dataclass(frozen=True, slots=True)
class LicencesPage:
    """The list of products with licences. counts: how many each filter would show; sums are those of the rows."""

    account: AccountRow
    rows: tuple[LicenceProductRow, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    sums: PoolRow = PoolRow("", 0, 0)
    total: PoolRow = PoolRow("", 0, 0)
    waiting: tuple[LicenceProductRow, ...] = ()


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
class Adding:
    """A subscription to which licences can be added. net_minor: what one costs per month, excl. VAT."""

    subscription: int
    reference: str
    seats: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class BookedCut:
    """A reduction booked on a subscription that will suspend licences: when, how many, and whose as it stands now.

    chosen: users whom an administrator named; who: the first of those whom it will touch.
    """

    subscription: int
    reference: str
    on: date
    seats: int
    count: int
    chosen: tuple[int, ...]
    who: tuple[UserRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspended:
    """Users whose licence is suspended, the one who returns first first. since: the first day; total: of them all."""

    total: int
    since: date
    remove_on: date | None
    who: tuple[UserRow, ...]


@dataclass(frozen=True, slots=True)
class HoldersPage:
    """A product's licences. total: holders that match the search; after: key of the next page, or None.

    add_to: reference of a subscription that is active, to which licences can be added.
    """

    account: AccountRow
    row: LicenceProductRow
    holders: tuple[HolderRow, ...]
    total: int
    after: str | None
    assign: Control
    unassign: Control
    requires: tuple[tuple[str, str], ...] = ()
    excludes: tuple[tuple[str, str], ...] = ()
    suspended: Suspended | None = None
    add_to: str = ""
    cuts: tuple[BookedCut, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the check table. outcome: ok, holds, unknown, inactive, excluded, requires.

    lacks, excluded: (id, name) of products that stand in the way; stuck: no swap and no licence more can mend it.
    """

    typed: str
    outcome: str
    user: UserRow | None = None
    lacks: tuple[tuple[str, str], ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class AssignPage:
    """The assign sheet: what was found for the typed addresses, or search results to choose from.

    dependants: (id, name) of products that need this one and that some of the chosen hold.
    """

    account: AccountRow
    row: LicenceProductRow
    candidates: tuple[Candidate, ...]
    found: tuple[UserRow, ...]
    adding: tuple[Adding, ...] = ()
    control: Control = field(default_factory=lambda: Control("assign"))
    dependants: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class KeepPage:
    """Choosing who keeps a licence: those suspended now, or a reduction that is booked, and whom one may choose."""

    account: AccountRow
    row: LicenceProductRow
    suspended: tuple[UserRow, ...]
    holders: tuple[UserRow, ...]
    chosen: tuple[UserRow, ...]
    total: int
    cut: BookedCut | None = None


@dataclass(frozen=True, slots=True)
class OwnLicence:
    """A licence that a user holds themselves."""

    product: str
    name: str
    since: date
    suspended_on: date | None
    access: bool
