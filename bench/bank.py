"""A bank statement taken in: every transfer pays a part of an open invoice, by the reference it names."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import cast
from seatkeeper.adapters.bank.camt import check, entries
from seatkeeper.core.invoicing.reference import creditor_reference
from seatkeeper.core.money import plain
from seatkeeper.domain.invoicing.models import Document
from seatkeeper.domain.subscriptions.bank import take_in
from tests.support.statements import statement, transfer


def measure(count: int) -> dict[str, Any]:
    """Seconds to check a file of five transfers for every two of so many accounts, and to take it in."""
    seller = cast.seller()
    cast.buyers(seller, count, kind="bank_transfer")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "statement.xml"
        file.write_text(statement(_transfers(seller)), encoding="utf-8")
        began = time.perf_counter()
        summary = check(file)
        checked = time.perf_counter()
        found = take_in(seller, entries(file), now=cast.BOUGHT_AT)
        done = time.perf_counter()
    assert found.matched == summary.entries == count * 5 // 2, found
    return {
        "entries": summary.entries, "check": checked - began, "match": done - checked,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _transfers(seller: int) -> Iterator[str]:
    """Two or three parts of every invoice, one account after the other."""
    rows = Document.objects.filter(seller_id=seller).order_by("account_id").values_list("number", "due_minor")
    for index, (number, due) in enumerate(rows.iterator()):
        parts = 2 + index % 2
        for part in range(parts):
            amount = due // parts if part else due - due // parts * (parts - 1)
            reference = creditor_reference(number)
            yield transfer(plain(amount, "EUR"), reference, reference=f"{number}-{part}", structured=True)
