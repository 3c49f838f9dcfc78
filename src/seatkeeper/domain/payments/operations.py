"""Payment methods and attempts, read and written for the contexts above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from seatkeeper.core.state import Method as MethodFacts
from seatkeeper.core.state import PaidPart
from seatkeeper.domain.accounts.models import Account, Seller
from seatkeeper.domain.payments.models import Attempt, Method
from seatkeeper.domain.payments.ports import AUTHENTICATION
from seatkeeper.domain.payments.wiring import gateway_of
from seatkeeper.kit.bulk import Table

METHODS = Table(Method)
ATTEMPTS = Table(Attempt)

ATTEMPT_COLUMNS = (
    "account_id",
    "id",
    "purpose",
    "document_id",
    "method_id",
    "amount_minor",
    "currency",
    "status",
    "reason",
    "hard",
    "refunded_minor",
    "refunds",
    "account_version",
    "frozen",
    "at",
    "settled_at",
    "turn",
)
METHOD_COLUMNS = (
    "account_id",
    "id",
    "kind",
    "label",
    "token",
    "brand",
    "last_four",
    "expires_on",
    "blocked",
    "replaced_by",
    "added_at",
)
SETTLED_COLUMNS = ("document_id", "status", "reason", "hard", "settled_at")

COMMAND = "command"
REVERSAL = "reversal"
DOCUMENT = "document"
PENDING = "pending"
SUCCEEDED = "succeeded"
DECLINED = "declined"
REVERSED = "reversed"


def methods(account_ids: Sequence[int]) -> dict[int, dict[int, MethodFacts]]:
    """The accounts' payment methods, by account and id."""
    found: dict[int, dict[int, MethodFacts]] = {}
    columns = ("account_id", "id", "kind", "blocked", "label", "expires_on", "replaced_by", "removed_at")
    rows = METHODS.select(columns, account_ids, order="account_id, id")
    for account, id_, kind, blocked, label, expires_on, *gone in rows:
        removed = any(one is not None for one in gone)
        found.setdefault(account, {})[id_] = MethodFacts(id_, kind, blocked, label, removed, expires_on)
    return found


def paid_parts(account_ids: Sequence[int]) -> dict[int, tuple[PaidPart, ...]]:
    """The payments that can still be refunded, newest first."""
    found: dict[int, list[PaidPart]] = {}
    rows = ATTEMPTS.select(
        ("account_id", "id", "document_id", "method_id", "amount_minor", "refunded_minor"),
        account_ids,
        where="AND status = 'succeeded' AND document_id IS NOT NULL AND purpose <> 'refund'",
        order="account_id, id DESC",
    )
    for account, id_, document, method, amount, refunded in rows:
        if amount > refunded:
            found.setdefault(account, []).append(PaidPart(id_, document, method, amount - refunded))
    return {account: tuple(parts) for account, parts in found.items()}


def pending(
    columns: Sequence[str], *, seller: int | None = None, account_ids: Sequence[int] | None = None, limit: int = -1,
    commands_until: datetime | None = None, persons_until: datetime | None = None, after: tuple[int, int] = (0, 0),
) -> list[tuple[Any, ...]]:
    """The attempts whose outcome is not known yet, in the order of (account, id), beginning after a pair.

    Of some accounts, of one test seller's, or else of all sellers that have no clock of their own; parked accounts
    are left out of the latter two. commands_until: charges of commands that are younger are left out, as the command
    may still be under way; persons_until: the same of those that wait for their person.
    """
    order = "account_id, id" + (f" LIMIT {limit}" if limit >= 0 else "")
    where = "status = 'pending' AND (account_id > %s OR (account_id = %s AND id > %s))"
    values: list[Any] = [after[0], *after]
    if commands_until is not None:
        where += " AND (purpose <> 'command' OR at <= %s AND (reason <> 'authentication' OR at <= %s))"
        values += [ATTEMPTS.parameter("at", one) for one in (commands_until, persons_until or commands_until)]
    if account_ids is not None:
        return ATTEMPTS.select(columns, account_ids, where=f"AND {where}", order=order, parameters=values)
    accounts, sellers = Account._meta.db_table, Seller._meta.db_table
    if seller is not None:
        where += f" AND account_id IN (SELECT id FROM {accounts} WHERE seller_id = %s AND parked_reason = '')"
        values.append(seller)
    else:
        where += f" AND account_id IN (SELECT a.id FROM {accounts} a JOIN {sellers} s ON s.id = a.seller_id "
        where += "WHERE s.clock_at IS NULL AND a.parked_reason = '')"
    return ATTEMPTS.find(columns, f"{where} ORDER BY {order}", values)


