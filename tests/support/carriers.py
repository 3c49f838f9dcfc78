"""Carriers of mail for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from seatkeeper.domain.mail.ports import Parcel


@dataclass
class Kept:
    """Takes every mail and keeps it to be read."""

    parcels: list[Parcel] = field(default_factory=list)

    def deliver(self, parcel: Parcel, handing: Callable[[], bool]) -> None:
        """Take a mail where it is still the sender's."""
        if handing():
            self.parcels.append(parcel)
