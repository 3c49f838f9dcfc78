"""Serving the pages: the database brought up to date, granian in front, and one process that does what falls due.

The billing run has a process of its own, as the server forks: a thread beside it could hold a lock at that moment.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing, suppress

from seatkeeper.config import process
from seatkeeper.interfaces.cli.common import BadInput, out

APPLICATION = "seatkeeper.config.wsgi:application"
EVERY_SECONDS = 30
STOPS_WITHIN_SECONDS = 60

_log = logging.getLogger("seatkeeper.run")


def serve_pages(*, host: str, port: int, workers: int | None = None, run: bool = True) -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM), then finish what is under way. Django is set up already.

    workers: processes that answer; default 1 on SQLite, whose write lock is one, else 2. run: do what falls due.
    """
    from django.db import connection

    _require_free(host, port)
    process.migrate()
    chosen = workers or (1 if connection.vendor == "sqlite" else 2)
    connection.close()
    runner = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE) if run else None
    out().print(f"Serving on http://{host}:{port} (Ctrl-C stops)", markup=False)
    try:
        _serve(host, port, chosen)
    finally:
        if runner is not None:
            _stop(runner)


def _serve(host: str, port: int, workers: int) -> None:
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        log_dictconfig=settings.LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN_SECONDS,
    ).serve()


def _stop(runner: subprocess.Popen[bytes]) -> None:
    """Let the run finish what it is at; it stops at the next moment between two steps."""
    assert runner.stdin is not None
    with suppress(OSError):
        runner.stdin.close()
    try:
        runner.wait(STOPS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        runner.kill()  # killed anywhere, the rows say what is left


def _require_free(host: str, port: int) -> None:
    """Say early and plainly that an address cannot be served on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as found:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind((host, port))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadInput(f"{host} port {port} cannot be served on: {why}; choose another with --port") from None


def keep_running() -> None:
    """Do what is due, every 30 seconds, until standard input ends: the server has stopped, in whatever way.

    What it is at comes to its end first. A failure is logged and tried again; the rows still say what is due.
    """
    from django.db import connection

    from seatkeeper.domain.subscriptions.run import tick
    from seatkeeper.interfaces.web.letters.sending import Sending
    from seatkeeper.kit.clock import system_now

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # both may reach every process; the server says when to stop
    stop = threading.Event()
    threading.Thread(target=_wait_for_the_server, args=(stop,), name="waiting", daemon=True).start()
    mail = Sending()
    while not stop.is_set():
        try:
            report = tick(system_now(), stopping=stop.is_set)
            if report.accounts or report.charges:
                _log.info("%s accounts, %s documents, %s charges", report.accounts, report.documents, report.charges)
        except Exception:
            _log.exception("the billing run failed; it is tried again in %s seconds", EVERY_SECONDS)
            connection.close()
        stop.wait(EVERY_SECONDS)
    mail.stop()


def _wait_for_the_server(stop: threading.Event) -> None:
    """Nothing is ever written there: it ends with the server."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop.set()


if __name__ == "__main__":
    process.begin()
    keep_running()
