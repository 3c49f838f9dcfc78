"""`python -m bench [--quick] [--database sqlite|postgresql] [name ...]`: measure on both databases, print tables."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import report
from bench.measures import NAMES
from tests.support.postgres import TestPostgres, create_database

DATABASES = ("sqlite", "postgresql")
FULL = {"subscriptions": 20_000, "users": 10_000, "held": 500, "years": 5, "requests": 100, "turns": 5}
QUICK = {"subscriptions": 1_000, "users": 500, "held": 40, "years": 1, "requests": 20, "turns": 1}


def main() -> int:
    """Run every measure asked for and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Seatkeeper's speed.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"one or more of {', '.join(NAMES)}; default all")
    parser.add_argument("--quick", action="store_true", help="small numbers: a minute, for a first look")
    parser.add_argument("--database", choices=DATABASES, action="append", help="only this one; default both")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no measure is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    sizes = QUICK if asked.quick else FULL
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="seatkeeper-bench-") as folder:
        for database in asked.database or DATABASES:
            print(f"Measuring on {report.TITLES[database]}.", file=sys.stderr, flush=True)
            with _url(database, Path(folder)) as url:
                found[database] = _child(url, Path(folder) / f"home-{database}", asked.names or NAMES, sizes)
    print(json.dumps(found, indent=1) if asked.json else report.text(found, sizes, _machine()))
    return 0


@contextmanager
def _url(database: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database; the PostgreSQL server lives as long as the block."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    server = TestPostgres(folder / "postgres")
    try:
        yield create_database(server.url, "bench")
    finally:
        server.stop()


def _child(url: str, home: Path, names: Any, sizes: dict[str, int]) -> dict[str, Any]:
    """The figures of one database, measured in a process of its own."""
    home.mkdir()
    options = [f"--{name}={value}" for name, value in sizes.items()]
    done = subprocess.run(
        [sys.executable, "-m", "bench.measures", *names, *options],
        env={**os.environ, "DATABASE_URL": url, "SEATKEEPER_HOME": str(home)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _machine() -> str:
    processor = platform.processor() or platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        processor = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), processor)
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
