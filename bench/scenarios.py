"""Scenario files played one after the other in one process."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT.parent / "shared" / "spec" / "scenarios", ROOT / "tests" / "scenarios")
"""The folder of the specification, or the project's copy for those who do not have it."""


def measure(turns: int) -> dict[str, Any]:
    """Scenarios a second, each read, played and compared with what it expects: the best of so many turns."""
    try:
        from seatkeeper.interfaces.scenario.files import found_files, read_scenario
        from seatkeeper.interfaces.scenario.play import play
    except ImportError as missing:
        return {"skipped": f"scenario files cannot be read yet ({missing.name})"}
    from django.db import connection

    folder = next((one for one in FOLDERS if any(one.glob("*.yaml"))), None)
    if folder is None:
        return {"skipped": "no folder of scenario files was found"}
    paths = found_files([folder])
    if connection.vendor == "sqlite":  # as for every scenario, whose database is thrown away
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    seconds = []
    for turn in range(turns + 1):
        began = perf_counter()
        for path in paths:
            played = play(read_scenario(path))
            assert not played.differences, f"{path.name} does not give what it expects"
        if turn:  # the first turn fills caches
            seconds.append(perf_counter() - began)
    return {"files": len(paths), "per_second": len(paths) / min(seconds)}
