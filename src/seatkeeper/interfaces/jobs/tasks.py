"""What a message may ask for. One that is lost, repeated, late or out of order changes nothing: the rows decide."""

from __future__ import annotations

import threading

from django.db import close_old_connections
from procrastinate.contrib.django import app

from seatkeeper.domain.subscriptions.run import do_accounts
from seatkeeper.kit.clock import system_now

QUEUE = "run"
STOPPING = threading.Event()
"""Set when this process has been told to stop: what it is at comes to its end, and nothing is begun."""


@app.task(name="do_due", queue=QUEUE)
def do_due(account_ids: list[int]) -> None:
    """Do what is due for these accounts; those for which nothing is due any more are passed over."""
    close_old_connections()
    do_accounts(system_now(), account_ids, stopping=STOPPING.is_set)
