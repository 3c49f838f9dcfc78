"""Everything that accounts were ever sent, read whole with two queries: for results, exports and checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from seatkeeper.domain.invoicing.operations import DOCUMENTS, LINES


class IssuedLine(NamedTuple):
    """A line as it stands on its document; `end_on` is exclusive."""

    subscription: int
    plan: str
    kind: str
    seats: int
    start_on: date
    end_on: date
    amount_minor: int
    category: str
    rate: str


class Issued(NamedTuple):
    """An invoice or credit note with its lines; amounts in minor units, negative on a credit note."""

    number: str
    kind: str
    issued_on: date
    currency: str
    net_minor: int
    vat_minor: int
    gross_minor: int
    due_minor: int
    status: str
    lines: tuple[IssuedLine, ...]


def issued(account_ids: Sequence[int]) -> dict[int, list[Issued]]:
    """The accounts' documents by account, in the order in which they were issued."""
    columns = (
        "account_id", "document_id", "subscription_id", "plan", "kind", "seats", "start_on", "end_on",
        "amount_minor", "category", "rate",
    )
    lines: dict[tuple[int, int], list[IssuedLine]] = {}
    for account, document, *line in LINES.select(columns, account_ids, order="account_id, document_id, position"):
        lines.setdefault((account, document), []).append(IssuedLine(*line))
    columns = (
        "account_id", "id", "number", "kind", "issued_on", "currency", "net_minor", "vat_minor", "gross_minor",
        "due_minor", "status",
    )
    found: dict[int, list[Issued]] = {}
    for account, id_, *document in DOCUMENTS.select(columns, account_ids, order="account_id, id"):
        found.setdefault(account, []).append(Issued._make((*document, tuple(lines.get((account, id_), ())))))
    return found
