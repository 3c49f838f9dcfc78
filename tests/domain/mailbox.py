"""A real mail server in the test's own process, and workers that send to it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps what it took. answer: what it says to a mail; hold: the moment (RCPT or DATA) at which it falls silent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.answer = "250 OK"
        self.rcpt = "250 OK"
        self.hold = ""
        self.reached = threading.Event()

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.hold == "RCPT":
            await self._silence()
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content))
        if self.hold == "DATA":
            await self._silence()
        return self.answer

    async def _silence(self) -> None:
        self.reached.set()
        await asyncio.sleep(3600)

    @property
    def ids(self) -> list[str]:
        """The Message-IDs, in the order in which they came."""
        return [str(one["Message-ID"]) for one in self.messages]


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving() -> Iterator[tuple[Mailbox, str]]:
    """A server on a free port, with the SEATKEEPER_EMAIL_URL that names it."""
    box = Mailbox()
    port = _free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{port}/?timeout=20"
    finally:
        controller.stop(no_assert=True)
