"""A real installation behind Django's client: commands, tables and clock are the product's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # this file is read before Django is set up
    from tests.support.organisation import Organisation


@pytest.fixture
def contoso(db: None) -> Organisation:
    """An organisation where all is well."""
    from tests.support.organisation import settled
    from tests.support.remembered import put_back

    return put_back(settled)


@pytest.fixture
def troubled(db: None) -> Organisation:
    """An organisation with every status and something overdue."""
    from tests.support.organisation import storied
    from tests.support.remembered import put_back

    return put_back(storied)
