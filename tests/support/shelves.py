"""An organisation's account as pages take it."""

from __future__ import annotations

from seatkeeper.core.tables import PERMISSIONS
from seatkeeper.domain.accounts.queries import organisation
from seatkeeper.domain.subscriptions.picture import Shelf
from seatkeeper.domain.subscriptions.queries import shelf
from tests.support.organisation import Organisation


def shelf_of(contoso: Organisation, *, role: str = "owner") -> Shelf:
    """Contoso's account for a reader of a role."""
    found = organisation(contoso.account)
    assert found is not None
    return shelf(found, PERMISSIONS[role])
