"""One worker process: takes batches from the queue and does them, and every few seconds looks whether to tell more.

Killed anywhere, the rows say what is left. SIGTERM and Ctrl-C let the batch under way come to its end.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading

from django.conf import settings
from django.db import Error, close_old_connections, connections

from seatkeeper.interfaces.jobs.spreading import APPLICATION, forget_lost, free_hanging, spread
from seatkeeper.interfaces.web.letters.sending import Sending
from seatkeeper.kit.clock import system_now

LOG = logging.getLogger("seatkeeper.run")
LOOK_EVERY_SECONDS = 2.0
AGAIN_AFTER_SECONDS = 2.0
STOPS_WITHIN_SECONDS = 60.0


def session_options(patience_seconds: int) -> dict[str, object]:
    """How a worker's sessions behave: the server ends those of a process that is frozen or cut off for so long."""
    milliseconds = patience_seconds * 1000
    return {
        "application_name": APPLICATION,
        "options": f"-c idle_in_transaction_session_timeout={milliseconds} -c tcp_user_timeout={milliseconds}",
        "keepalives_idle": max(patience_seconds // 4, 1),
        "keepalives_interval": max(patience_seconds // 4, 1),
        "keepalives_count": 3,
        "tcp_user_timeout": milliseconds,
        "connect_timeout": 10,
    }


def work(*, name: str) -> None:
    """Work until told to stop. name: what the worker is called in the queue's table."""
    own = connections["default"].settings_dict
    own["OPTIONS"] = {**own["OPTIONS"], **session_options(settings.WORKER_PATIENCE_SECONDS)}
    connections.close_all()
    stop = threading.Event()
    looker = threading.Thread(target=_look, args=(stop,), name="looker", daemon=True)
    looker.start()
    mail = Sending()
    try:
        asyncio.run(_work(name, stop))
    finally:
        stop.set()
        mail.stop()
        looker.join(STOPS_WITHIN_SECONDS)


async def _work(name: str, stop: threading.Event) -> None:
    """Take batches; where the database goes away, begin again when it is back."""
    from procrastinate.contrib.django import app

    from seatkeeper.interfaces.jobs.tasks import QUEUE, STOPPING

    ended = asyncio.Event()

    def end() -> None:
        STOPPING.set()
        stop.set()
        ended.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    while not ended.is_set():
        try:
            working = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
            async with working.open_async():
                task = asyncio.create_task(
                    working.run_worker_async(
                        queues=[QUEUE], name=name, concurrency=1, wait=True, delete_jobs="always",
                        fetch_job_polling_interval=LOOK_EVERY_SECONDS, install_signal_handlers=False,
                        shutdown_graceful_timeout=STOPS_WITHIN_SECONDS,
                        update_heartbeat_interval=settings.WORKER_PATIENCE_SECONDS / 10,
                    )
                )
                waiting = asyncio.create_task(ended.wait())
                await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
                if not task.done():
                    task.cancel()
                await asyncio.gather(task, return_exceptions=ended.is_set())
        except Exception:
            LOG.exception("the worker lost its queue; it begins again in %s seconds", AGAIN_AFTER_SECONDS)
            await asyncio.wait({asyncio.create_task(ended.wait())}, timeout=AGAIN_AFTER_SECONDS)


def _look(stop: threading.Event) -> None:
    """Tell what is due, and free what frozen workers hold, until the worker stops."""
    while not stop.is_set():
        try:
            close_old_connections()
            free_hanging()
            forget_lost()
            spread(system_now())
        except Error:
            LOG.exception("looking for what is due failed; it is tried again")
        stop.wait(LOOK_EVERY_SECONDS)
    connections.close_all()
