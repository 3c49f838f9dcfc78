"""All measures on one database, as one process: `python -m bench.measures`, with DATABASE_URL set. Prints JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

import django

NAMES = ("renewals", "latency", "scenarios", "page", "documents", "portal", "bank", "growth")


def main() -> None:
    """Measure what is asked and print it as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="+", choices=NAMES)
    parser.add_argument("--subscriptions", type=int, required=True)
    parser.add_argument("--users", type=int, required=True)
    parser.add_argument("--held", type=int, required=True)
    parser.add_argument("--years", type=int, required=True)
    parser.add_argument("--requests", type=int, required=True)
    parser.add_argument("--turns", type=int, required=True)
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "seatkeeper.config.settings"
    django.setup()
    print(json.dumps(measure(asked)))


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """The figures by name."""
    from bench import bank, documents, growth, latency, page, place, portal, renewals, scenarios
    from seatkeeper.domain.subscriptions import commands

    assert commands, "importing them registers them"
    place.begin()
    how = {
        "renewals": lambda: renewals.measure(asked.subscriptions, asked.turns),
        "latency": lambda: latency.measure(asked.requests, users=asked.users),
        "scenarios": lambda: scenarios.measure(asked.turns),
        "page": lambda: page.measure(asked.requests, users=asked.users),
        "documents": lambda: documents.measure(asked.requests),
        "portal": lambda: portal.measure(
            asked.requests, users=asked.users, subscriptions=asked.held, years=asked.years
        ),
        "bank": lambda: bank.measure(asked.subscriptions),
        "growth": lambda: growth.measure(asked.subscriptions),
    }
    found = {}
    for name in asked.names:
        print(f"  {name} ...", file=sys.stderr, flush=True)
        found[name] = how[name]()
    return found


if __name__ == "__main__":
    main()
