"""Locking accounts and reading the facts that decide. Called by higher contexts, inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from seatkeeper.core.state import Seller as SellerFacts
from seatkeeper.core.tables import DUNNING
from seatkeeper.core.values import value
from seatkeeper.domain.accounts.models import Account, Logo, Seller
from seatkeeper.kit.bulk import Table
from seatkeeper.kit.clock import system_now
from seatkeeper.kit.journal.chain import Head

ACCOUNTS = Table(Account)
SELLERS = Table(Seller)


@value
class LockedAccount:
    """An account's own row, under its lock."""

    id: int
    seller_id: int
    key: str
    name: str
    country: str
    address: dict[str, Any]
    vat_id: str | None
    vat_confirmed: bool
    exempt_reason: str
    currency: str
    timezone: str
    language: str
    terms_days: int
    credit_limit_minor: int | None
    purchase_order: str
    default_method: int | None
    backup_method: int | None
    balance_minor: int
    version: int
    last_id: int
    due_at: datetime | None
    journal_sequence: int
    journal_head: str
    parked_reason: str

    @property
    def head(self) -> Head:
        """The end of its journal."""
        return Head(self.journal_sequence, self.journal_head)


FIELDS = tuple(LockedAccount.__dataclass_fields__)


def lock(account_ids: Sequence[int]) -> list[LockedAccount]:
    """Lock accounts in id order and return their rows. On SQLite the immediate transaction is the lock."""
    return [LockedAccount(*row) for row in ACCOUNTS.select(FIELDS, account_ids, key="id", order="id", lock=True)]


def look(account_ids: Sequence[int]) -> list[LockedAccount]:
    """The accounts' rows without a lock, for reading only."""
    return [LockedAccount(*row) for row in ACCOUNTS.select(FIELDS, account_ids, key="id", order="id")]


def due(now: datetime, *, limit: int, seller: int | None = None) -> list[int]:
    """The accounts with something due at `now`, longest due first; parked ones are left out.

    seller: only of that one. Otherwise sellers with a clock of their own are left out, as theirs is another time.
    """
    sellers = [seller] if seller is not None else [row[0] for row in SELLERS.find(("id",), "clock_at IS NULL", ())]
    where = "seller_id = %s AND due_at <= %s AND parked_reason = '' ORDER BY due_at, id LIMIT %s"
    at = ACCOUNTS.parameter("due_at", now)
    rows = [row for one in sellers for row in ACCOUNTS.find(("due_at", "id"), where, (one, at, limit))]
    return [id_ for _, id_ in (sorted(rows) if len(sellers) > 1 else rows)[:limit]]


def due_ids(
    until: datetime, *, seller: int | None = None, most: int | None = None, inclusive: bool = False
) -> list[int]:
    """Every account with something due before an instant (inclusive: at it, too), longest due first.

    Which sellers: as in `due`. most: not more than so many of each seller.
    """
    sellers = [seller] if seller is not None else [row[0] for row in SELLERS.find(("id",), "clock_at IS NULL", ())]
    where = f"seller_id = %s AND due_at {'<=' if inclusive else '<'} %s AND parked_reason = '' ORDER BY due_at, id"
    if most is not None:
        where += f" LIMIT {most}"
    at = ACCOUNTS.parameter("due_at", until)
    return [row[0] for one in sellers for row in ACCOUNTS.find(("id",), where, (one, at))]


def still_due(account_ids: Sequence[int], now: datetime) -> list[int]:
    """Those of some accounts for which something is due at `now`, in id order; parked ones are left out."""
    at = ACCOUNTS.parameter("due_at", now)
    where = "AND due_at <= %s AND parked_reason = ''"
    rows = ACCOUNTS.select(("id",), account_ids, key="id", where=where, order="id", parameters=[at])
    return [row[0] for row in rows]


def of_real_sellers(account_ids: Sequence[int]) -> list[int]:
    """Those of some accounts whose seller has the system's clock."""
    real = {row[0] for row in SELLERS.find(("id",), "clock_at IS NULL", ())}
    return [id_ for id_, seller in ACCOUNTS.select(("id", "seller_id"), account_ids, key="id") if seller in real]


