"""Mail as files, one .eml each, which any mail program opens: for a first look, and where there is no mail server."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from seatkeeper.adapters.mail.message import message
from seatkeeper.config.mail import Mail
from seatkeeper.domain.mail.ports import Parcel, Problem


class FileCarrier:
    """Implements domain.mail.ports.Carrier. A file's name is its mail's, so that no mail can stand there twice."""

    def __init__(self, mail: Mail) -> None:
        assert mail.folder is not None
        self.folder: Path = mail.folder

    def deliver(self, parcel: Parcel, handing: Callable[[], bool]) -> None:
        """Write the mail beside its place and move it there whole; readable by its owner only."""
        name = parcel.message_id.strip("<>").partition("@")[0]
        number, _, tail = name.partition(".")
        target = self.folder / f"{int(number):08d}-{tail}.eml"
        part = target.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(message(parcel).as_bytes())
            if handing():
                part.replace(target)
        except OSError as error:
            raise Problem(f"the folder of mails cannot be written: {type(error).__name__}", every=True) from None
