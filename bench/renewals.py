"""The billing run against the raw speed of the same rows."""

from __future__ import annotations

import gc
from statistics import median
from time import perf_counter
from typing import Any

from bench import cast, place
from bench.recording import Recording, recording
from seatkeeper.domain.subscriptions.run import tick


def measure(count: int, turns: int) -> dict[str, Any]:
    """Renewals a second of the run and of writing its rows raw: the median of so many turns each, taken in turns.

    The run decides, numbers, taxes, writes lines, postings, events, and pays every invoice by the sandbox gateway.
    Raw writes the same encoded rows in the same statements and transactions, from memory.
    """
    seller = cast.seller()
    cast.buyers(seller, count)
    place.keep()
    with recording() as recorded:
        tick(cast.RENEWS_AT, seller=seller)
    gc.collect()
    gc.freeze()  # what is recorded costs the runs nothing
    pairs = [(_run(seller, count), _raw(recorded)) for _ in range(turns)]
    gc.unfreeze()
    place.restore()
    run, raw = median(one for one, _ in pairs), median(one for _, one in pairs)
    return {
        "subscriptions": count,
        "run_per_second": count / run,
        "raw_per_second": count / raw,
        "ratio": raw / run,
        "ratio_lowest": min(raw / run for run, raw in pairs),
        "ratio_highest": max(raw / run for run, raw in pairs),
        "rows_per_renewal": recorded.rows / count,
    }


def _run(seller: int, count: int) -> float:
    place.restore()
    began = perf_counter()
    report = tick(cast.RENEWS_AT, seller=seller)
    seconds = perf_counter() - began
    assert (report.documents, report.charges) == (count, count), (report.documents, report.charges, report.parked[:1])
    return seconds


def _raw(recorded: Recording) -> float:
    place.restore()
    began = perf_counter()
    recorded.replay()
    return perf_counter() - began
