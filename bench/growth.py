"""What a renewal costs in processor time, rows and bytes, and what parts by month change in that (PostgreSQL)."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from bench import cast, place
from seatkeeper.domain.subscriptions.partitioning import partition
from seatkeeper.domain.subscriptions.run import tick

GROWING = (
    "invoicing_document", "invoicing_line", "invoicing_number", "ledger_posting", "journal_event", "journal_activity",
    "payments_attempt", "subscriptions_notice", "subscriptions_mail", "sandbox_sandboxcharge",
)  # fmt: skip
SINCE = date(2022, 1, 1)
"""Parts for five years, most of them empty: a statement that looks into all of them pays for each."""
ROWS_A_RENEWAL = 50
"""So many old rows of postings stand for each that is written, when it is measured what a large index costs."""


def measure(count: int) -> dict[str, Any]:
    """A run over the tables as they come, and one over the same in parts; then writing beside many old rows."""
    if connection.vendor != "postgresql":
        return {"skipped": "parts by month, and the server's own figures, are PostgreSQL's"}
    seller = cast.seller()
    cast.buyers(seller, count)
    place.keep()
    whole = _run(seller, count)
    place.restore()
    partition(cast.RENEWS_AT, since=SINCE)
    place.keep()
    parts = _run(seller, count)
    return {"whole": whole, "parts": parts, **_beside_old_rows(count)}


def _run(seller: int, count: int) -> dict[str, float]:
    """One run, by what it cost each renewal."""
    place.restore()
    tick(cast.BOUGHT_AT, seller=seller)  # nothing is due: connects, and reads the catalogue
    before, written, server = _sizes(), _wal(), _server_seconds()
    own, began = time.process_time(), time.perf_counter()
    report = tick(cast.RENEWS_AT, seller=seller)
    seconds, own = time.perf_counter() - began, time.process_time() - own
    assert report.documents == count, report
    server, written = _server_seconds() - server, _wal() - written
    after = _sizes()
    found = {
        "microseconds": seconds / count * 1e6,
        "own_microseconds": own / count * 1e6,
        "server_microseconds": server / count * 1e6,
        "log_bytes": written / count,
        "bytes": sum(after[name][0] - before[name][0] for name in GROWING) / count,
        "rows": sum(after[name][1] - before[name][1] for name in GROWING) / count,
    }
    return found | {f"bytes of {name}": (after[name][0] - before[name][0]) / count for name in GROWING}


def _sizes() -> dict[str, tuple[int, int]]:
    """Bytes with indexes, and rows, of the tables that grow."""
    found = {}
    with connection.cursor() as cursor:
        for name in GROWING:
            cursor.execute(
                "SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint FROM pg_partition_tree(%s) WHERE isleaf"
                if _is_parted(name) else "SELECT pg_total_relation_size(%s)", [name]
            )  # fmt: skip
            [size] = cursor.fetchone()
            cursor.execute(f"SELECT count(*) FROM {name}")
            found[name] = (size, cursor.fetchone()[0])
    return found


def _is_parted(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(%s)", [name])
        return bool(cursor.fetchone()[0])


def _wal() -> int:
    """Bytes ever written to the write-ahead log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
        return int(cursor.fetchone()[0])


def _server_seconds() -> float:
    """Processor time of the server's process for this connection; 0 where it cannot be seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [process] = cursor.fetchone()
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _beside_old_rows(count: int) -> dict[str, Any]:
    """Writing so many postings of one month for accounts in no order, beside those of the four years before."""
    old = count * ROWS_A_RENEWAL
    found: dict[str, Any] = {"old_rows": old, "new_rows": count}
    place.restore()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ledger_whole (LIKE ledger_posting INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        cursor.execute("ALTER TABLE ledger_whole ADD PRIMARY KEY (account_id, id)")
        for table, name in (("ledger_whole", "beside_whole"), ("ledger_posting", "beside_parts")):
            cursor.execute(_postings(table, 1, old, f"'2022-01-01'::timestamptz + n * interval '1460 days' / {old}"))
            cursor.execute(f"VACUUM ANALYZE {table}")
            cursor.execute("CHECKPOINT")
            written, began = _wal(), time.perf_counter()
            cursor.execute(_postings(table, old + 1, old + count, "'2026-02-14'::timestamptz"))
            found[name] = {
                "microseconds": (time.perf_counter() - began) / count * 1e6, "log_bytes": (_wal() - written) / count,
            }  # fmt: skip
    return found


def _postings(table: str, first: int, last: int, at: str) -> str:
    """Rows numbered from first to last; whose account is scattered by a hash of the number."""
    return (
        f"INSERT INTO {table} (account_id, id, at, debit, credit, amount_minor, currency, document_id, event) "
        f"SELECT abs(hashint8(n)) % 1000000, n, {at}, 'receivable', 'revenue', 1210, 'EUR', n, 'invoice' "
        f"FROM generate_series({first}, {last}) n"
    )

