"""Payment methods and attempts, read and written for the contexts above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from seatkeeper.core.state import Method as MethodFacts
from seatkeeper.core.state import PaidPart
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.payments.models import Attempt, Method
from seatkeeper.kit.bulk import Table

METHODS = Table(Method)
ATTEMPTS = Table(Attempt)

ATTEMPT_COLUMNS = (
    "account_id", "id", "purpose", "document_id", "method_id", "amount_minor", "currency", "status", "reason",
    "hard", "refunded_minor", "refunds", "account_version", "frozen", "at", "settled_at",
)
METHOD_COLUMNS = (
    "account_id", "id", "kind", "label", "token", "brand", "last_four", "expires_on", "blocked", "replaced_by",
    "added_at",
)
SETTLED_COLUMNS = ("document_id", "status", "reason", "hard", "settled_at")

PENDING = "pending"
SUCCEEDED = "succeeded"
DECLINED = "declined"
REVERSED = "reversed"


def methods(account_ids: Sequence[int]) -> dict[int, dict[int, MethodFacts]]:
    """The accounts' payment methods, by account and id."""
    found: dict[int, dict[int, MethodFacts]] = {}
    columns = ("account_id", "id", "kind", "blocked", "label")
    for account, id_, kind, blocked, label in METHODS.select(columns, account_ids, order="account_id, id"):
        found.setdefault(account, {})[id_] = MethodFacts(id_, kind, blocked, label)
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
    columns: Sequence[str], *, seller: int | None = None, account_ids: Sequence[int] | None = None, limit: int = -1
) -> list[tuple[Any, ...]]:
    """The attempts whose outcome is not known yet, oldest first; of some accounts, or of one seller's."""
    order = "account_id, id" + (f" LIMIT {limit}" if limit >= 0 else "")
    if account_ids is not None:
        return ATTEMPTS.select(columns, account_ids, where="AND status = 'pending'", order=order)
    where = "status = 'pending'"
    if seller is not None:
        where += f" AND account_id IN (SELECT id FROM {Account._meta.db_table} WHERE seller_id = %s)"
    return ATTEMPTS.find(columns, f"{where} ORDER BY {order}", [] if seller is None else [seller])


def tokens(account_ids: Sequence[int]) -> dict[tuple[int, int], tuple[str, str]]:
    """Kind and token of the accounts' payment methods, by (account, method)."""
    rows = METHODS.select(("account_id", "id", "kind", "token"), account_ids)
    return {(account, id_): (kind, token) for account, id_, kind, token in rows}


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
    """Insert payment methods: rows of METHOD_COLUMNS."""
    METHODS.insert(METHOD_COLUMNS, rows)


def block_methods(rows: list[tuple[int, int, bool]]) -> None:
    """Mark methods as hard declined: rows of (account_id, id, blocked)."""
    METHODS.update(("account_id", "id"), ("blocked",), rows)


def replace_methods(rows: list[tuple[int, int, int]]) -> None:
    """Note which method took over: rows of (account_id, id, new method's id)."""
    METHODS.update(("account_id", "id"), ("replaced_by",), rows)


def replacements_since(account: int, instant: datetime) -> int:
    """How many methods of an account were added since an instant."""
    return Method.objects.filter(account_id=account, added_at__gte=instant).count()
