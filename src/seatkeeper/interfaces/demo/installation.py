"""The demonstration's installation: made once, kept, and moved on to the present whenever it is started again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

import seatkeeper
from seatkeeper.domain.accounts.operations import clock_of, test_sellers_only
from seatkeeper.domain.identity.operations import find_owner, make_link
from seatkeeper.domain.subscriptions.clock import advance
from seatkeeper.interfaces.demo.organisations import ORGANISATIONS, SELLER
from seatkeeper.interfaces.demo.play import play
from seatkeeper.interfaces.files.catalogue import read_catalogue

CATALOGUE = Path(seatkeeper.__file__).parent / "catalogues" / "microsoft365.yaml"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """The installation: whether it was made now, its clock, and a token that signs the owner in once."""

    fresh: bool
    clock_at: datetime
    owner: str
    token: str


class NotADemo(Exception):
    """The database holds a real seller: the demonstration keeps its hands off."""


def make(*, now: datetime, progress: Progress | None = None) -> Made:
    """Make the demonstration if it is not there yet, else move its clock to the present. Raises NotADemo."""
    if not test_sellers_only():
        raise NotADemo
    found = clock_of(SELLER["name"])
    if found is None:
        play(read_catalogue(CATALOGUE).catalog, end=now, progress=progress)
    else:
        seller, clock_at = found
        advance(seller, max(now, clock_at))
    known = clock_of(SELLER["name"])
    assert known is not None
    owner = find_owner(ORGANISATIONS[0].people[0].email)
    return Made(found is None, known[1], owner.email, make_link(owner.id, now=now))


def forget() -> None:
    """Throw the demonstration's data away. Raises NotADemo where a real seller is in the database."""
    from django.core.management import call_command

    tables = set(connection.introspection.table_names())
    if "accounts_seller" not in tables:
        return
    if not test_sellers_only():
        raise NotADemo
    call_command("flush", interactive=False, verbosity=0)
