"""Writing postings."""

from __future__ import annotations

from typing import Any

from seatkeeper.domain.ledger.models import Posting
from seatkeeper.kit.bulk import Table

POSTINGS = Table(Posting)
COLUMNS = ("account_id", "id", "at", "debit", "credit", "amount_minor", "currency", "document_id", "event")


def write(rows: list[tuple[Any, ...]]) -> None:
    """Append postings: rows of COLUMNS."""
    POSTINGS.insert(COLUMNS, rows)
