"""What is kept about people."""

from __future__ import annotations

import pytest

from seatkeeper.domain.identity.models import User
from seatkeeper.domain.identity.operations import add_users, keep_preference
from seatkeeper.domain.identity.queries import person

pytestmark = pytest.mark.django_db


def test_preference_is_kept_beside_others_until_it_is_taken_back() -> None:
    user = add_users(1, [("anna", "Anna Jansen", "anna@contoso.example", "owner")], language="nl")["anna"]
    keep_preference(user, "density", "compact")
    keep_preference(user, "columns", ["price"])
    keep_preference(user, "density", None)
    found = person(user)
    assert found is not None and found.preferences == {"columns": ["price"]}
    assert User.objects.get(id=user).language == "nl"
