"""Sending mail beside everything else: a thread of its own, so that a mail server that is down holds nothing up."""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections, connections

from seatkeeper.domain.mail.coming import tell_coming
from seatkeeper.domain.mail.outbox import Sent, send_due
from seatkeeper.interfaces.web.letters.compose import compose
from seatkeeper.kit.clock import system_now

LOG = logging.getLogger("seatkeeper.mail")
EVERY_SECONDS = 10.0


def send_mail() -> Sent:
    """Put the notices that have come into the outbox, and send what is due."""
    try:
        tell_coming(system_now())
    except Exception:  # a notice that cannot be made holds up no mail that waits
        LOG.exception("the notices of what comes could not be made")
    return send_due(system_now, compose)


def keep_sending(stop: threading.Event, every_seconds: float = EVERY_SECONDS) -> None:
    """Send until told to stop. A failure is logged and tried again; the rows still say what is due."""
    while not stop.is_set():
        try:
            close_old_connections()
            report = send_mail()
            if report.any:
                LOG.info("%d mails sent, %d later, %d failed, %d unsure", report.sent, report.later, report.failed,
                         report.unsure)
        except Exception:
            LOG.exception("sending mail failed; it is tried again in %s seconds", every_seconds)
            connections.close_all()
        stop.wait(every_seconds)
    connections.close_all()


def begin_sending() -> threading.Event:
    """Start the thread; set the event to end it."""
    stop = threading.Event()
    threading.Thread(target=keep_sending, args=(stop,), name="mail", daemon=True).start()
    return stop
