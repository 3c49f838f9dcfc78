"""Starting `tests.domain.worker` on the fresh database, and looking at that database from the test itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

from seatkeeper.config.environment import database_from_url

ROOT = Path(__file__).resolve().parents[2]


def start(url: str, work: str, **arguments: Any) -> subprocess.Popen[str]:
    """A worker process on the database, its words on stdout."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.domain.worker", work, json.dumps(arguments)],
        env={**os.environ, "DATABASE_URL": url},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(url: str, work: str, **arguments: Any) -> dict[str, Any]:
    """Let a worker do its work, and return the last thing that it said."""
    process = start(url, work, **arguments)
    said, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors[-4000:]
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


@contextmanager
def inside(url: str, blocker: Any) -> Iterator[None]:
    """The test's own code on the fresh database, as if it were the installation's. blocker: `django_db_blocker`."""
    known, outer = connections.settings["default"], connections["default"]
    connections.settings["default"] = {**known, **database_from_url(url)}
    del connections["default"]
    try:
        with blocker.unblock():
            yield
    finally:
        connections["default"].close()
        connections.settings["default"] = known
        connections["default"] = outer
