"""What may be read from a replica: these commands write nothing, not even in passing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.domain.processes import run
from tests.interfaces.test_cli import COMMAND, Shell, environment
from tests.support import databases

READING = (
    "verify", "account list", "account show linde", "invoice list", "invoice show INV-2026-000001",
    "activity linde", "documents render --all --out files", "run status", "run parked", "migrate --check",
    "ledger trial-balance --seller {seller}", "ledger receivables --seller {seller}",
    "ledger cash --seller {seller}", "ledger vat --seller {seller} --from 2026-01-01 --to 2026-12-31",
    "ledger export csv books.csv --seller {seller} --from 2026-01-01 --to 2026-12-31", "backup copy.backup",
)  # fmt: skip


def test_what_only_reads_reads_from_a_replica(installed_database_url: str, tmp_path: Path) -> None:
    if databases.chosen() != "postgres":
        pytest.skip("replicas are PostgreSQL's")
    from tests.interfaces.test_cli_keeping import programs

    (tmp_path / "seatkeeper.toml").write_text(f'pg_programs = "{programs()}"\n', encoding="utf-8")
    made = run(installed_database_url, "prepare", cast=["linde"])
    replica = f"{installed_database_url}&options=-c%20default_transaction_read_only%3Don"
    started = [
        subprocess.Popen(
            [*COMMAND, *words.format(seller=made["seller"]).split()], env=environment(tmp_path, replica), cwd=tmp_path,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for words in READING
    ]  # fmt: skip
    said = [one.communicate(timeout=240)[0] for one in started]
    ended = {words: text for words, one, text in zip(READING, started, said, strict=True) if one.returncode}
    assert not ended
    refused = " ".join(Shell(tmp_path, replica)("account", "receive", "linde", exits=3).split())
    assert "The database only reads" in refused