def on_the_way(account_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """What of each document is being charged with an outcome not known yet, by (account, document)."""
    columns = ("account_id", "document_id", "amount_minor")
    found: dict[tuple[int, int], int] = {}
    for account, document, amount in ATTEMPTS.select(
        columns, account_ids, where="AND status = 'pending' AND purpose = 'document'"
    ):
        found[account, document] = found.get((account, document), 0) + amount
    return found


def command_is_pending(account: int, attempt: int) -> bool:
    """Whether a command's charge still waits for it, and nobody has begun to give the money back."""
    rows = ATTEMPTS.select(("id", "purpose"), [account], where="AND status = 'pending'")
    return (attempt, COMMAND) in rows


def claim_for_reversal(rows: Sequence[tuple[int, int]]) -> None:
    """Take commands' charges, by (account, id), from their commands, to give the money back.

    The accounts are locked by the caller: a command that comes back later finds its charge claimed.
    """
    still = {(row[0], row[1]) for row in pending(("account_id", "id"), account_ids=[row[0] for row in rows])}
    claimed = [(account, id_, REVERSAL) for account, id_ in rows if (account, id_) in still]
    ATTEMPTS.update(("account_id", "id"), ("purpose",), claimed)


def collect(account: int, attempt: int) -> None:
    """A command's charge is on its way, for days: from now on it is the charge of the document that is issued."""
    Attempt.objects.filter(account_id=account, id=attempt, status=PENDING).update(purpose=DOCUMENT)


def wait_for_person(rows: Sequence[tuple[int, int]]) -> None:
    """Note of pending attempts, by (account, id), that the bank wants their person to confirm them."""
    if rows:
        with transaction.atomic():
            Attempt.objects.filter(pk__in=list(rows), status=PENDING).update(reason=AUTHENTICATION)


def attempts_of(account_ids: Sequence[int]) -> dict[tuple[int, int], tuple[str, int | None]]:
    """Purpose and method of every attempt of some accounts, by (account, attempt)."""
    rows = ATTEMPTS.select(("account_id", "id", "purpose", "method_id"), account_ids)
    return {(account, id_): (purpose, method) for account, id_, purpose, method in rows}


def is_pending(account: int, attempt: int) -> bool:
    """Whether an attempt's outcome is still unknown."""
    return any(row[0] == attempt for row in pending(("id",), account_ids=[account]))


def tokens(account_ids: Sequence[int]) -> dict[tuple[int, int], tuple[str, str]]:
    """Gateway and token of the accounts' payment methods, by (account, method). No gateway: bank transfer."""
    rows = METHODS.select(("account_id", "id", "gateway", "token"), account_ids)
    return {(account, id_): (gateway, token) for account, id_, gateway, token in rows}


def write_attempts(rows: list[tuple[Any, ...]]) -> None:
    """Insert attempts: rows of ATTEMPT_COLUMNS."""
    ATTEMPTS.insert(ATTEMPT_COLUMNS, rows)


def settle_attempts(rows: list[tuple[Any, ...]]) -> None:
    """Write the outcomes of attempts: rows of (account_id, id, *SETTLED_COLUMNS)."""
    ATTEMPTS.update(("account_id", "id"), SETTLED_COLUMNS, rows)


def add_refunds(rows: list[tuple[int, int, int]]) -> None:
    """Note on payments what was refunded of them: rows of (account_id, id, minor units)."""
    ATTEMPTS.update(("account_id", "id"), (), rows, adds=("refunded_minor",))


def write_methods(rows: list[tuple[Any, ...]]) -> None:
    """Insert payment methods: rows of METHOD_COLUMNS. The gateway is the one whose token it is."""
    kind, token = METHOD_COLUMNS.index("kind"), METHOD_COLUMNS.index("token")
    METHODS.insert((*METHOD_COLUMNS, "gateway"), [(*row, gateway_of(row[kind], row[token])) for row in rows])


def block_methods(rows: list[tuple[int, int, bool]]) -> None:
    """Mark methods as hard declined: rows of (account_id, id, blocked)."""
    METHODS.update(("account_id", "id"), ("blocked",), rows)


def replace_methods(rows: list[tuple[int, int, int]]) -> None:
    """Note which method took over: rows of (account_id, id, new method's id)."""
    METHODS.update(("account_id", "id"), ("replaced_by",), rows)


def remove_methods(rows: list[tuple[int, int, str, datetime]]) -> None:
    """Note methods as removed: rows of (account_id, id, no token, when)."""
    METHODS.update(("account_id", "id"), ("token", "removed_at"), rows)


def has_token(account: int, token: str) -> bool:
    """Whether an account has a method of that token already."""
    return Method.objects.filter(account_id=account, token=token).exists()


def replacements_since(account: int, instant: datetime) -> int:
    """How many methods of an account were added since an instant."""
    return Method.objects.filter(account_id=account, added_at__gte=instant).count()
