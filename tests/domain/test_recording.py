"""Events without a decision: they join the chain and change nothing that the books add up to."""

from __future__ import annotations

import pytest
from django.db import transaction

from seatkeeper.core.refusals import Refused
from seatkeeper.domain.accounts.models import Account
from seatkeeper.domain.accounts.recording import record
from seatkeeper.domain.subscriptions.verify import verify
from seatkeeper.kit.commands import Actor, Context
from seatkeeper.kit.journal.models import Event
from tests.support.organisation import founded

pytestmark = pytest.mark.django_db


def test_a_recorded_event_joins_the_chain_and_the_books_hold() -> None:
    organisation = founded(staff=2)
    before = Account.objects.get(id=organisation.account)
    ctx = Context(Actor("owner", organisation.users["anna"]), organisation.account, organisation.now)
    with transaction.atomic():
        record(ctx, "person_invited", {"user": organisation.users["eva"], "role": "reader"})
    after = Account.objects.get(id=organisation.account)
    event = Event.objects.filter(account_id=organisation.account).latest("sequence")
    assert (event.kind, event.sequence) == ("person_invited", before.journal_sequence + 1)
    assert (after.journal_head, after.version, after.due_at) == (event.hash, before.version, before.due_at)
    assert verify(seller=organisation.seller).ok


def test_an_unknown_account_is_not_found() -> None:
    organisation = founded(staff=1)
    ctx = Context(Actor("owner", organisation.users["anna"]), 999_999, organisation.now)
    with pytest.raises(Refused, match="not_found"), transaction.atomic():
        record(ctx, "person_invited", {})
