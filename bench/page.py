"""The page "Products & services" of a large account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bench import cast
from bench.latency import SUBSCRIPTIONS, timed


def measure(times: int, *, users: int) -> dict[str, Any]:
    """Time of a whole request, through every middleware and with the page rendered, and how many queries it makes."""
    try:
        from seatkeeper.interfaces.portal import urls
    except ImportError as missing:
        return {"skipped": f"the portal is not there yet ({missing.name or missing})"}
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from seatkeeper.domain.identity.models import User
    from seatkeeper.domain.identity.operations import make_link
    from seatkeeper.domain.subscriptions.clock import advance
    from seatkeeper.kit.clock import system_now

    assert urls
    seller = cast.seller()
    _, _, people = cast.large_account(seller, users=users, subscriptions=SUBSCRIPTIONS)
    advance(seller, cast.BOUGHT_AT + timedelta(hours=3))
    User.objects.filter(id=people[0]).update(role="owner")
    reader = Client(SERVER_NAME="localhost")
    signed_in = reader.post(f"/sign-in/{make_link(people[0], now=system_now())}")
    assert signed_in.status_code == 302, "the link signs in"

    def page(turn: int) -> None:
        answer = reader.get("/products")
        assert answer.status_code == 200, answer.status_code
        assert answer.content.count(b"S-1") >= SUBSCRIPTIONS, "every subscription is on the page"

    found: dict[str, Any] = timed(times, page)
    with CaptureQueriesContext(connection) as queries:
        page(0)
    return {**found, "queries": len(queries)}
