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
AT_A_TIME = 20
"""So many go before it is looked again whether to stop; a server that does not answer takes its time over each."""
ENDS_WITHIN_SECONDS = 45.0


def send_mail(*, most: int | None = None) -> Sent:
    """Put the notices that have come into the outbox, and send what is due. most: not more than so many."""
    try:
        tell_coming(system_now())
    except Exception:  # a notice that cannot be made holds up no mail that waits
        LOG.exception("the notices of what comes could not be made")
    return send_due(system_now, compose, most=most)


def keep_sending(stop: threading.Event, every_seconds: float = EVERY_SECONDS) -> None:
    """Send until told to stop, a batch at a time: the mail under way goes. A failure is logged and tried again."""
    while not stop.is_set():
        try:
            close_old_connections()
            report = send_mail(most=AT_A_TIME)
            if report.any:
                LOG.info("%d mails sent, %d later, %d failed, %d unsure", report.sent, report.later, report.failed,
                         report.unsure)
        except Exception:
            LOG.exception("sending mail failed; it is tried again in %s seconds", every_seconds)
            connections.close_all()
        else:
            if report.count == AT_A_TIME:
                continue
        stop.wait(every_seconds)
    connections.close_all()


class Sending:
    """Mail being sent by a thread beside everything else."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=keep_sending, args=(self._stop,), name="mail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Begin no other mail, and wait for the one under way: cut off, nobody would know whether it went."""
        self._stop.set()
        self._thread.join(ENDS_WITHIN_SECONDS)