def next_due_at(seller: int) -> datetime | None:
    """The next instant at which an account of the seller has something due; None when nothing ever is."""
    where = "seller_id = %s AND parked_reason = '' AND due_at IS NOT NULL ORDER BY due_at LIMIT 1"
    rows = ACCOUNTS.find(("due_at",), where, [seller])
    return rows[0][0] if rows else None


def seller_facts(seller_ids: Sequence[int]) -> dict[int, tuple[SellerFacts, int]]:
    """The sellers' facts that decide, by id, each with the version of its catalogue."""
    found = {}
    columns = ("id", "country", "timezone", "credit_to", "dunning", "catalog_version", "clock_at", "tolerance_minor")
    rows = SELLERS.select(columns, list(set(seller_ids)), key="id")
    for id_, country, timezone, credit_to, dunning, version, clock_at, tolerance in rows:
        table = tuple((int(days), str(what)) for days, what in dunning) if dunning else DUNNING
        facts = SellerFacts(
            id_, country, timezone, credit_to, table, sends_mail=clock_at is None, tolerance_minor=tolerance
        )
        found[id_] = (facts, version)
    return found


def letterheads(seller_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What documents print of the sellers as they are now, by id, in plain data."""
    columns = ("id", "name", "country", "vat_id", "registration_number", "address", "letterhead")
    rows = SELLERS.select(columns, list(set(seller_ids)), key="id")
    return {id_: dict(zip(columns[1:], facts, strict=True)) for id_, *facts in rows}


def logo(digest: str) -> tuple[str, bytes]:
    """A logo that documents may print: its kind (png, svg) and the picture; nothing for none."""
    row = Logo.objects.filter(digest=digest).values_list("kind", "content").first() if digest else None
    return ("", b"") if row is None else (row[0], bytes(row[1]))


def now_for(seller: int) -> datetime:
    """The present instant for a seller's accounts: its own test clock, else the system's."""
    clock_at = Seller.objects.values_list("clock_at", flat=True).get(id=seller)
    return clock_at or system_now()


def gateways_of(account: int) -> dict[str, str]:
    """The gateways that an account's seller chose, by kind of payment method."""
    found = Account.objects.filter(id=account).values_list("seller__gateways", flat=True).first()
    return dict(found or {})


def gateway_choices() -> list[dict[str, str]]:
    """What the sellers that chose gateways chose, by kind."""
    return [dict(one) for one in Seller.objects.values_list("gateways", flat=True) if one]


def choose_gateways(seller: int, choice: Mapping[str, str]) -> dict[str, str]:
    """Choose the gateways of a seller's new payment methods by kind; what is not named stays. The choice as it is."""
    with transaction.atomic():
        row = Seller.objects.select_for_update().get(id=seller)
        row.gateways = {**row.gateways, **choice}
        row.save(update_fields=["gateways"])
    return dict(row.gateways)


def clocks_of(account_ids: Iterable[int]) -> dict[int, datetime]:
    """The test clocks of accounts by account; those that live by the system's are left out."""
    found = Account.objects.filter(id__in=list(account_ids), seller__clock_at__isnull=False)
    return {id_: clock_at for id_, clock_at in found.values_list("id", "seller__clock_at") if clock_at is not None}


def test_sellers_only() -> bool:
    """Whether no real seller is in the database: only then may a demonstration be made in it or thrown away."""
    return not Seller.objects.filter(is_test=False).exists()


def clock_of(name: str) -> tuple[int, datetime] | None:
    """Id and clock of the test seller of that name; None when there is none."""
    row = Seller.objects.filter(is_test=True, name=name, clock_at__isnull=False).order_by("id").first()
    return None if row is None or row.clock_at is None else (row.id, row.clock_at)


def wake(account_id: int, at: datetime) -> None:
    """Let the run look at an account at an instant already: what it waited for may have come."""
    Account.objects.filter(id=account_id, due_at__gt=at).update(due_at=at)


def park(account_id: int, reason: str) -> None:
    """Take an account that cannot be decided out of the run, with the reason; the seller sees it."""
    Account.objects.filter(id=account_id).update(parked_reason=reason[:2000])


WRITTEN = (
    "version", "last_id", "balance_minor", "due_at", "default_method", "backup_method", "journal_sequence",
    "journal_head",
)


def write(rows: list[tuple[Any, ...]]) -> None:
    """Write back what decisions changed: rows of (id, *WRITTEN)."""
    ACCOUNTS.update(("id",), WRITTEN, rows)
