"""The installation's figures in the form that Prometheus reads.

Asked of the database when they are asked for, so that they are the same whichever of many processes answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.registry import Collector

from seatkeeper import __version__
from seatkeeper.domain.mail.queries import backlog
from seatkeeper.domain.payments.told import waiting
from seatkeeper.domain.subscriptions.progress import OUTCOMES_WITHIN, Backlog, RunStatus, run_status
from seatkeeper.kit.clock import system_now

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

__all__ = ["CONTENT_TYPE", "exposition"]


class Installation(Collector):
    """All figures, by a fixed number of queries."""

    def collect(self) -> Iterator[Metric]:
        """One family after the other."""
        now = system_now()
        status = run_status(now)
        yield from _run(status)
        yield from _payments(status)
        calls = Backlog.since(*waiting(), now)
        yield from _backlogs({"charges": status.charges, "mail": backlog(now), "webhooks": calls})
        build = GaugeMetricFamily("seatkeeper_build", "The version that answers.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build


def _run(status: RunStatus) -> Iterator[Metric]:
    yield GaugeMetricFamily("seatkeeper_due_accounts", "Accounts for which something is due.", status.due)
    yield GaugeMetricFamily(
        "seatkeeper_due_backlog_age_seconds", "For how long the account that waits longest has been due.",
        status.backlog_seconds,
    )  # fmt: skip
    yield GaugeMetricFamily("seatkeeper_parked_accounts", "Accounts that cannot be decided.", status.parked)
    yield GaugeMetricFamily("seatkeeper_workers", "Workers that gave a sign of life.", len(status.workers))
    issued = CounterMetricFamily(
        "seatkeeper_documents_issued", "Documents that were numbered; its rate is that of the run.", labels=["series"]
    )
    for series, count in sorted(status.issued.items()):
        issued.add_metric([series], count)
    yield issued


def _payments(status: RunStatus) -> Iterator[Metric]:
    found = GaugeMetricFamily(
        "seatkeeper_payment_outcomes",
        f"Payments whose outcome came within the last {int(OUTCOMES_WITHIN.total_seconds())} seconds, by outcome.",
        labels=["outcome"],
    )
    for outcome, count in sorted(status.outcomes.items()):
        found.add_metric([outcome], count)
    yield found


def _backlogs(waiting: dict[str, Backlog]) -> Iterator[Metric]:
    count = GaugeMetricFamily("seatkeeper_backlog", "What waits to go out or for an answer.", labels=["queue"])
    age = GaugeMetricFamily(
        "seatkeeper_backlog_age_seconds", "For how long the first of it has waited.", labels=["queue"]
    )
    for queue, one in waiting.items():
        count.add_metric([queue], one.count)
        age.add_metric([queue], one.age_seconds)
    yield count
    yield age


REGISTRY = CollectorRegistry()
REGISTRY.register(Installation())


def exposition() -> bytes:
    """All figures as text."""
    return generate_latest(REGISTRY)
